"""Quarterly reviews of titled posts (岗位季度复核), and which posts still wait for theirs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from honors.awards.permissions import may_prepare, prepared_organs
from honors.models import Award, AwardState, PostReview
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from portal.workspace.tasks import SHOWN, Task, TaskList

FIRST_YEAR = 2000
#: Longer spans between reviews are no titles that are kept under review.
MOST_MONTHS = 60


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: datetime.date) -> Quarter:
        """Return the quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> datetime.date:
        """The first day."""
        return datetime.date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> datetime.date:
        """The last day."""
        return self.next().first_day - datetime.timedelta(days=1)

    def next(self) -> Quarter:
        """Return the quarter after this one."""
        if self.number == 4:
            return Quarter(self.year + 1, 1)
        return Quarter(self.year, self.number + 1)

    def previous(self) -> Quarter:
        """Return the quarter before this one."""
        if self.number == 1:
            return Quarter(self.year - 1, 4)
        return Quarter(self.year, self.number - 1)

    def __str__(self) -> str:
        return _("Quarter %(number)d of %(year)d") % {"number": self.number, "year": self.year}


def reviewed_in(quarter: Quarter) -> Any:
    """Return the awards that are reviewed in a quarter: granted before its end, not revoked.

    What is reviewed every six months is so in the second and fourth quarter, every year or more
    rarely in the fourth.
    """
    months = 3 * quarter.number
    due = [every for every in range(1, MOST_MONTHS + 1) if months % min(every, 12) == 0]
    return (
        Award.objects.counting()
        .filter(title__review_months__in=due, decided_on__lte=quarter.last_day)
        .select_related("title", "unit")
        .order_by("unit__path", "subject_name", "pk")
    )


def reviews_of(quarter: Quarter) -> Any:
    """Return the reviews written for a quarter."""
    return PostReview.objects.filter(year=quarter.year, quarter=quarter.number)


def without_review(quarter: Quarter) -> Any:
    """Return the awards whose review of a quarter is missing."""
    written = reviews_of(quarter).filter(award=OuterRef("pk"))
    return reviewed_in(quarter).filter(~Exists(written))


@transaction.atomic
def write(award_pk: int, quarter: Quarter, values: dict[str, Any], by: User) -> PostReview:
    """Write the review of a post for a quarter, once.

    Args:
        values: result, accident_free_days, hazards_found, violations, note.

    Raises:
        NotYours: the account does not prepare awards of the title.
        NotPossible: the title is not reviewed, or the award does not count.
        ChangedMeanwhile: somebody wrote the review of this quarter already.
        ValidationError: the quarter has not begun, or ended before the award was given.
    """
    award = Award.objects.select_for_update(of=("self",)).select_related("title").get(pk=award_pk)
    if not may_prepare(by, award.title):
        raise NotYours(_("Awards of this title are prepared by another office."))
    if not award.title.review_months or not award.is_confirmed or award.is_revoked:
        raise NotPossible(_("Only titled posts that count are reviewed."))
    if quarter.first_day > timezone.localdate() or quarter.last_day < award.decided_on:
        raise ValidationError(_("The post is not reviewed in this quarter."))
    try:
        with transaction.atomic():
            row: PostReview = PostReview.objects.create(
                award=award,
                year=quarter.year,
                quarter=quarter.number,
                reviewed_by=by,
                reviewed_at=timezone.now(),
                **values,
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(
            _("Somebody wrote the review of this quarter already. Please look at it.")
        ) from error
    return row


def quarter_from(year: int, number: int) -> Quarter | None:
    """Return a quarter of an address; None when there is none, or it has not begun."""
    if not (FIRST_YEAR <= year <= timezone.localdate().year and 1 <= number <= 4):
        return None
    quarter = Quarter(year, number)
    return quarter if quarter.first_day <= timezone.localdate() else None


def tasks(user: Any) -> TaskList | None:
    """Return the posts whose review of the last full quarter is missing, by one query."""
    organs = prepared_organs(user)
    if not organs:
        return None
    quarter = Quarter.of(timezone.localdate()).previous()
    waiting = without_review(quarter).filter(
        Q(title__organ__in=organs), ~Q(state=AwardState.REVOKED)
    )
    rows = list(waiting.annotate(total=Window(Count("*")))[:SHOWN])
    if not rows:
        return None
    return TaskList(
        title=gettext_lazy("Posts to review"),
        url=reverse("honor_reviews"),
        count=rows[0].total,
        tasks=[
            Task(
                title=_("Review %(name)s") % {"name": row.subject_name},
                url=reverse("honor_review", args=[row.pk, quarter.year, quarter.number]),
                note=str(quarter),
                due_on=quarter.next().first_day + datetime.timedelta(days=29),
            )
            for row in rows
        ],
    )
