"""Reads of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.cases.flow import Flow, Party
    from portal.cases.models import Case  # noqa: F401  the name of the set


class CaseQuerySet(models.QuerySet["Case"]):
    """Sets of cases."""

    def submitted(self) -> CaseQuerySet:
        """Cases that were handed in; drafts are nobody's business but the applicant's."""
        return self.filter(sequence__gt=0)

    def of_person(self, person: Any) -> CaseQuerySet:
        """Cases somebody applied for, or that are for somebody, drafts included."""
        if person is None:
            return self.none()
        own = Q(applicant=person) | Q(beneficiary=person, sequence__gt=0)
        return self.filter(own).order_by("-created_at", "pk")

    def acted_in_by(self, person_id: int | None) -> CaseQuerySet:
        """Cases of a person, and those in which the person may act for somebody else now."""
        from portal.cases.permissions import represented_cases

        if person_id is None:
            return self.none()
        own = Q(applicant=person_id) | Q(beneficiary=person_id, sequence__gt=0)
        return self.filter(own | represented_cases(person_id)).order_by("-created_at", "pk")

    def visible_to(self, user: Any) -> CaseQuerySet:
        """Cases the account may read: its own, those it acts in, those of its roles."""
        from portal.cases.flow import flows
        from portal.cases.permissions import reading_condition, represented_cases

        person = getattr(user, "person_id", None)
        if person is None or not user.is_active:
            return self.none()
        condition = Q(applicant=person) | Q(beneficiary=person, sequence__gt=0)
        condition |= represented_cases(person)
        for flow in flows():
            if (read := reading_condition(user, flow)) is not None:
                condition |= read
        return self.filter(condition)

    def waiting_for(self, user: Any) -> CaseQuerySet:
        """Cases in which it is the account's turn, without those it has to leave to others."""
        from portal.cases.few import keys_of
        from portal.cases.flow import flows
        from portal.cases.models import CaseEvent
        from portal.cases.permissions import asked_condition, units_condition

        person = getattr(user, "person_id", None)
        turns: Any = Q(pk__in=[])
        if person is None:
            return self.none()
        for flow in flows():
            for party, others, states, units in _shared_work(user, flow):
                inside = (asked_condition if party.of_lead_unit else units_condition)(units)
                if inside is None:
                    continue
                turn: Any = Q(flow=flow.code, state__in=states) & inside
                turn &= Q(handler=None) | Q(handler=user) | _nobody_at_work(party)
                if others:
                    done = CaseEvent.objects.filter(
                        case=OuterRef("pk"), actor=user, transition__in=others
                    )
                    turn &= ~Exists(done)
                turns |= turn
        # A case that is closed waits for nobody; without them the index of open cases answers.
        waiting = self.filter(turns, closed_at__isnull=True)
        return waiting.exclude(pk__in=keys_of(_left_to_others(user, person)))

    def most_urgent_first(self) -> CaseQuerySet:
        """The nearest last day first, cases without one at the end."""
        return self.order_by("urgency", "pk")


def _left_to_others(user: Any, person_id: int) -> list[Q]:
    """Return the conditions of cases an account leaves to others: its own, those of relatives.

    Those it stood aside from are among them, and those a flow keeps from it.
    """
    from portal.cases.kin import naming, relatives_of, set_apart
    from portal.cases.models import Recusal
    from portal.cases.permissions import nameless_flows, own_conditions

    kin = list(relatives_of(person_id).values_list("pk", flat=True))
    close = [naming(person_id)]
    if kin:
        close += [Q(applicant__in=kin), Q(beneficiary__in=kin)]
    if nameless := nameless_flows(user):
        # What is left out would tell that a relative applied.
        close = [one & ~Q(flow__in=nameless) for one in close]
    aside = Q(pk__in=Recusal.objects.filter(user=user).values("case"))
    return [*own_conditions(person_id), *close, aside, *set_apart(person_id)]


def _shared_work(user: Any, flow: Flow) -> Iterator[tuple[Party, list[str], list[str], Any]]:
    """Yield the states of a flow in which an account has work, those of one condition together.

    Each is a party, the steps that shut out whoever took one, the states, and the units.
    """
    from portal.cases.permissions import working_transitions

    groups: dict[tuple[str, tuple[str, ...]], tuple[list[str], Any]] = {}
    for state, units in working_transitions(user, flow).items():
        key = (flow.state(state).party, tuple(_must_differ(flow, state)))
        groups.setdefault(key, ([], units))[0].append(state)
    for (code, others), (states, units) in groups.items():
        yield flow.party(code), list(others), states, units


def _nobody_at_work(party: Party) -> Any:
    """Return the condition that the handler of a case has no part in it any more.

    A case of somebody who left, or moved to another unit, is everybody's again.
    """
    from portal.roles.models import RoleAssignment
    from portal.roles.table import Scope, role

    held = RoleAssignment.objects.active_on().filter(
        role_code__in=party.roles, person__user__is_active=True
    )
    everywhere = [code for code in party.roles if role(code).scope is Scope.ALL]
    if set(everywhere) == set(party.roles):
        # The same accounts for every case: read once, not for each of them.
        return ~Q(handler__in=held.values("person__user"))
    place = "lead_unit__path" if party.of_lead_unit else "unit__path"
    path = ExpressionWrapper(OuterRef(place), output_field=CharField())
    return ~Exists(
        held.filter(person__user=OuterRef("handler"))
        .alias(case_path=path)
        .filter(Q(role_code__in=everywhere) | Q(case_path__startswith=F("unit__path")))
    )


def _must_differ(flow: Any, state: str) -> list[str]:
    """Return the steps whose actor is shut out of every piece of work in a state."""
    work = [row for row in flow.leading_from(state) if row.is_work]
    if not work or not all(row.distinct_from for row in work):
        return []
    shared = set(work[0].distinct_from).intersection(*(row.distinct_from for row in work))
    return sorted(shared)
