"""What a person applied for, for the workspace."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.cases.status import is_applicants_turn
from portal.workspace.submissions import (
    SUBMISSIONS_SHOWN,
    Submission,
    SubmissionList,
    register_submissions,
)


def _submission(case: Case) -> Submission:
    state = case.standing
    if case.is_draft:
        words, tone = _("Not handed in yet"), "amber"
    elif is_applicants_turn(case):
        words, tone = _("Your turn"), "red"
    else:
        words, tone = state.name, state.tone
    return Submission(
        title=case.item,
        url=reverse("case", args=[case.pk]),
        state=words,
        tone=tone,
        note=case.number,
        at=case.submitted_at or case.changed_at,
    )


def case_submissions(user: Any) -> SubmissionList | None:
    """Return the newest cases and drafts of an account, by one query; None for no person."""
    if getattr(user, "person_id", None) is None:
        return None
    own = Case.objects.acted_in_by(user.person_id).annotate(total=Window(Count("*")))
    rows = list(own[:SUBMISSIONS_SHOWN])
    if not rows:
        return None
    return SubmissionList(
        title=_("My applications"),
        url=reverse("my_cases"),
        count=rows[0].total,
        submissions=[_submission(case) for case in rows],
    )


def register() -> None:
    """Register the source of submissions."""
    register_submissions("cases", case_submissions)
