"""A roster file: kept encrypted after it was compared, and taken over as a whole."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from branches.members.import_compare import (
    TOGETHER,
    Known,
    branch_of,
    compared,
    known_of,
    parts,
    person_of,
    repeated,
    since_of,
)
from branches.members.import_table import Line, read_table
from branches.members.permissions import may_keep_all
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
from portal.refusals import ChangedMeanwhile, NotYours
from portal.spreadsheets.faults import CellFault, SheetRefused

DAYS = ("joined_on", "confirmed_on", "valid_from")


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
        SheetRefused: with every fault, by row and column.
    """
    table = read_table(body)
    return _preview(table.lines, table.faults, table.letters, table.left_out)


def check_again(row: MemberImport) -> Preview:
    """Compare the rows that are kept with what the portal knows now.

    Raises:
        SheetRefused: something does not fit any more, with every fault.
    """
    kept = json.loads(row.content)
    return _preview(lines_of(kept["lines"]), [], kept["letters"], kept["left_out"])


def _preview(
    lines: list[Line], faults: list[CellFault], letters: dict[str, str], left_out: list[str]
) -> Preview:
    faults = [*faults, *repeated(lines, letters)]
    known = known_of(lines)
    faults += compared(lines, known, letters)
    if faults:
        raise SheetRefused(sorted(faults, key=lambda fault: (fault.row, fault.column)))
    counted = Counter(unit.name for line in lines if (unit := branch_of(line, known)))
    return Preview(
        lines,
        known,
        left_out,
        sorted(counted.items()),
        sum(line["confirmed_on"] is None for line in lines),
        sum(person_of(line, known) is None for line in lines),
    )


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
        SheetRefused: with every fault; nothing is kept.
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
    return MemberImport.keep(body, content, len(preview.lines), user), preview


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
    MemberImport.discard(import_id, user)


def forget_old() -> str:
    """Forget the rows of files that nobody confirmed for a week; a daily job."""
    return f"{MemberImport.forget_old()} rosters that nobody confirmed were forgotten"


def take_over(import_id: int, user: User) -> int:
    """Write every row of a kept file, or none; return how many.

    Raises:
        NotYours: the account takes over no workbooks.
        ChangedMeanwhile: it was taken over already, or the register changed in between.
        SheetRefused: something does not fit any more, with every fault.
    """
    require_keeper(user)
    try:
        with transaction.atomic():
            row = MemberImport.locked(import_id)
            # No branch is merged or dissolved while members are written into it.
            branches = Unit.objects.select_for_update(no_key=True).filter(
                kind=UnitKind.PARTY_BRANCH
            )
            list(branches.order_by("path").values_list("pk", flat=True))
            preview = check_again(row)
            _write(preview.lines, preview.known, user)
            row.mark_taken()
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
    keys = [person_of(line, known) for line in lines]
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
    for part in parts(by_key):
        for person in Person.objects.filter(pk__in=part):
            line = by_key[person.pk]
            changed = []
            for name in ("identity_number", "phone"):
                if line[name] and not getattr(person, name):
                    setattr(person, name, line[name])
                    changed.append(name)
            if changed:
                person.save(update_fields=changed)
