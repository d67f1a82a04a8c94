"""The lists of the case desk: which cases an account sees, chosen and sorted."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.utils import timezone

from portal.address_values import plain_text
from portal.cases.few import MOST_LOOKED_UP, keys_of
from portal.cases.flow import Flow, PartyKind, Transition, flows
from portal.cases.kin import set_apart
from portal.cases.models import Case
from portal.cases.permissions import (
    own_conditions,
    staff_condition,
    units_condition,
    units_of,
)
from portal.cases.querysets import CaseQuerySet
from portal.organizations.models import Unit

SUNDAY = 6
ORDERS: dict[str, tuple[str, ...]] = {
    "due": (),
    "newest": ("-submitted_at", "pk"),
    "number": ("number", "pk"),
}


def staff_cases(user: Any) -> CaseQuerySet:
    """Return the cases of others that the account reads by its roles.

    What a flow keeps apart from somebody is not listed: that it exists would say enough.
    """
    condition = Q(pk__in=[])
    for flow in flows():
        reached = staff_condition(user, flow)
        if reached is not None:
            condition |= Q(flow_code=flow.code, sequence__gt=0) & reached
    apart = [*own_conditions(user.person_id), *set_apart(user.person_id)]
    # A flow has most of the cases. Seen as a computed value it is no way to look them up, so the
    # database goes along the index of the chosen order, which holds all that is asked here.
    cases = Case.objects.alias(flow_code=Concat("flow", Value("")))
    return cases.filter(condition).exclude(pk__in=keys_of(apart))


def counted_by_unit(cases: CaseQuerySet) -> dict[int, int]:
    """Return how many of the cases each unit has, by its key, in one walk through them."""
    rows = cases.order_by().values("unit").annotate(cases=Count("pk"))
    return dict(rows.values_list("unit", "cases"))


def with_number(cases: CaseQuerySet, part: str) -> CaseQuerySet:
    """Return those of the cases whose number contains a part."""
    found = cases.filter(number__icontains=part)
    # Looked up first, in the index of numbers, and not met on the way through the whole list.
    keys = list(found.order_by().values_list("pk", flat=True)[: MOST_LOOKED_UP + 1])
    return cases.filter(pk__in=keys) if len(keys) <= MOST_LOOKED_UP else found


def office_states(flow: Flow) -> list[str]:
    """Return the states in which the office is the one whose time runs."""
    return [
        state.code
        for state in flow.states
        if state.clock and not flow.clock(state.clock).of_applicant
    ]


def overdue(today: datetime.date) -> Q:
    """Return the condition of cases in which the office is late."""
    condition = Q(pk__in=[])
    for flow in flows():
        condition |= Q(flow=flow.code, state__in=office_states(flow))
    return Q(due_on__lt=today) & condition


def supervised_cases(user: Any) -> CaseQuerySet:
    """Return the cases whose delays the account is told of: as leader or as auditor."""
    condition = Q(pk__in=[])
    for flow in flows():
        units = units_condition(units_of(user, (*flow.leaders, *flow.readers)))
        if units is not None:
            condition |= Q(flow=flow.code, sequence__gt=0) & units
    return Case.objects.filter(condition).exclude(pk__in=keys_of(set_apart(user.person_id)))


def sees_supervision(user: Any) -> bool:
    """Whether the account leads or audits a flow."""
    return any(units_of(user, (*flow.leaders, *flow.readers)) != [] for flow in flows())


def batch_steps(user: Any) -> list[tuple[Flow, Transition]]:
    """Return the steps a rule allows for many cases at once, of parties the account is."""
    found = []
    for flow in flows():
        for row in flow.transitions:
            parties = [flow.party(code) for code in row.parties]
            staff = [party for party in parties if party.kind is PartyKind.ROLE]
            if row.batch_clause and any(units_of(user, party.roles) != [] for party in staff):
                found.append((flow, row))
    return found


@dataclass(frozen=True)
class Choice:
    """What was chosen in the address; what makes no sense counts as nothing."""

    tab: str
    flow: str
    state: str
    unit: Unit | None
    due: str
    number: str
    order: str

    @classmethod
    def of(cls, request: HttpRequest) -> Choice:
        """Read the address."""

        def one_of(name: str, allowed: Any, otherwise: str = "") -> str:
            value = request.GET.get(name, otherwise)
            return value if value in allowed else otherwise

        known = flows()
        unit = plain_text(request.GET.get("unit", ""))
        return cls(
            tab=one_of("list", ("mine", "all"), "mine"),
            flow=one_of("flow", {flow.code for flow in known}),
            state=one_of("state", {state.code for flow in known for state in flow.states}),
            unit=Unit.objects.filter(code=unit).first() if unit else None,
            due=one_of("due", ("overdue", "week")),
            number=plain_text(request.GET.get("q", "")).strip()[:40],
            order=one_of("order", ORDERS, "due"),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab and the order was chosen."""
        return any((self.flow, self.state, self.unit, self.due, self.number))

    def within(self, cases: CaseQuerySet) -> CaseQuerySet:
        """Return those of the cases that fit, in the chosen order."""
        today = timezone.localdate()
        if self.flow:
            flow_code = Concat("flow", Value(""))
            cases = cases.alias(flow_code=flow_code).filter(flow_code=self.flow)
        if self.state:
            # As with flows: most cases stand in a few states, and the order is what is wanted.
            state_code = Concat("state", Value(""))
            cases = cases.alias(state_code=state_code).filter(state_code=self.state)
        if self.unit is not None:
            cases = cases.filter(unit__path__startswith=self.unit.path)
        if self.due == "overdue":
            cases = cases.filter(overdue(today))
        elif self.due == "week":
            sunday = today + datetime.timedelta(days=SUNDAY - today.weekday())
            cases = cases.filter(due_on__range=(today, sunday))
        if self.number:
            cases = with_number(cases, self.number)
        order = ORDERS[self.order]
        return cases.order_by(*order) if order else cases.most_urgent_first()
