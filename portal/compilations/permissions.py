"""Who writes compilations."""

from __future__ import annotations

from typing import Any

from portal.compilations.models import CompilationIndexPage


def may_compile(user: Any) -> bool:
    """Whether the account may add a compilation, by the rights on the front of the section."""
    front = CompilationIndexPage.objects.first()
    return front is not None and bool(front.permissions_for_user(user).can_add_subpage())
