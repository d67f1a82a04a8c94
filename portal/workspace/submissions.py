"""What an account handed in and where it stands: pages it wrote, and what others register."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from wagtail.models import Page, Revision

from portal.publishing.reviews import with_review_status

logger = logging.getLogger(__name__)

# A source gives so many, the newest first.
SUBMISSIONS_SHOWN = 5


@dataclass(frozen=True)
class Submission:
    """One thing that was handed in.

    Attributes:
        state: where it stands, in words.
        tone: of the words: red for the applicant's turn, amber, green, blue, or nothing.
        at: when it was handed in or last moved.
    """

    title: str
    url: str
    state: Any
    tone: str = ""
    note: Any = ""
    at: datetime.datetime | datetime.date | None = None


@dataclass(frozen=True)
class SubmissionList:
    """The submissions of one kind of one account.

    Attributes:
        count: how many there are in all.
        url: where all of them are; empty where there is no such page.
    """

    title: Any
    url: str
    count: int
    submissions: list[Submission] = field(default_factory=list)


_sources: dict[str, Callable[[Any], SubmissionList | None]] = {}


def register_submissions(code: str, source: Callable[[Any], SubmissionList | None]) -> None:
    """Add a source once, when its application is ready.

    It makes one query however much was handed in, and returns None for an account that has
    handed in nothing of the kind.
    """
    _sources[code] = source


def submission_lists(user: Any) -> list[SubmissionList]:
    """Return what an account handed in, in registration order; failing sources are logged."""
    lists = []
    for code, source in _sources.items():
        try:
            found = source(user)
        except Exception:
            logger.exception("The submissions of %s cannot be read.", code)
            continue
        if found is not None:
            lists.append(found)
    return lists


def submissions_of(user: Any) -> Any:
    """Return the pages an account owns or changed, newest change first, with `review_status`."""
    own_pages = (
        Revision.objects.page_revisions()
        .filter(user=user)
        .annotate(page_number=Cast("object_id", BigIntegerField()))
        .values("page_number")
    )
    pages = with_review_status(Page.objects.filter(depth__gt=2, pk__in=own_pages))
    return pages.order_by("-latest_revision_created_at", "-pk")
