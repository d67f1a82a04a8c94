"""Who is too close to a case (回避): relatives of the register, and those somebody declared.

Source: the practice of avoidance: whoever decides names the relatives, and the machine keeps both
apart. A relative the portal does not know is found by the blind index of the identity number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.cases.flow import flows
from portal.cases.models import Case, DeclaredRelative, Kinship, Recusal
from portal.cases.refusals import ConditionNotMet
from portal.people.models import Person, User


def _declared() -> QuerySet[DeclaredRelative]:
    return DeclaredRelative.objects.filter(ended_at=None)


def relatives_of(person_id: int) -> QuerySet[Person]:
    """Return the people of the portal who are related to a person, whoever said so."""
    own = _declared().filter(person=person_id)
    number = Person.objects.filter(pk=person_id, identity_number_index__isnull=False)
    by_others = _declared().filter(
        Q(relative=person_id) | Q(identity_number_index__in=number.values("identity_number_index"))
    )
    return Person.objects.filter(
        Q(pk__in=Kinship.objects.filter(person=person_id).values("relative"))
        | Q(pk__in=Kinship.objects.filter(relative=person_id).values("person"))
        | Q(pk__in=own.filter(relative__isnull=False).values("relative"))
        | Q(identity_number_index__in=_indexes(own))
        | Q(pk__in=by_others.values("person"))
    )


def _indexes(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(identity_number_index__isnull=False).values("identity_number_index")


def naming(person_id: int) -> Q:
    """Return the condition of cases that name the person or a relative by identity number alone."""
    # Few, and read once: nested into each condition they cost more to write than to ask.
    people = [person_id, *relatives_of(person_id).values_list("pk", flat=True)]
    known = _indexes(Person.objects.filter(pk__in=people))
    declared = _indexes(_declared().filter(person=person_id))
    column = "identity_number_index"
    indexes = [*known.values_list(column, flat=True), *declared.values_list(column, flat=True)]
    found = Q(pk__in=[])
    for flow in flows():
        if flow.names is not None and indexes:
            # Not by the index of flows, which leads through every case of one.
            found |= Q(flow__iexact=flow.code) & flow.names(indexes)
    return found


def set_apart(person_id: int) -> list[Q]:
    """Return the conditions of cases that flows keep from a person, kinship left aside."""
    return [
        Q(flow__iexact=flow.code) & flow.apart(person_id)
        for flow in flows()
        if flow.apart is not None
    ]


def is_too_close(person: Person, case: Case, people: Iterable[int]) -> bool:
    """Whether the case concerns a relative of the person, or names one of them."""
    wanted = set(people)
    if wanted and relatives_of(person.pk).filter(pk__in=wanted).exists():
        return True
    table = case.table
    if table.concerns is not None and table.concerns(case, person):
        return True
    return table.names is not None and Case.objects.filter(naming(person.pk), pk=case.pk).exists()


def mark_aside(user: User, cases: Iterable[Case]) -> None:
    """Say on each case of a list, as `aside`, why the account has to leave it to colleagues."""
    from portal.cases.permissions import nameless_flows

    rows = {case.pk: case for case in cases}
    person_id = user.person_id
    if not rows or person_id is None:
        return
    recused = Recusal.objects.filter(case__in=rows, user=user).values_list("case", flat=True)
    kin = relatives_of(person_id).values("pk")
    close = Q(applicant__in=kin) | Q(beneficiary__in=kin) | naming(person_id)
    nameless = nameless_flows(user)
    named = [key for key, case in rows.items() if case.flow not in nameless]
    for key in Case.objects.filter(close, pk__in=named).values_list("pk", flat=True):
        rows[key].aside = _("Concerns a relative")  # type: ignore[attr-defined]
    for key in recused:
        rows[key].aside = _("You stand aside")  # type: ignore[attr-defined]


# ---- declarations


def declarations_of(person_id: int | None) -> QuerySet[DeclaredRelative]:
    """Return what somebody declared and has not ended."""
    return _declared().filter(person=person_id).select_related("relative")


@transaction.atomic
def declare(
    user: User, *, name: str, kind: str, identity_number: str = "", employee_number: str = ""
) -> DeclaredRelative:
    """Declare a relative by identity number or, of a colleague, by employee number.

    Raises:
        ConditionNotMet: neither number, nobody of this number and name, oneself, or twice.
    """
    if user.person is None:
        raise ConditionNotMet(_("This account belongs to nobody."))
    relative = None
    if employee_number:
        relative = Person.objects.filter(employee_number=employee_number, name=name).first()
        if relative is None:
            raise ConditionNotMet(_("No colleague has this name and employee number."))
    elif not identity_number:
        raise ConditionNotMet(_("Please give the identity number or the employee number."))
    own = user.person.identity_number
    if relative == user.person or (identity_number and identity_number == own):
        raise ConditionNotMet(_("This is your own number."))
    twice = ConditionNotMet(_("You declared this person already."))
    if relative is not None and declarations_of(user.person_id).filter(relative=relative).exists():
        raise twice
    try:
        with transaction.atomic():
            row = DeclaredRelative.objects.create(
                person=user.person,
                relative=relative,
                name=name,
                identity_number=identity_number,
                kind=kind,
                declared_at=timezone.now(),
            )
    except IntegrityError as error:
        raise twice from error
    log(instance=user.person, action="cases.relative_declared", user=user)
    return row


@transaction.atomic
def end_declaration(user: User, row: DeclaredRelative) -> None:
    """End an own declaration, once; the row stays for the auditor."""
    if _declared().filter(pk=row.pk, person=user.person_id).update(ended_at=timezone.now()):
        log(instance=row.person, action="cases.relative_ended", user=user)
