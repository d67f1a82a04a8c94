"""The writes of terms, sessions and delegates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.refusals import NotPossible, NotYours
from portal.spreadsheets import NotAWorkbook, TooMuchContent, read_grids
from union.models import CongressTerm, Delegate
from union.proposals.permissions import runs_congress

MOST_ROWS = 2_000
LARGEST_FILE = 2 * 1024 * 1024
_SEPARATORS = re.compile(r"[\s,，;；、]+")


def typed_numbers(text: str) -> list[str]:
    """Return the employee numbers somebody typed, each once, in their order."""
    return list(dict.fromkeys(part for part in _SEPARATORS.split(text) if part))


def sheet_numbers(body: bytes) -> list[str]:
    """Return the employee numbers of the first column of a workbook; a heading is left out.

    Raises:
        NotPossible: the file is no workbook, or it is too large.
    """
    if len(body) > LARGEST_FILE:
        raise NotPossible(_("The file is larger than 2 MB. Please split it."))
    try:
        grids = read_grids(body, MOST_ROWS)
    except (NotAWorkbook, TooMuchContent) as error:
        raise NotPossible(
            _("The file is no Excel workbook (.xlsx). Please save it as one.")
        ) from error
    rows = grids[0].rows if grids else {}
    found = [_as_number(cells.get(1)) for _row, cells in sorted(rows.items())]
    return list(dict.fromkeys(word for word in found if any(map(str.isdigit, word))))


def _as_number(value: Any) -> str:
    # A number that a spreadsheet made of an employee number has no fraction.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


@transaction.atomic
def add_delegates(
    term: CongressTerm,
    user: User,
    numbers: Iterable[str],
    valid_from: datetime.date,
    unit: Unit | None = None,
) -> int:
    """Enter delegates by employee number; all or none. Return how many are new.

    Raises:
        NotYours: the account does not run the congress.
        NotPossible: a number belongs to nobody, or somebody has no unit; every one is named.
    """
    if not runs_congress(user):
        raise NotYours(_("The congress is run by the union officer."))
    if not term.starts_on <= valid_from <= term.ends_on:
        raise NotPossible(_("The day of the election lies outside the term."))
    wanted = list(dict.fromkeys(numbers))
    people = {
        str(person.employee_number): person
        for person in Person.objects.filter(employee_number__in=wanted).select_related("unit")
    }
    if missing := [number for number in wanted if number not in people]:
        raise NotPossible(
            _("Nobody has the employee number %(numbers)s. Nothing was entered.")
            % {"numbers": "、".join(missing[:20])}
        )
    if homeless := [str(person) for person in people.values() if not (unit or person.unit)]:
        raise NotPossible(
            _("%(names)s belong to no unit. Please choose the delegation.")
            % {"names": "、".join(homeless[:20])}
        )
    CongressTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)
    there = set(term.delegates.values_list("person_id", flat=True))
    rows = [
        Delegate(term=term, person=person, unit=unit or _work_unit(person), valid_from=valid_from)
        for person in people.values()
        if person.pk not in there
    ]
    Delegate.objects.bulk_create(rows)
    return len(rows)


def _work_unit(person: Person) -> Unit:
    unit = person.unit
    if unit is None:
        raise NotPossible(_("Please choose the delegation."))
    return unit


@transaction.atomic
def end_mandate(delegate_id: int, user: User, last_day: datetime.date) -> Delegate:
    """Write down the last day of a mandate; what was proposed and seconded stays.

    Raises:
        NotYours: the account does not run the congress.
        NotPossible: the day lies before the mandate began.
    """
    if not runs_congress(user):
        raise NotYours(_("The congress is run by the union officer."))
    row = Delegate.objects.select_for_update(of=("self",)).get(pk=delegate_id)
    if last_day < row.valid_from:
        raise NotPossible(_("The mandate ends before it began. Please correct the day."))
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    return row
