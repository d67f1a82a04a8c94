"""Who approves how much (审批权限): rows of a table, asked at the moment of the approval."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.flow import Context, Guard
from portal.cases.refusals import ConditionNotMet
from portal.roles.permissions import assignments
from portal.roles.table import ROLES
from veterans.models import ApprovalLimit
from veterans.payments.refusals import AboveYourLimit
from veterans.standards.entitlement import money


def covers(limit: ApprovalLimit, amount: Decimal) -> bool:
    """Whether a row allows an amount."""
    return limit.up_to is None or amount <= limit.up_to


def tier_of(amount: Decimal, day: datetime.date) -> ApprovalLimit | None:
    """Return the lowest row that covers an amount; None where no table is in force."""
    return next(
        (row for row in ApprovalLimit.objects.in_force_on(day) if covers(row, amount)), None
    )


def role_names(rows: list[ApprovalLimit]) -> str:
    """Return the names of the roles of rows, joined as people read them."""
    return "、".join(str(ROLES[row.role_code].name) for row in rows if row.role_code in ROLES)


def _within_limit(context: Context) -> None:
    amount = context.subject.amount
    rows = ApprovalLimit.objects.in_force_on(context.today)
    if amount is None or not rows:
        return
    able = [row for row in rows if covers(row, amount)]
    codes = {row.role_code for row in able}
    unit = context.case.unit
    if any(held.role_code in codes and held.covers(unit) for held in assignments(context.user)):
        return
    raise AboveYourLimit(
        _("%(amount)s yuan are approved by: %(roles)s (%(clause)s).")
        % {
            "amount": money(amount),
            "roles": role_names(able),
            "clause": able[0].clause if able else "",
        }
    )


def needs_decision(application: Any, day: datetime.date) -> bool:
    """Whether the approval of an application rests on a decision of the Party committee."""
    if application.amount is None:
        return False
    tier = tier_of(application.amount, day)
    return tier is not None and tier.needs_decision


def _decision_named(context: Context) -> None:
    if needs_decision(context.subject, context.today) and not context.values.get("decision"):
        raise ConditionNotMet(
            _("Please give the document number of the decision of the Party committee.")
        )


WITHIN_LIMIT = Guard(
    "limit", gettext_lazy("The amount is within the approval limit of the role."), _within_limit
)
DECISION_NAMED = Guard(
    "decision",
    gettext_lazy("Above the limit the document number of the Party committee's decision is given."),
    _decision_named,
    of_values=True,
)
