"""Pages go live and end at their time, each by itself: one that fails stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.utils import timezone
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


def _each(name: str, keys: list[int], act: Callable[[int], None]) -> int:
    """Do something with each key; log what fails and go on. Return how many failed."""
    failed = 0
    for key in keys:
        try:
            act(key)
        except Exception:
            # Whatever is wrong with one page must neither stop the others nor be lost; the
            # page stays due and is tried again the next minute.
            logger.exception("%s %s failed.", name, key)
            failed += 1
    return failed


def _expire(page_id: int) -> None:
    # Read again: a page before it may have ended this one, or somebody moved the date.
    page = Page.objects.filter(pk=page_id, live=True, expire_at__lt=timezone.now()).first()
    if page is not None:
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision_id: int) -> None:
    revision = Revision.objects.filter(
        pk=revision_id, approved_go_live_at__lt=timezone.now()
    ).first()
    if revision is not None:
        revision.publish(log_action="wagtail.publish.scheduled")


def publish_due() -> int:
    """End what has expired, then publish every revision that is due; return how many failed.

    The queries and the order are those of Wagtail's command `publish_scheduled`, which stops
    at the first page that fails. Nothing but pages is ever scheduled in the portal.
    """
    now = timezone.now()
    expired = Page.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    return _each("The end of page", list(expired.values_list("pk", flat=True)), _expire) + _each(
        "The publication of revision", list(due.values_list("pk", flat=True)), _publish
    )
