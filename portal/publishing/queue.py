"""Pages ask here that their committed state be compared with the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.archives import queue as archive_queue

if TYPE_CHECKING:
    from wagtail.models import Page

PAGE_SOURCE = "page"


def page_touched(page: Page) -> None:
    """Queue a page that was saved, whether or not anything of it is live."""
    archive_queue.enqueue(PAGE_SOURCE, str(page.pk), using=page._state.db or "default")


def page_removed(page_id: int, using: str = "default") -> None:
    """Queue a page that is being deleted."""
    archive_queue.enqueue(PAGE_SOURCE, str(page_id), using=using)


def flush(using: str = "default") -> None:
    """Settle now, inside the running transaction.

    Only for places where no commit comes, such as tests that roll everything back.
    """
    from django.db import connections

    archive_queue.settle(connections[using])
