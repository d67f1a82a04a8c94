"""Reminders to secretaries, and reasons why something was not held."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from branches.models import LifeExemption, LifeRequirement
from branches.year.permissions import may_explain, may_remind
from branches.year.reading import YearView
from branches.year.standing import Span, Standing
from portal.notifications.recipients import Recipient
from portal.notifications.services import notify
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import NotYours, Refusal
from portal.roles.models import RoleAssignment

REMINDER = "branch-life-reminder"


class NothingToDo(Refusal):
    """There is nobody to remind, or the reason is there already."""

    status = 409
    title = gettext_lazy("There is nothing to do")


@transaction.atomic
def remind(view: YearView, user: User) -> int:
    """Tell the secretaries of branches what is missing or soon due; once a day for each cell.

    Returns:
        How many branches were reminded.

    Raises:
        NotYours: the account does not remind.
        NothingToDo: nothing is missing, or no branch has a secretary with an account.
    """
    if not may_remind(user):
        raise NotYours(_("Secretaries are reminded by the Party affairs department."))
    rows = [row for row in view.rows if row.count(Standing.MISSING, Standing.DUE)]
    secretaries = list(
        RoleAssignment.objects.filter(role_code="branch_secretary")
        .active_on()
        .select_related("unit", "person")
    )
    today = timezone.localdate()
    reminded = 0
    for row in rows:
        people = [found.person for found in secretaries if found.covers(row.branch)]
        if not people:
            continue
        with override("zh-hans"):
            open_periods = "、".join(
                period_name(cell.span)
                for cell in row.cells
                if cell.standing in {Standing.MISSING, Standing.DUE}
            )
            what = str(view.requirement.get_kind_display())
        notify(
            REMINDER,
            [Recipient(person=person) for person in people],
            {"what": what, "periods": open_periods, "unit": row.branch.name},
            event_key=f"branch-life:{row.branch.pk}:{view.requirement.pk}:{view.year}:{today}",
            url=f"{reverse('branch_year')}?year={view.year}&kind={view.requirement.kind}",
        )
        reminded += 1
    if not reminded:
        raise NothingToDo(_("Nothing is missing or soon due, or nobody is secretary there."))
    return reminded


def period_name(span: Span) -> str:
    """Return a period in words: 9月, 第三季度, or the year."""
    if span.months == 1:
        return f"{span.first.month}月"
    if span.months == 12:
        return f"{span.first.year}年"
    return f"第{'一二三四'[span.number - 1]}季度"


@transaction.atomic
def explain(
    requirement: LifeRequirement, branch: Unit, span: Span, reason: str, user: User
) -> LifeExemption:
    """Write down why a branch did not hold something in a period; a second reason replaces it.

    Raises:
        NotYours: the account answers for no such branch.
        NothingToDo: no reason was given.
    """
    if not may_explain(user, branch):
        raise NotYours(_("The secretary of the branch explains, or the Party affairs department."))
    if not reason.strip():
        raise NothingToDo(_("Please say why."))
    values: dict[str, Any] = {
        "reason": reason.strip()[:200],
        "written_by": user,
        "written_on": timezone.localdate(),
    }
    found, _created = LifeExemption.objects.update_or_create(
        requirement=requirement,
        branch=branch,
        year=span.first.year,
        month=span.first.month,
        defaults=values,
    )
    return found
