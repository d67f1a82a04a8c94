"""Gives one person an account."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.organizations.models import Unit
from portal.people.authentication import normalized_employee_number
from portal.people.models import Person
from portal.people.services import create_account


class Command(BaseCommand):
    """Prints the one-time password, once."""

    help = "Give a person an account with a one-time password, which is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds the number, and name and unit for a person who is not known yet."""
        parser.add_argument("employee_number")
        parser.add_argument("--name", help="name of a person who is not known yet")
        parser.add_argument("--unit", help="code of that person's unit")

    def handle(self, *args: Any, **options: Any) -> None:
        """Creates the account; raises ``CommandError`` with what is wrong."""
        try:
            with transaction.atomic():
                person = self._person(
                    normalized_employee_number(options["employee_number"]),
                    options["name"],
                    options["unit"],
                )
                user, password = create_account(person)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{user.username} {person.name}: {password}")

    def _person(self, number: str, name: str | None, code: str | None) -> Person:
        person = Person.objects.filter(employee_number__iexact=number).first()
        if person is not None:
            return person
        if not name or not code:
            raise CommandError(f"Nobody has the number {number}: add --name and --unit.")
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"No unit has the code {code}.")
        person = Person(name=name, employee_number=number, unit=unit)
        person.full_clean()
        person.save()
        return person
