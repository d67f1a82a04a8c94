"""The blocks of the home page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest

from portal.pages.models.publication import Publication, PublicationQuerySet


@dataclass(frozen=True)
class HomeBlock:
    """A list block of the home page that a subject registers.

    Attributes:
        code: names the block in the template, for example `branches`.
        kinds: the kinds of publications it shows; without any, its template shows all there is,
            across the whole width.
        count: how many.
        template: shown above the list, with what `beside` returns as `beside`; empty for none.
        beside: reads what the template shows for the one who asks.
    """

    code: str
    title: Any
    kinds: tuple[str, ...]
    count: int
    url: str
    order: int = 100
    with_pictures: bool = False
    template: str = ""
    beside: Callable[[HttpRequest], dict[str, Any]] | None = None


_blocks: dict[str, HomeBlock] = {}


def register_home_block(block: HomeBlock) -> None:
    """Add a block to the home page, once, when the subject is ready."""
    _blocks[block.code] = block


def home_blocks() -> list[HomeBlock]:
    """Return the registered blocks in their order."""
    return sorted(_blocks.values(), key=lambda block: (block.order, block.code))


NOTICE_COUNT = 7
LEAD_KINDS = ("news", "activity")


def _first(publications: PublicationQuerySet, count: int) -> Q:
    newest = publications.order_by("-business_date", "-published_at", "-page_id")
    return Q(pk__in=newest.values("pk")[:count])


def home_context(request: HttpRequest) -> dict[str, Any]:
    """Return the lead story, the notices and the subjects' blocks, from one query.

    Each part asks for its own few newest rows, so that a busy kind cannot starve a rare one.
    """
    visible = Publication.objects.visible_to(request.user)
    blocks = home_blocks()
    # To whom no news or activity with a picture is open, another kind comes first.
    other_kinds = {"notice"}.union(*(block.kinds for block in blocks if not block.with_pictures))
    wanted = _first(visible.of_kind(*LEAD_KINDS).filter(picture__isnull=False), 1)
    wanted |= _first(visible.of_kind(*other_kinds).filter(picture__isnull=False), 1)
    wanted |= _first(visible.of_kind("notice"), NOTICE_COUNT)
    for block in blocks:
        if block.kinds:
            wanted |= _first(visible.of_kind(*block.kinds), block.count)
    rows = list(Publication.objects.filter(wanted).select_related("picture").listed())
    lead = next(
        (
            row
            for kinds in (LEAD_KINDS, other_kinds)
            for row in rows
            if row.kind in kinds and row.picture_id
        ),
        None,
    )
    shown: list[dict[str, Any]] = [
        {
            "code": block.code,
            "title": block.title,
            "url": block.url,
            "with_pictures": block.with_pictures,
            "lists": bool(block.kinds),
            "template": block.template,
            "beside": block.beside(request) if block.beside else {},
            "publications": [row for row in rows if row.kind in block.kinds][: block.count],
        }
        for block in blocks
    ]
    with_pictures = [lead] if lead else []
    for part in shown:
        with_pictures += part["publications"] if part["with_pictures"] else []
    prefetch_related_objects([row.picture for row in with_pictures if row.picture], "renditions")
    return {
        "lead": lead,
        "notices": [row for row in rows if row.kind == "notice"][:NOTICE_COUNT],
        "home_blocks": shown,
        "blocks_by_code": {part["code"]: part for part in shown},
    }
