"""Limits are changed by two people: one writes the new rows down, a leader puts them in force.

The content of a change is plain values. Of approval limits it is the whole table,
`{"rows": [{"role_code", "up_to", "needs_decision", "clause"}]}`, with amounts in yuan as text and
None without an end; of a time limit `{"days", "kind", "clause"}`. Rows in force are never changed:
a change adds rows that count from their own day on, so what counted on a day stays known.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.people.models import User
from portal.roles.permissions import has_role
from portal.roles.table import ROLES
from portal.workdays.dated import LimitKind
from veterans.limits.days import APPEAL_DECIDE, APPEAL_FILE, COMPLAINT, FOLLOW_UP
from veterans.models import ApprovalLimit, HandlingLimit, LimitChange
from veterans.models.limits import LimitChangeState, LimitSubject
from veterans.payments.refusals import MoneyMoved, NotThisMoney
from veterans.standards.entitlement import money

PROPOSERS = ("veterans_officer",)
DECIDERS = ("union_chair", "party_approver")
#: The roles whose limits the table holds: those that approve applications.
APPROVING_ROLES = ("union_chair", "party_approver")
HANDLING_NAMES = {
    APPEAL_FILE: gettext_lazy("To ask for a second look"),
    APPEAL_DECIDE: gettext_lazy("To answer a second look"),
    FOLLOW_UP: gettext_lazy("To follow up a bad rating"),
    COMPLAINT: gettext_lazy("To answer a complaint"),
}


def may_propose(user: User) -> bool:
    """Whether the account writes changes of limits down."""
    return has_role(user, *PROPOSERS)


def may_decide(user: User, change: LimitChange) -> bool:
    """Whether the account may put this change in force or refuse it."""
    waits = change.state == LimitChangeState.PROPOSED
    return waits and change.proposed_by_id != user.pk and has_role(user, *DECIDERS)


def title(change: LimitChange) -> str:
    """Return what a change is about."""
    if change.subject == LimitSubject.HANDLING:
        return str(HANDLING_NAMES.get(change.code, change.code))
    return str(LimitSubject.APPROVAL.label)


# ---- In words


def approval_line(row: dict[str, Any]) -> str:
    """Return a row of the table of approval limits in words."""
    role = ROLES.get(row["role_code"])
    words = {"role": role.name if role else row["role_code"], "clause": row["clause"]}
    if row["up_to"] is None:
        line = _("%(role)s: without an end (%(clause)s)") % words
    else:
        words["amount"] = money(Decimal(row["up_to"]))
        line = _("%(role)s: up to %(amount)s yuan (%(clause)s)") % words
    if row["needs_decision"]:
        line += _("; with the document number of the Party committee's decision")
    return line


def handling_line(row: dict[str, Any]) -> str:
    """Return a time limit in words."""
    kind = LimitKind(row["kind"]).label
    return _("%(days)d %(kind)s (%(clause)s)") % {**row, "kind": kind}


def lines(change: LimitChange) -> list[str]:
    """Return what a change says, in words."""
    if change.subject == LimitSubject.HANDLING:
        return [handling_line(change.content)]
    return [approval_line(row) for row in change.content["rows"]]


def _approval_values(row: ApprovalLimit) -> dict[str, Any]:
    return {
        "role_code": row.role_code,
        "up_to": None if row.up_to is None else f"{row.up_to:f}",
        "needs_decision": row.needs_decision,
        "clause": row.clause,
    }


def _handling_values(row: HandlingLimit) -> dict[str, Any]:
    return {"days": row.days, "kind": row.kind, "clause": row.clause}


def lines_in_force(subject: str, code: str, day: datetime.date) -> list[str]:
    """Return what counts on a day, in the words of `lines`; empty where nothing does."""
    if subject == LimitSubject.APPROVAL:
        rows = ApprovalLimit.objects.in_force_on(day)
        return [approval_line(_approval_values(row)) for row in rows]
    found = HandlingLimit.objects.filter(code=code, effective_from__lte=day)
    newest = found.order_by("effective_from").last()
    return [handling_line(_handling_values(newest))] if newest else []


# ---- Writes


def propose(
    subject: str, code: str, content: dict[str, Any], effective_from: datetime.date, user: User
) -> LimitChange:
    """Write a change down; it counts when a second person has put it in force.

    Raises:
        NotThisMoney: the role does not propose limits, or the day is over.
        MoneyMoved: one from the same day on waits already, or counts.
    """
    if not may_propose(user):
        raise NotThisMoney(_("Limits are proposed by the veterans service officer."))
    _refuse_past(effective_from)
    _refuse_second_table(subject, code, effective_from)
    try:
        with transaction.atomic():
            return LimitChange.objects.create(
                subject=subject,
                code=code,
                content=content,
                effective_from=effective_from,
                proposed_by=user,
                proposed_at=timezone.now(),
            )
    except IntegrityError as error:
        raise MoneyMoved(_("A change from the same day on waits for a leader already.")) from error


@transaction.atomic
def decide(change_id: int, user: User, *, accepted: bool, reason: str = "") -> LimitChange:
    """Put a change in force, or refuse it with a reason.

    Raises:
        NotThisMoney: not a leader, one's own proposal, or its day is over.
        MoneyMoved: somebody decided on it, or other limits count from the same day on.
    """
    found = LimitChange.objects.get(pk=change_id)
    # All of the day are locked in one order, so that no two of them come in force.
    rows = LimitChange.objects.of_day(found.subject, found.code, found.effective_from)
    change = next(row for row in rows.select_for_update() if row.pk == change_id)
    refuse_unless_decidable(change, user)
    if accepted:
        _refuse_past(change.effective_from)
        _refuse_second_table(change.subject, change.code, change.effective_from)
        _put_in_force(change)
    change.state = LimitChangeState.ACCEPTED if accepted else LimitChangeState.REFUSED
    change.decided_by, change.decided_at = user, timezone.now()
    change.reason = "" if accepted else reason
    change.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return change


def refuse_unless_decidable(change: LimitChange, user: User) -> None:
    """Refuse whoever cannot decide on a change.

    Raises:
        NotThisMoney: not a leader, or one's own proposal.
        MoneyMoved: somebody decided on it.
    """
    if change.state != LimitChangeState.PROPOSED:
        raise MoneyMoved(_("%(name)s has decided on this already.") % {"name": change.decided_by})
    if not may_decide(user, change):
        raise NotThisMoney(_("A leader who did not propose it decides."))


def _refuse_past(day: datetime.date) -> None:
    """Refuse limits that would have counted before anybody decided on them."""
    if day < timezone.localdate():
        raise NotThisMoney(_("Limits count from today on at the earliest."))


def _refuse_second_table(subject: str, code: str, day: datetime.date) -> None:
    rows: Any = ApprovalLimit.objects.filter(effective_from=day)
    if subject == LimitSubject.HANDLING:
        rows = HandlingLimit.objects.filter(code=code, effective_from=day)
    if rows.exists():
        raise MoneyMoved(_("Other limits count from this day on already. Choose another day."))


def _put_in_force(change: LimitChange) -> None:
    if change.subject == LimitSubject.HANDLING:
        HandlingLimit.objects.create(
            code=change.code, effective_from=change.effective_from, **change.content
        )
        return
    ApprovalLimit.objects.bulk_create(
        ApprovalLimit(
            role_code=row["role_code"],
            up_to=None if row["up_to"] is None else Decimal(row["up_to"]),
            needs_decision=row["needs_decision"],
            clause=row["clause"],
            effective_from=change.effective_from,
        )
        for row in change.content["rows"]
    )
