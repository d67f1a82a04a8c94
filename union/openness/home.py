"""“You said, we changed” (您说了，我们改了) on the home page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.pages.home import HomeBlock, register_home_block
from union.models import PublicReplyPage

SHOWN = 4
TITLE = _("You said, we changed")


def beside(request: HttpRequest) -> dict[str, Any]:
    """Return the newest changes this reader may see; one query."""
    if not request.user.is_authenticated:
        return {"changes": []}
    replies = PublicReplyPage.objects.visible_to(request.user).exclude(improvement="")
    newest = replies.select_related("category").order_by("-first_published_at", "-pk")
    return {"changes": list(newest[:SHOWN])}


def register() -> None:
    """Register the block once, when the application is ready."""
    register_home_block(
        HomeBlock(
            "changes",
            TITLE,
            (),
            0,
            "/participation/replies/",
            25,
            template="union/openness/home_block.html",
            beside=beside,
        )
    )
