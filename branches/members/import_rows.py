"""A roster file: compared with what the portal knows, kept encrypted, taken over as a whole."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from branches.dates import in_words
from branches.members.import_table import Fault, Line, RosterRefused, read_table
from branches.members.permissions import may_keep_all
from branches.members.register import check_branch
from branches.models import (
    ChangeKind,
    MemberImport,
    Membership,
    PartyMember,
    Start,
    StatusChange,
)
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person, User
from portal.personal_data.encryption import blind_index
from portal.refusals import ChangedMeanwhile, NotYours

DAYS_KEPT = 7
DAYS = ("joined_on", "confirmed_on", "valid_from")
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
    """

    by_identity: dict[str, KnownPerson] = field(default_factory=dict)
    by_employee: dict[str, KnownPerson] = field(default_factory=dict)
    branches: dict[str, Unit | None] = field(default_factory=dict)
    groups: dict[int, dict[str, Unit | None]] = field(default_factory=dict)
    belongs: dict[int, str] = field(default_factory=dict)


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
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
    known = Known()
    columns = ("pk", "name", "employee_number", "identity_number_index")
    indexes = {blind_index(line["identity_number"]) for line in lines if line["identity_number"]}
    for part in _parts(indexes):
        rows = Person.objects.filter(identity_number_index__in=part).order_by()
        for row in rows.values_list(*columns):
            person = KnownPerson(row[0], row[1], row[2] or "", row[3] or "")
            known.by_identity[person.identity_index] = person
    numbers = {line["employee_number"] for line in lines if line["employee_number"]}
    for part in _parts(numbers):
        rows = Person.objects.filter(employee_number__in=part).order_by()
        for row in rows.values_list(*columns):
            person = KnownPerson(row[0], row[1], row[2] or "", row[3] or "")
            known.by_employee[person.employee_number] = person
    people = {one.pk for one in (*known.by_identity.values(), *known.by_employee.values())}
    for part in _parts(people):
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


def repeated(lines: list[Line], letters: dict[str, str]) -> Iterator[Fault]:
    """Yield a fault for every row whose number stood in a row above."""
    for name, words in (
        ("identity_number", _("The same identity number stands in row %(row)d.")),
        ("employee_number", _("The same employee number stands in row %(row)d.")),
    ):
        first: dict[Any, int] = {}
        for line in lines:
            value = line[name]
            if value and value in first:
                yield Fault(line.number, letters.get(name, ""), words % {"row": first[value]})
            elif value:
                first[value] = line.number


def compared(lines: list[Line], known: Known, letters: dict[str, str]) -> Iterator[Fault]:
    """Yield what does not fit what the portal knows."""
    today = timezone.localdate()
    for line in lines:
        checks: tuple[Callable[[Line, Known, datetime.date], Iterator[tuple[str, str]]], ...]
        checks = (_person_faults, _unit_faults)
        for check in checks:
            for name, words in check(line, known, today):
                yield Fault(line.number, letters.get(name, ""), words)
    yield from _same_people(lines, known, letters)


def _same_people(lines: list[Line], known: Known, letters: dict[str, str]) -> Iterator[Fault]:
    """Yield a fault for a person who stood in a row above by another number.

    The same number twice is found by `repeated`.
    """
    first: dict[int, Line] = {}
    for line in lines:
        key = _person_of(line, known)
        if key is None:
            continue
        above = first.setdefault(key, line)
        is_repeated = any(
            line[name] and line[name] == above[name]
            for name in ("identity_number", "employee_number")
        )
        if above is not line and not is_repeated:
            words = _("This is the same person as in row %(row)d.") % {"row": above.number}
            yield Fault(line.number, letters.get("name", ""), words)


def _person_faults(line: Line, known: Known, today: datetime.date) -> Iterator[tuple[str, str]]:
    number = line["identity_number"]
    index = blind_index(number) if number else ""
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


@dataclass(frozen=True)
class Preview:
    """What a file that can be taken over holds."""

    lines: list[Line]
    known: Known
    left_out: list[str]
    branches: list[tuple[str, int]]
    probationary: int
    new_people: int


def check(body: bytes) -> Preview:
    """Read a file; nothing is written.

    Raises:
        RosterRefused: with every fault, by row and column.
    """
    table = read_table(body)
    return _preview(table.lines, table.faults, table.letters, table.left_out)


def check_again(row: MemberImport) -> Preview:
    """Compare the rows that are kept with what the portal knows now.

    Raises:
        RosterRefused: something does not fit any more, with every fault.
    """
    kept = json.loads(row.content)
    return _preview(lines_of(kept["lines"]), [], kept["letters"], kept["left_out"])


def _preview(
    lines: list[Line], faults: list[Fault], letters: dict[str, str], left_out: list[str]
) -> Preview:
    faults = [*faults, *repeated(lines, letters)]
    known = known_of(lines)
    faults += compared(lines, known, letters)
    if faults:
        raise RosterRefused(sorted(faults, key=lambda fault: (fault.row, fault.column)))
    counted = Counter(unit.name for line in lines if (unit := branch_of(line, known)))
    return Preview(
        lines,
        known,
        left_out,
        sorted(counted.items()),
        sum(line["confirmed_on"] is None for line in lines),
        sum(_person_of(line, known) is None for line in lines),
    )


def _person_of(line: Line, known: Known) -> int | None:
    number = line["identity_number"]
    found = known.by_employee.get(line["employee_number"]) or known.by_identity.get(
        (blind_index(number) or "") if number else ""
    )
    return found.pk if found else None


