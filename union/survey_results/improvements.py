"""The improvement list of a survey (整改清单): what will be done, by whom, until when, how far.

What is reported becomes public with the next version of the result page, which is reviewed and
captured as any page.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from union.models.surveys import (
    Improvement,
    ImprovementProgress,
    ImprovementState,
    Survey,
    SurveyState,
)
from union.surveys.permissions import may_run

# What a change of a line writes; its state is reported.
WRITTEN = ("question", "problem", "measure", "unit", "owner", "due_on", "order")


def _refuse_strangers(user: User, survey: Survey) -> None:
    if not may_run(user, survey):
        raise NotYours(_("The improvement list is kept by those who run the survey."))


@transaction.atomic
def write(improvement: Improvement, user: User) -> Improvement:
    """Save a line of the list.

    Raises:
        NotYours: the account does not run the survey.
        NotPossible: the survey is not closed.
    """
    _refuse_strangers(user, improvement.survey)
    if improvement.survey.state != SurveyState.CLOSED:
        raise NotPossible(_("The list begins when the results are there."))
    # What was reported meanwhile stays.
    improvement.save(update_fields=WRITTEN if improvement.pk else None)
    return improvement


def _locked(improvement_id: int) -> Improvement:
    found = (
        Improvement.objects.select_for_update(of=("self",))
        .select_related("survey")
        .filter(pk=improvement_id)
        .first()
    )
    if found is None:
        raise ChangedMeanwhile(_("A colleague took this line off the list meanwhile."))
    return found


@transaction.atomic
def report_progress(
    improvement_id: int, user: User, *, state: str, words: str, seen: str
) -> ImprovementProgress:
    """Report how far an improvement has come.

    Args:
        seen: the state the account saw.

    Raises:
        NotYours: the account does not run the survey.
        ChangedMeanwhile: the state is another one by now, or the line is gone.
    """
    improvement = _locked(improvement_id)
    _refuse_strangers(user, improvement.survey)
    if improvement.state != seen:
        raise ChangedMeanwhile(_("A colleague reported on this meanwhile. Please look again."))
    improvement.state = ImprovementState(state)
    improvement.save(update_fields=["state"])
    return ImprovementProgress.objects.create(
        improvement=improvement,
        day=timezone.localdate(),
        state=improvement.state,
        words=words.strip(),
        written_by=user,
    )


@transaction.atomic
def remove(improvement_id: int, user: User) -> None:
    """Take a line off the list on which nothing was reported yet.

    Raises:
        NotYours: the account does not run the survey.
        NotPossible: something was reported; it is closed as "not pursued" instead.
        ChangedMeanwhile: the line is gone.
    """
    improvement = _locked(improvement_id)
    _refuse_strangers(user, improvement.survey)
    if improvement.progress.exists():
        raise NotPossible(_("Something was reported on it. Report “not pursued” with a reason."))
    improvement.delete()


def as_published(survey: Survey) -> list[dict[str, Any]]:
    """Return the list as plain values for the page, without the names of those who report."""
    rows = survey.improvements.select_related("unit", "owner").prefetch_related("progress")
    return [
        {
            "problem": row.problem,
            "measure": row.measure,
            "unit": row.unit.name,
            "owner": row.owner.name if row.owner else "",
            "due_on": row.due_on.isoformat(),
            "state": row.state,
            "progress": [
                {"day": step.day.isoformat(), "state": step.state, "words": step.words}
                for step in row.progress.all()
            ],
        }
        for row in rows
    ]
