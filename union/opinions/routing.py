"""Which units may be asked to handle an opinion (派单), and which never are."""

from __future__ import annotations

from portal.cases.models import CaseEvent
from portal.organizations.models import Unit
from portal.roles.models import RoleAssignment
from union.models import Opinion
from union.opinions.effects import HANDLERS


def barred_units(opinion: Opinion) -> list[Unit]:
    """Return the units that are never asked, nor any inside them.

    The accused one; at the second level also those that gave the answer the sender did not accept.
    """
    barred = [opinion.accused_unit] if opinion.accused_unit else []
    if opinion.level:
        asked = CaseEvent.objects.filter(case=opinion.pk, transition="dispatch")
        first = asked.filter(sequence__lt=_reopened_at(opinion)).order_by("-sequence").first()
        if first is not None:
            barred += Unit.objects.filter(pk=first.data.get("lead_unit"))
    return barred


def _reopened_at(opinion: Opinion) -> int:
    reopened = CaseEvent.objects.filter(case=opinion.pk, transition="reopen")
    return int(reopened.values_list("sequence", flat=True).first() or 0)


def units_to_ask(opinion: Opinion) -> list[Unit]:
    """Return the units that have somebody who handles opinions and are not barred."""
    handling = RoleAssignment.objects.filter(role_code=HANDLERS).active_on().values("unit")
    barred = barred_units(opinion)
    return [
        unit
        for unit in Unit.objects.filter(pk__in=handling).order_by("path")
        if not any(one.contains(unit) for one in barred)
    ]
