"""The blocks of the home page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.pages.models.publication import Publication


@dataclass(frozen=True)
class HomeBlock:
    """A list block of the home page that a subject registers.

    Attributes:
        code: names the block in the template, for example `branches`.
        kinds: the kinds of publications it shows.
        count: how many.
    """

    code: str
    title: Any
    kinds: tuple[str, ...]
    count: int
    url: str
    order: int = 100
    with_pictures: bool = False


_blocks: dict[str, HomeBlock] = {}
_context: list[Callable[[HttpRequest], dict[str, Any]]] = []


def register_home_block(block: HomeBlock) -> None:
    """Add a block to the home page, once, when the subject is ready."""
    _blocks[block.code] = block


def home_blocks() -> list[HomeBlock]:
    """Return the registered blocks in their order."""
    return sorted(_blocks.values(), key=lambda block: (block.order, block.code))


def home_context(request: HttpRequest) -> dict[str, Any]:
    """Return the lead story, the notices and the subjects' blocks.

    One query over the newest publications of all kinds on the page would starve rare kinds,
    so each block asks for its own few rows.
    """
    visible = Publication.objects.visible_to(request.user)
    lead = (
        visible.of_kind("news", "activity")
        .filter(picture__isnull=False)
        .select_related("picture", "unit")
        .order_by("-business_date", "-published_at")
        .first()
    )
    notices = list(visible.of_kind("notice").listed()[:7])
    blocks = []
    for block in home_blocks():
        rows = visible.of_kind(*block.kinds).listed()
        if block.with_pictures:
            rows = rows.select_related("picture", "unit")
        blocks.append(
            {
                "code": block.code,
                "title": block.title,
                "url": block.url,
                "with_pictures": block.with_pictures,
                "publications": list(rows[: block.count]),
            }
        )
    return {
        "lead": lead,
        "notices": notices,
        "home_blocks": blocks,
        "blocks_by_code": {block["code"]: block for block in blocks},
    }
