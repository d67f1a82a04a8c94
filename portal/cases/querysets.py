"""Reads of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q

if TYPE_CHECKING:
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
        from portal.cases.flow import flows
        from portal.cases.kin import naming, relatives_of, set_apart
        from portal.cases.models import Case, CaseEvent, Recusal
        from portal.cases.permissions import (
            asked_condition,
            nameless_flows,
            represented_cases,
            units_condition,
            working_transitions,
        )

        person = getattr(user, "person_id", None)
        turns: Any = Q(pk__in=[])
        if person is None:
            return self.none()
        for flow in flows():
            for state, units in working_transitions(user, flow).items():
                party = flow.party(flow.state(state).party)
                inside = (asked_condition if party.of_lead_unit else units_condition)(units)
                if inside is None:
                    continue
                turn: Any = Q(flow=flow.code, state=state) & inside
                at_work = _still_at_work(party.roles, asked=party.of_lead_unit)
                turn &= Q(handler=None) | Q(handler=user) | ~Exists(at_work)
                if others := _must_differ(flow, state):
                    done = CaseEvent.objects.filter(
                        case=OuterRef("pk"), actor=user, transition__in=others
                    )
                    turn &= ~Exists(done)
                turns |= turn
        kin = relatives_of(person).values("pk")
        close = Q(applicant__in=kin) | Q(beneficiary__in=kin) | naming(person)
        if nameless := nameless_flows(user):
            # What is left out would tell that a relative applied.
            close &= ~Q(flow__in=nameless)
        own = Q(applicant=person) | Q(beneficiary=person) | represented_cases(person)
        aside = Q(pk__in=Recusal.objects.filter(user=user).values("case"))
        # These are few: found once by their own indexes, and not asked of every case that waits.
        apart = set_apart(person)
        left_to_others = Case.objects.filter(own | close | aside | apart).order_by()
        return self.filter(turns).exclude(pk__in=left_to_others.values("pk"))

    def most_urgent_first(self) -> CaseQuerySet:
        """The nearest last day first, cases without one at the end."""
        return self.order_by("urgency", "pk")


def _still_at_work(roles: tuple[str, ...], *, asked: bool) -> Any:
    """Return the assignments by which the handler of a case still has a part in it.

    A case of somebody who left, or moved to another unit, is everybody's again.
    """
    from portal.roles.models import RoleAssignment
    from portal.roles.table import Scope, role

    everywhere = [code for code in roles if role(code).scope is Scope.ALL]
    place = "lead_unit__path" if asked else "unit__path"
    path = ExpressionWrapper(OuterRef(place), output_field=CharField())
    return (
        RoleAssignment.objects.active_on()
        .filter(role_code__in=roles, person__user=OuterRef("handler"))
        .filter(person__user__is_active=True)
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