def require_keeper(user: User) -> None:
    """Refuse who does not take over workbooks.

    Raises:
        NotYours: only the Party affairs department does.
    """
    if not may_keep_all(user):
        raise NotYours(_("Workbooks are taken over by the Party affairs department."))


def keep(body: bytes, user: User) -> tuple[MemberImport, Preview]:
    """Check a file and keep its rows, encrypted, until they are confirmed.

    Raises:
        NotYours: the account takes over no workbooks.
        RosterRefused: with every fault; nothing is kept.
    """
    require_keeper(user)
    table = read_table(body)
    preview = _preview(table.lines, table.faults, table.letters, table.left_out)
    content = json.dumps(
        {
            "lines": [[line.number, line.values] for line in preview.lines],
            "letters": table.letters,
            "left_out": table.left_out,
        },
        ensure_ascii=False,
        default=lambda day: day.isoformat(),
    )
    row = MemberImport.objects.create(
        sha256=hashlib.sha256(body).hexdigest(),
        content=content,
        row_count=len(preview.lines),
        uploaded_by=user,
        uploaded_at=timezone.now(),
    )
    return row, preview


def lines_of(kept: list[Any]) -> list[Line]:
    """Return rows from what is kept of them."""
    lines = []
    for number, values in kept:
        for name in DAYS:
            if values[name]:
                values[name] = datetime.date.fromisoformat(values[name])
        lines.append(Line(number, values))
    return lines


@transaction.atomic
def discard(import_id: int, user: User) -> None:
    """Forget a file that was not taken over."""
    require_keeper(user)
    MemberImport.objects.filter(pk=import_id, taken_at=None, uploaded_by=user).delete()


def forget_old() -> str:
    """Forget the rows of files that nobody confirmed for a week; a daily job."""
    before = timezone.now() - datetime.timedelta(days=DAYS_KEPT)
    count, _rows = MemberImport.objects.filter(taken_at=None, uploaded_at__lt=before).delete()
    return f"{count} rosters that nobody confirmed were forgotten"


def take_over(import_id: int, user: User) -> int:
    """Write every row of a kept file, or none; return how many.

    Raises:
        NotYours: the account takes over no workbooks.
        ChangedMeanwhile: it was taken over already, or the register changed in between.
        RosterRefused: something does not fit any more, with every fault.
    """
    require_keeper(user)
    try:
        with transaction.atomic():
            row = MemberImport.objects.select_for_update().filter(pk=import_id).first()
            if row is None or row.taken_at is not None or not row.content:
                raise ChangedMeanwhile(_("This workbook was taken over or discarded already."))
            # No branch is merged or dissolved while members are written into it.
            branches = Unit.objects.select_for_update(no_key=True).filter(
                kind=UnitKind.PARTY_BRANCH
            )
            list(branches.order_by("path").values_list("pk", flat=True))
            preview = check_again(row)
            _write(preview.lines, preview.known, user)
            row.content, row.taken_at = "", timezone.now()
            row.save(update_fields=["content", "taken_at"])
            log(row, "branches.roster_imported", user=user)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            _("Somebody changed the register at this moment. Please check the workbook again.")
        ) from error
    return len(preview.lines)


def _write(lines: list[Line], known: Known, user: User) -> None:
    """Write people, members, memberships and history, a few hundred rows at a time."""
    today = timezone.localdate()
    people = _people(lines, known)
    PartyMember.objects.bulk_create(
        (
            PartyMember(
                person_id=key, joined_on=line["joined_on"], confirmed_on=line["confirmed_on"]
            )
            for line, key in zip(lines, people, strict=True)
        ),
        batch_size=TOGETHER,
    )
    memberships = []
    changes = []
    for line, key in zip(lines, people, strict=True):
        branch = branch_of(line, known)
        if branch is None:
            raise ChangedMeanwhile(_("This workbook was taken over or discarded already."))
        since = since_of(line, today)
        group = known.groups.get(branch.pk, {}).get(line["group"]) if line["group"] else None
        memberships.append(
            Membership(
                member_id=key,
                branch=branch,
                group=group,
                valid_from=since,
                start=Start.REGISTERED,
            )
        )
        changes.append(
            StatusChange(
                member_id=key,
                kind=ChangeKind.REGISTERED,
                branch=branch,
                day=since,
                words=f"{branch.name}，名册导入",
                made_by=user,
            )
        )
    Membership.objects.bulk_create(memberships, batch_size=TOGETHER)
    StatusChange.objects.bulk_create(changes, batch_size=TOGETHER)


def _people(lines: list[Line], known: Known) -> list[int]:
    """Return the key of the person of each row; unknown people are written."""
    keys = [_person_of(line, known) for line in lines]
    fresh = {
        place: Person(
            name=line["name"], identity_number=line["identity_number"], phone=line["phone"]
        )
        for place, (line, key) in enumerate(zip(lines, keys, strict=True))
        if key is None
    }
    Person.objects.bulk_create(fresh.values(), batch_size=TOGETHER)
    _complete(lines, keys)
    return [fresh[place].pk if key is None else key for place, key in enumerate(keys)]


def _complete(lines: list[Line], keys: list[int | None]) -> None:
    """Write identity number and phone of known people that had none."""
    by_key = {key: line for line, key in zip(lines, keys, strict=True) if key is not None}
    for part in _parts(by_key):
        for person in Person.objects.filter(pk__in=part):
            line = by_key[person.pk]
            changed = []
            for name in ("identity_number", "phone"):
                if line[name] and not getattr(person, name):
                    setattr(person, name, line[name])
                    changed.append(name)
            if changed:
                person.save(update_fields=changed)
