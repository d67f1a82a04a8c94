"""The fronts of the sections, which exist from the first migrate on."""

from __future__ import annotations

from collections.abc import Callable

from wagtail.models import Page

_roots: dict[str, Callable[[str], Page]] = {}


def register_section_root(slug: str, build: Callable[[str], Page]) -> None:
    """Register how the front page of a section is made; `build` gets the slug."""
    _roots[slug] = build


def section_roots() -> list[tuple[str, Callable[[str], Page]]]:
    """Return slugs and builders in the order of registration."""
    return list(_roots.items())
