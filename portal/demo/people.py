"""Units, people, accounts and roles of the demo as rows; only what is missing is created."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction

from portal.demo.organization import IDENTITY_NUMBERS, LOGINS, PEOPLE, UNITS, demo_phone
from portal.demo.texts import DEMO_PASSWORD
from portal.organizations.models import Unit, UnitKind
from portal.organizations.services import create_unit
from portal.people.models import Person, User
from portal.roles.models import RoleAssignment
from portal.roles.services import assign_role

KINDS: dict[str, UnitKind] = {
    "company": UnitKind.ADMINISTRATIVE,
    "department": UnitKind.ADMINISTRATIVE,
    "committee": UnitKind.PARTY_COMMITTEE,
    "general_branch": UnitKind.GENERAL_BRANCH,
    "branch": UnitKind.PARTY_BRANCH,
    "group": UnitKind.PARTY_GROUP,
}


@transaction.atomic
def load_units() -> int:
    """Create the missing units of both trees and return how many."""
    known = {unit.code: unit for unit in Unit.objects.all()}
    created = 0
    for row in UNITS:
        if row.code in known:
            continue
        known[row.code] = create_unit(
            parent=known[row.parent] if row.parent else None,
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            kind=KINDS[row.kind],
            valid_from=row.valid_from,
        )
        created += 1
    return created


@transaction.atomic
def load_people() -> int:
    """Create the missing people and return how many."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    known = set(Person.objects.values_list("employee_number", flat=True))
    created = 0
    for row in PEOPLE:
        if row.number in known:
            continue
        Person.objects.create(
            employee_number=row.number,
            name=row.name,
            # Branch editors see their branch's people; everybody else sits in their department.
            unit=units[row.branch] if row.branch not in {"", "DZ01"} else units[row.unit],
            position=row.position,
            identity_number=IDENTITY_NUMBERS.get(row.number, ""),
            phone=demo_phone(row.number),
        )
        created += 1
    return created


@transaction.atomic
def load_logins() -> int:
    """Create the missing accounts and role assignments and return how many accounts."""
    people = {
        person.employee_number: person
        for person in Person.objects.filter(employee_number__in=[row.number for row in LOGINS])
    }
    units = {unit.code: unit for unit in Unit.objects.all()}
    known = set(User.objects.values_list("username", flat=True))
    assigned = set(RoleAssignment.objects.values_list("person_id", "role_code", "unit_id"))
    # One shared demo password needs to be hashed, slowly as it should be, only once.
    password = make_password(DEMO_PASSWORD) if {row.number for row in LOGINS} - known else ""
    created = 0
    for row in LOGINS:
        person = people[row.number]
        if row.number not in known:
            User.objects.create(username=row.number, person=person, password=password)
            known.add(row.number)
            created += 1
        if (person.pk, row.role, units[row.unit].pk) not in assigned:
            assign_role(
                person, row.role, units[row.unit], valid_from=row.valid_from, valid_to=row.valid_to
            )
    return created
