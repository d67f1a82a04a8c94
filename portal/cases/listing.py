"""The lists of the case desk: which cases an account sees, chosen and sorted."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Func, Q
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
    return with_codes(Case.objects.all()).filter(condition).exclude(pk__in=keys_of(apart))


@dataclass(frozen=True)
class Counted:
    """What one walk through the cases of a list tells.

    Attributes:
        by_unit: how many cases each unit has, by its key.
        chosen: how many fit what was chosen.
    """

    by_unit: dict[int, int]
    chosen: int

    @property
    def total(self) -> int:
        """How many cases there are."""
        return sum(self.by_unit.values())


def counted(cases: CaseQuerySet, choice: Choice) -> Counted:
    """Count cases by unit, and those that were chosen, in one walk through them."""
    by_unit = with_codes(cases).order_by().values("unit").annotate(cases=Count("pk"))
    if not choice.is_narrowed:
        found = dict(by_unit.values_list("unit", "cases"))
        return Counted(found, sum(found.values()))
    walk = by_unit.annotate(chosen=Count("pk", filter=choice.condition))
    rows = list(walk.values_list("unit", "cases", "chosen"))
    return Counted({unit: cases for unit, cases, _chosen in rows}, sum(row[2] for row in rows))


def with_codes(cases: CaseQuerySet) -> CaseQuerySet:
    """Return the cases with flow and state as values that are not looked up by their indexes.

    A flow has most of the cases, and most stand in a few states: a list is read along the index
    of the chosen order, which holds all that is asked here.
    """
    return cases.alias(flow_code=NotLookedUp("flow"), state_code=NotLookedUp("state"))


class NotLookedUp(Func):
    """A column as it is, by which SQLite does not look rows up.

    SQLite takes any index that fits, even of a value that most rows share, unless it sees a
    computed value. PostgreSQL knows from its statistics how many rows share a value, and needs
    the column itself for that.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Return the column as an expression: a plus sign in front changes nothing else."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra_context)


def having_number(part: str) -> Q:
    """Return the condition of cases whose number contains a part."""
    # Numbers are written in capitals; compared as they are, PostgreSQL need not change each first.
    condition = Q(number__contains=part.upper())
    # Looked up first, in the index of numbers, and not met on the way through the whole list.
    found = Case.objects.filter(condition).order_by().values_list("pk", flat=True)
    keys = list(found[: MOST_LOOKED_UP + 1])
    return Q(pk__in=keys) if len(keys) <= MOST_LOOKED_UP else condition


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

    @cached_property
    def condition(self) -> Q:
        """What was chosen as one condition on cases that have their codes."""
        today, chosen = timezone.localdate(), Q()
        if self.flow:
            chosen &= Q(flow_code=self.flow)
        if self.state:
            chosen &= Q(state_code=self.state)
        if self.unit is not None:
            below = Unit.objects.filter(path__startswith=self.unit.path)
            chosen &= Q(unit__in=below.values("pk"))
        if self.due == "overdue":
            chosen &= overdue(today)
        elif self.due == "week":
            sunday = today + datetime.timedelta(days=SUNDAY - today.weekday())
            chosen &= Q(due_on__range=(today, sunday))
        if self.number:
            chosen &= having_number(self.number)
        return chosen

    def within(self, cases: CaseQuerySet) -> CaseQuerySet:
        """Return those of the cases that fit, in the chosen order."""
        if self.is_narrowed:
            cases = with_codes(cases).filter(self.condition)
        order = ORDERS[self.order]
        return cases.order_by(*order) if order else cases.most_urgent_first()
