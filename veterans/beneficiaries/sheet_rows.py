"""A workbook of the register: compared with what the portal knows, and taken over as a whole."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.people.models import Person, User
from portal.personal_data.encryption import blind_index
from portal.refusals import ChangedMeanwhile
from portal.spreadsheets.faults import CellFault, SheetRefused
from veterans.beneficiaries.register import require_keeper
from veterans.beneficiaries.sheets import SHEET, Line, letter_of, read_lines
from veterans.models import (
    Beneficiary,
    BeneficiaryCategory,
    BeneficiaryImport,
    Certificate,
)

DAYS = ("valid_from", "valid_to", "issued_on", "valid_until")
# SQLite takes a limited number of values in one statement.
TOGETHER = 500


@dataclass
class Known:
    """What the portal knows of the numbers of a sheet, read by few queries."""

    by_identity: dict[str, Person] = field(default_factory=dict)
    by_employee: dict[str, Person] = field(default_factory=dict)
    registered: set[int] = field(default_factory=set)
    certificates: set[tuple[str, str]] = field(default_factory=set)
    cards: dict[str, int] = field(default_factory=dict)


def _parts(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), TOGETHER):
        yield values[start : start + TOGETHER]


def _known(lines: list[Line]) -> Known:
    known = Known()
    for part in _parts([blind_index(line["identity_number"]) for line in lines]):
        for person in Person.objects.filter(identity_number_index__in=part):
            known.by_identity[person.identity_number] = person
    for part in _parts([line["employee_number"] for line in lines if line["employee_number"]]):
        for person in Person.objects.filter(employee_number__in=part):
            known.by_employee[person.employee_number or ""] = person
    people = {person.pk for person in (*known.by_identity.values(), *known.by_employee.values())}
    for part in _parts(sorted(people)):
        known.registered |= set(
            Beneficiary.objects.filter(pk__in=part).values_list("pk", flat=True)
        )
    for part in _parts([blind_index(line["number"]) for line in lines if line["number"]]):
        found = Certificate.objects.filter(number_index__in=part, withdrawn_on__isnull=True)
        known.certificates |= {(row.kind, row.number) for row in found}
    for part in _parts([blind_index(line["bank_card"]) for line in lines if line["bank_card"]]):
        for row in Beneficiary.objects.filter(bank_card_index__in=part):
            known.cards[row.bank_card] = row.pk
    return known


def _person(line: Line, known: Known) -> Person | None:
    return known.by_employee.get(line["employee_number"]) or known.by_identity.get(
        line["identity_number"]
    )


def _repeated(
    lines: list[Line], key: Callable[[Line], Any], column: str, words: str
) -> Iterator[CellFault]:
    """Yield a fault for every row whose value stood in a row above."""
    first: dict[Any, int] = {}
    for line in lines:
        value = key(line)
        if not value:
            continue
        if value in first:
            yield CellFault(
                line.number, letter_of(column), words % {"row": first[value]}, sheet=SHEET
            )
        first.setdefault(value, line.number)


def _among_rows(lines: list[Line]) -> Iterator[CellFault]:
    yield from _repeated(
        lines,
        lambda line: line["identity_number"],
        "identity_number",
        _("The same identity number stands in row %(row)d."),
    )
    yield from _repeated(
        lines,
        lambda line: line["employee_number"],
        "employee_number",
        _("The same employee number stands in row %(row)d."),
    )
    yield from _repeated(
        lines,
        lambda line: line["number"] and (line["kind"], line["number"]),
        "number",
        _("The same certificate stands in row %(row)d."),
    )
    yield from _repeated(
        lines,
        lambda line: line["bank_card"],
        "bank_card",
        _("The same bank card stands in row %(row)d. Each person needs an own account."),
    )


def _with_the_portal(lines: list[Line], known: Known) -> Iterator[CellFault]:
    for line in lines:
        for name, words in _of_line(line, known):
            yield CellFault(line.number, letter_of(name), words, sheet=SHEET)


def _of_line(line: Line, known: Known) -> Iterator[tuple[str, str]]:
    number, employee_number = line["identity_number"], line["employee_number"]
    employee = known.by_employee.get(employee_number)
    owner = known.by_identity.get(number)
    if employee_number and employee is None:
        yield "employee_number", _("Nobody has this employee number. Please check it.")
        return
    if employee is not None and owner is not None and employee.pk != owner.pk:
        yield "identity_number", _("This identity number belongs to somebody else.")
        return
    if employee is not None and employee.identity_number not in ("", number):
        yield (
            "identity_number",
            _("The register of people has another number for this employee."),
        )
    person = employee or owner
    if person is not None and person.name != line["name"]:
        yield "name", _("The register of people has another name for this number.")
    if person is not None and person.pk in known.registered:
        yield "identity_number", _("This person is in the register already.")
    if line["number"] and (line["kind"], line["number"]) in known.certificates:
        yield "number", _("A certificate of this kind and number is in the register already.")
    if line["bank_card"] and line["bank_card"] in known.cards:
        yield "bank_card", _("Somebody else in the register has this bank card.")


@dataclass(frozen=True)
class Preview:
    """What a workbook that can be taken over holds."""

    lines: list[Line]
    employees: int
    outside: int
    categories: list[tuple[str, int]]
    certificates: int
    known: Known


def check(body: bytes) -> Preview:
    """Read a workbook; nothing is written.

    Raises:
        SheetRefused: with every fault, by row and column.
    """
    return _compared(*read_lines(body))


def check_again(row: BeneficiaryImport) -> Preview:
    """Compare the rows that are kept with what the portal knows now.

    Raises:
        SheetRefused: something does not fit any more, with every fault.
    """
    return _compared(lines_of(row), [])


def _compared(lines: list[Line], faults: list[CellFault]) -> Preview:
    faults += _among_rows(lines)
    known = _known(lines)
    faults += _with_the_portal(lines, known)
    if faults:
        raise SheetRefused(sorted(faults, key=lambda fault: (fault.row, fault.column)))
    counted = Counter(code for line in lines for code in line["categories"])
    employees = sum(bool(line["employee_number"]) for line in lines)
    return Preview(
        lines,
        employees,
        len(lines) - employees,
        sorted(counted.items()),
        sum(bool(line["kind"]) for line in lines),
        known,
    )


def keep(body: bytes, user: User) -> tuple[BeneficiaryImport, Preview]:
    """Check a workbook and keep it, encrypted, until it is confirmed.

    Raises:
        NotTheKeeper: the account does not keep the register.
        SheetRefused: with every fault; nothing is kept.
    """
    require_keeper(user)
    preview = check(body)
    row = BeneficiaryImport.keep(body, _packed(preview.lines), len(preview.lines), user)
    return row, preview


def _packed(lines: list[Line]) -> str:
    """Return the rows as they are kept: the workbook is read once only, which takes longest."""
    return json.dumps(
        [[line.number, line.values] for line in lines],
        ensure_ascii=False,
        default=lambda day: day.isoformat(),
    )


def lines_of(row: BeneficiaryImport) -> list[Line]:
    """Return the rows that are kept."""
    lines = []
    for number, values in json.loads(row.content):
        for name in DAYS:
            if values[name]:
                values[name] = datetime.date.fromisoformat(values[name])
        lines.append(Line(number, {**values, "categories": tuple(values["categories"])}))
    return lines


@transaction.atomic
def discard(import_id: int, user: User) -> None:
    """Forget a workbook that was not taken over."""
    require_keeper(user)
    BeneficiaryImport.discard(import_id, user)


def take_over(import_id: int, user: User) -> int:
    """Write every row of a kept workbook, or none; return how many.

    Raises:
        NotTheKeeper: the account does not keep the register.
        ChangedMeanwhile: it was taken over already, or the register changed in between.
        SheetRefused: something does not fit any more, with every fault.
    """
    require_keeper(user)
    try:
        with transaction.atomic():
            row = BeneficiaryImport.locked(import_id)
            preview = check_again(row)
            _write(preview.lines, preview.known, user)
            row.mark_taken()
            log(row, "veterans.register_imported", user=user)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            _("Somebody changed the register at this moment. Please check the workbook again.")
        ) from error
    return len(preview.lines)


def _write(lines: list[Line], known: Known, user: User) -> None:
    """Write people, register, categories and certificates, a few hundred rows at a time."""
    now = timezone.now()
    people = [_person(line, known) or Person(name=line["name"]) for line in lines]
    fresh: list[Person] = []
    for line, person in zip(lines, people, strict=True):
        changed = False
        for name in ("identity_number", "phone"):
            if line[name] and not getattr(person, name):
                setattr(person, name, line[name])
                changed = True
        if person.pk is None:
            fresh.append(person)
        elif changed:
            person.save()
    Person.objects.bulk_create(fresh, batch_size=TOGETHER)
    details = ("region", "address", "bank_name", "bank_card", "note")
    Beneficiary.objects.bulk_create(
        (
            Beneficiary(
                person=person,
                registered_at=now,
                registered_by=user,
                **{name: line[name] for name in details},
            )
            for line, person in zip(lines, people, strict=True)
        ),
        batch_size=TOGETHER,
    )
    BeneficiaryCategory.objects.bulk_create(
        (
            BeneficiaryCategory(
                beneficiary_id=person.pk,
                category=code,
                level=line["level"] if code == "V2" else "",
                valid_from=line["valid_from"],
                valid_to=line["valid_to"],
            )
            for line, person in zip(lines, people, strict=True)
            for code in line["categories"]
        ),
        batch_size=TOGETHER,
    )
    Certificate.objects.bulk_create(
        (
            Certificate(
                beneficiary_id=person.pk,
                kind=line["kind"],
                number=line["number"],
                issued_on=line["issued_on"],
                valid_until=line["valid_until"],
                entered_by=user,
                entered_at=now,
            )
            for line, person in zip(lines, people, strict=True)
            if line["kind"]
        ),
        batch_size=TOGETHER,
    )


def forget_old() -> str:
    """Delete workbooks that nobody confirmed."""
    return f"{BeneficiaryImport.forget_old()} workbooks that nobody confirmed removed"
