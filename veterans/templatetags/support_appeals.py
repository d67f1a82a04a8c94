"""What the pages show of second looks."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from portal.cases.history import step_name
from portal.cases.models import Case, CaseEvent
from veterans.appeals import rules
from veterans.models import Appeal

register = template.Library()


def _named(appeal: Appeal, event: CaseEvent | None) -> Any:
    if event is None:
        return None
    return {"event": event, "name": step_name(appeal.of_case.table, event.transition)}


@register.filter
def first_decision(appeal: Appeal) -> Any:
    """Return the decision that is looked at, with its name."""
    return _named(appeal, appeal.of_case.events.filter(sequence=appeal.decided_sequence).first())


@register.filter
def second_decision(appeal: Appeal) -> Any:
    """Return the decision that followed, with its name; nothing until there is one."""
    return _named(appeal, rules.second_decision(appeal))


@register.filter
def appeals(case: Case) -> Any:
    """Return the second looks that were asked for in a case, the newest first."""
    return (
        case.appeals.filter(case__sequence__gt=0)
        .select_related("case")
        .order_by("-case__created_at")
    )


@register.filter
def appeal_until(case: Case) -> Any:
    """Return until when a second look can be asked for; nothing when it cannot."""
    found = rules.possible(case, timezone.localdate())
    return found.until if found else None
