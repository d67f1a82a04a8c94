"""The first step on a new installation, which has no accounts at all."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.organizations.models import Unit, UnitKind
from portal.organizations.services import create_unit
from portal.people.authentication import normalized_employee_number
from portal.people.models import Person
from portal.people.services import create_account
from portal.roles.models import RoleAssignment
from portal.roles.services import assign_role
from portal.roles.table import OFFICERS, ROLES

OPTIONS = {
    "system": "system_administrator",
    "security": "security_administrator",
    "audit": "audit_administrator",
}


class Command(BaseCommand):
    """Creates the three officers (三员) and prints their one-time passwords, once."""

    help = (
        "Create the system, security and audit administrator of a new installation, three"
        " different people. Their one-time passwords are printed once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds the three people and the enterprise."""
        for option, code in OPTIONS.items():
            parser.add_argument(
                f"--{option}",
                required=True,
                nargs=2,
                metavar=("NUMBER", "NAME"),
                help=f"employee number and name of the {code.replace('_', ' ')}",
            )
        parser.add_argument("--company", help="name of the enterprise, if there is no unit yet")
        parser.add_argument("--company-code", default="HQ", help="its code (default: HQ)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Creates all three or nothing; raises ``CommandError`` with what is wrong."""
        if RoleAssignment.objects.filter(role_code__in=OFFICERS).exists():
            raise CommandError("There are officers already; they assign roles in the admin.")
        lines = []
        try:
            with transaction.atomic():
                unit = self._enterprise(options["company"], options["company_code"])
                for option, code in OPTIONS.items():
                    number, name = options[option]
                    person = self._person(normalized_employee_number(number), name, unit)
                    user, password = create_account(person)
                    assign_role(person, code, unit)
                    lines.append(f"{ROLES[code].name}  {user.username} {name}: {password}")
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        for line in lines:
            self.stdout.write(line)

    def _enterprise(self, name: str | None, code: str) -> Unit:
        unit: Unit | None = Unit.objects.filter(depth=1).first()
        if unit is not None:
            return unit
        if not name:
            raise CommandError("There is no unit yet: add --company with the enterprise's name.")
        return create_unit(parent=None, name=name, code=code, kind=UnitKind.ADMINISTRATIVE)

    def _person(self, number: str, name: str, unit: Unit) -> Person:
        person = Person.objects.filter(employee_number__iexact=number).first()
        if person is not None and person.name != name:
            raise CommandError(f"The number {number} belongs to {person.name}.")
        if person is None:
            person = Person(name=name, employee_number=number, unit=unit)
            person.full_clean()
            person.save()
        return person
