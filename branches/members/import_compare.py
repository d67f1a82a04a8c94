"""The rows of a roster file beside what the portal knows, and what does not fit."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.dates import in_words
from branches.members.import_table import Line
from branches.members.register import check_branch
from branches.models import MemberRule, MemberRuleCode, Membership, PartyMember
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person
from portal.personal_data.encryption import blind_index
from portal.spreadsheets.faults import CellFault

# SQLite takes a limited number of values in one statement.
TOGETHER = 500


@dataclass(frozen=True)
class KnownPerson:
    """What is compared of a person; numbers by their blind index only."""

    pk: int
    name: str
    employee_number: str
    identity_index: str


@dataclass
class Known:
    """What the portal knows of a file, read by few queries.

    Attributes:
        branches: by name, short name and code; None where two share it.
        groups: the same by branch.
        belongs: name of the branch by member; "" for who left.
        youngest: age in years at which one can join, by the rule for members.
    """

    by_identity: dict[str, KnownPerson] = field(default_factory=dict)
    by_employee: dict[str, KnownPerson] = field(default_factory=dict)
    branches: dict[str, Unit | None] = field(default_factory=dict)
    groups: dict[int, dict[str, Unit | None]] = field(default_factory=dict)
    belongs: dict[int, str] = field(default_factory=dict)
    youngest: int = 0


def parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield values, as many together as one statement takes."""
    found = list(values)
    for start in range(0, len(found), TOGETHER):
        yield found[start : start + TOGETHER]


def _named(units: Iterable[Unit]) -> dict[str, Unit | None]:
    found: dict[str, Unit | None] = {}
    for unit in units:
        for name in {unit.name, unit.short_name, unit.code} - {""}:
            found[name] = None if name in found else unit
    return found


def known_of(lines: list[Line]) -> Known:
    """Read what the portal knows of the rows."""
    known = Known(youngest=MemberRule.objects.get(code=MemberRuleCode.AGE).number)
    columns = ("pk", "name", "employee_number", "identity_number_index")
    indexes = {blind_index(line["identity_number"]) for line in lines if line["identity_number"]}
    for part in parts(indexes):
        rows = Person.objects.filter(identity_number_index__in=part).order_by()
        for row in rows.values_list(*columns):
            person = KnownPerson(row[0], row[1], row[2] or "", row[3] or "")
            known.by_identity[person.identity_index] = person
    numbers = {line["employee_number"] for line in lines if line["employee_number"]}
    for part in parts(numbers):
        rows = Person.objects.filter(employee_number__in=part).order_by()
        for row in rows.values_list(*columns):
            person = KnownPerson(row[0], row[1], row[2] or "", row[3] or "")
            known.by_employee[person.employee_number] = person
    people = {one.pk for one in (*known.by_identity.values(), *known.by_employee.values())}
    for part in parts(people):
        known.belongs |= dict.fromkeys(
            PartyMember.objects.filter(pk__in=part).values_list("pk", flat=True), ""
        )
        running = Membership.objects.filter(member_id__in=part, valid_to__isnull=True)
        known.belongs |= dict(running.order_by().values_list("member", "branch__name"))
    branches = list(Unit.objects.filter(kind=UnitKind.PARTY_BRANCH).order_by("path"))
    known.branches = _named(branches)
    by_path = {branch.path: branch.pk for branch in branches}
    grouped: dict[int, list[Unit]] = {}
    for group in Unit.objects.filter(kind=UnitKind.PARTY_GROUP).valid_on().order_by("path"):
        owner = by_path.get(group.path[: -Unit.steplen])
        if owner is not None:
            grouped.setdefault(owner, []).append(group)
    known.groups = {owner: _named(groups) for owner, groups in grouped.items()}
    return known


def repeated(lines: list[Line], letters: dict[str, str]) -> Iterator[CellFault]:
    """Yield a fault for every row whose number stood in a row above."""
    for name, words in (
        ("identity_number", _("The same identity number stands in row %(row)d.")),
        ("employee_number", _("The same employee number stands in row %(row)d.")),
    ):
        first: dict[Any, int] = {}
        for line in lines:
            value = line[name]
            if value and value in first:
                yield CellFault(line.number, letters.get(name, ""), words % {"row": first[value]})
            elif value:
                first[value] = line.number


def compared(lines: list[Line], known: Known, letters: dict[str, str]) -> Iterator[CellFault]:
    """Yield what does not fit what the portal knows."""
    today = timezone.localdate()
    for line in lines:
        checks: tuple[Callable[[Line, Known, datetime.date], Iterator[tuple[str, str]]], ...]
        checks = (_person_faults, _unit_faults)
        for check in checks:
            for name, words in check(line, known, today):
                yield CellFault(line.number, letters.get(name, ""), words)
    yield from _same_people(lines, known, letters)


def _same_people(lines: list[Line], known: Known, letters: dict[str, str]) -> Iterator[CellFault]:
    """Yield a fault for a person who stood in a row above by another number.

    The same number twice is found by `repeated`.
    """
    first: dict[int, Line] = {}
    for line in lines:
        key = person_of(line, known)
        if key is None:
            continue
        above = first.setdefault(key, line)
        is_repeated = any(
            line[name] and line[name] == above[name]
            for name in ("identity_number", "employee_number")
        )
        if above is not line and not is_repeated:
            words = _("This is the same person as in row %(row)d.") % {"row": above.number}
            yield CellFault(line.number, letters.get("name", ""), words)


def _person_faults(line: Line, known: Known, today: datetime.date) -> Iterator[tuple[str, str]]:
    number = line["identity_number"]
    index = blind_index(number) if number else ""
    if number and line["joined_on"].year - int(number[6:10]) < known.youngest:
        words = _("Nobody joins before the age of %(age)d. Please check both cells.")
        yield "joined_on", words % {"age": known.youngest}
    employee = known.by_employee.get(line["employee_number"])
    owner = known.by_identity.get(index or "")
    if line["employee_number"] and employee is None:
        yield "employee_number", _("Nobody has this employee number. Please check it.")
        return
    if employee is not None and owner is not None and employee.pk != owner.pk:
        yield "identity_number", _("This identity number belongs to somebody else.")
        return
    if employee is not None and number and employee.identity_index not in ("", index):
        yield (
            "identity_number",
            _("The register of people has another number for this employee."),
        )
    person = employee or owner
    if person is None:
        return
    if person.name != line["name"]:
        yield "name", _("The register of people has another name for this number.")
    if person.pk in known.belongs:
        branch = known.belongs[person.pk]
        if branch:
            yield (
                "name",
                _("This person belongs to “%(branch)s” already. Please transfer.")
                % {"branch": branch},
            )
        else:
            yield "name", _("This person was in the register before. Please enter by hand.")


def _unit_faults(line: Line, known: Known, today: datetime.date) -> Iterator[tuple[str, str]]:
    branch = branch_of(line, known)
    if branch is None:
        words = (
            _("Several branches are called “%(name)s”. Please write the code.")
            if line["branch"] in known.branches
            else _("There is no branch “%(name)s”.")
        )
        yield "branch", words % {"name": line["branch"][:40]}
        return
    try:
        check_branch(branch, today)
    except ValidationError as error:
        yield "branch", error.messages[0]
        return
    if since_of(line, today) < branch.valid_from:
        yield (
            "valid_from",
            _("“%(name)s” exists since %(day)s only.")
            % {"name": branch.name, "day": in_words(branch.valid_from)},
        )
    if line["group"] and known.groups.get(branch.pk, {}).get(line["group"]) is None:
        yield "group", _("“%(name)s” is no group of this branch.") % {"name": line["group"][:40]}


def branch_of(line: Line, known: Known) -> Unit | None:
    """Return the branch of a row."""
    return known.branches.get(line["branch"])


def since_of(line: Line, today: datetime.date) -> datetime.date:
    """Return from which day on somebody belongs to the branch: written, or since this year."""
    since: datetime.date | None = line["valid_from"]
    return since or max(line["joined_on"], today.replace(month=1, day=1))


def person_of(line: Line, known: Known) -> int | None:
    """Return the key of the person of a row, None for somebody the portal does not know."""
    number = line["identity_number"]
    found = known.by_employee.get(line["employee_number"]) or known.by_identity.get(
        (blind_index(number) or "") if number else ""
    )
    return found.pk if found else None
