"""Old honors from a workbook: checked and kept, taken over by one person, confirmed by another."""

from __future__ import annotations

import datetime
import io
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from honors.awards.entry import enter
from honors.awards.granting import tell_granted
from honors.awards.import_photographs import close_all, photographs
from honors.awards.import_source import capture_import
from honors.awards.import_table import Line, read_table, subject_of
from honors.awards.numbers import next_numbers
from honors.awards.permissions import may_confirm, may_prepare_all
from honors.models import Award, HonorImport, Title
from portal.files import services as files
from portal.files.models import StoredFile
from portal.organizations.models import Unit
from portal.pages.models import PortalImage
from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from portal.spreadsheets.faults import CellFault, SheetRefused

OWNER_KIND = "honor-import"
#: Owners hold a bounded number of files, so each photograph has an owner of its own.
OWNER_ID = "{pk}-{row}"


@dataclass(frozen=True)
class Preview:
    """What a workbook that can be taken over holds."""

    lines: list[Line]
    photographs: int

    def by_title(self) -> list[tuple[str, int]]:
        """Return how many honors there are of each title."""
        names = dict(Title.objects.values_list("code", "name"))
        counts: dict[str, int] = defaultdict(int)
        for line in self.lines:
            counts[names[line.values["title"]]] += 1
        return sorted(counts.items())


def _require_keeper(user: User) -> None:
    if not may_prepare_all(user):
        raise NotYours(_("Workbooks are taken over by the Party affairs department."))


def _refuse_known(lines: list[Line], column: str) -> None:
    """Refuse honors the register has already.

    Raises:
        SheetRefused: with every one of them.
    """
    years = {line.values["year"] for line in lines}
    rows = Award.objects.filter(year__in=years).values_list(
        "title__code", "year", "person__employee_number", "unit__code", "subject_name"
    )
    have: set[tuple[Any, ...]] = set()
    for title, year, number, unit, name in rows:
        have |= {(title, year, number), (title, year, unit, name)}
    faults = [
        CellFault(line.row, column, _("The register has this honor already."))
        for line in lines
        if subject_of(line.values) in have
    ]
    if faults:
        raise SheetRefused(faults)


def keep(body: bytes, zipped: Any, user: User) -> HonorImport:
    """Check a workbook and its photographs, and keep them until they are taken over.

    Raises:
        NotYours: the account takes over no workbooks.
        SheetRefused: with every fault; nothing is kept.
    """
    _require_keeper(user)
    table = read_table(body)
    lines = table.lines
    _refuse_known(lines, table.letters["name"])
    checked = photographs(zipped, lines, table.letters.get("photograph", ""))
    try:
        with transaction.atomic():
            content = json.dumps([[line.row, line.values] for line in lines], ensure_ascii=False)
            row = HonorImport.keep(body, content, len(lines), user)
            for number, upload in checked.items():
                stored = files.receive(upload, user=user, purpose="photograph")
                files.claim([stored], OWNER_KIND, OWNER_ID.format(pk=row.pk, row=number), by=user)
    finally:
        close_all(checked)
    return row


def lines_of(row: HonorImport) -> list[Line]:
    """Return the honors of a workbook that waits."""
    return [Line(number, values) for number, values in json.loads(row.content)]


def preview_of(row: HonorImport) -> Preview:
    """Return what a workbook that waits holds."""
    return Preview(lines_of(row), _stored(row.pk).count())


def _stored(pk: int) -> Any:
    return StoredFile.objects.filter(
        owner_kind=OWNER_KIND, owner_id__startswith=f"{pk}-", state="claimed"
    )


@transaction.atomic
def take_over(pk: int, user: User) -> int:
    """Write the honors of a workbook; they wait for a second person. Return how many.

    Raises:
        NotYours: the account takes over no workbooks.
        ChangedMeanwhile: it was taken over or discarded already.
        SheetRefused: the register has some of them by now.
    """
    _require_keeper(user)
    row = HonorImport.locked(pk)
    lines = lines_of(row)
    _refuse_known(lines, "")
    titles = {title.code: title for title in Title.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    numbers = {line.values["employee_number"] for line in lines} - {""}
    people = {
        one.employee_number: one for one in Person.objects.filter(employee_number__in=numbers)
    }
    stored = {file.owner_id: file for file in _stored(pk)}
    for line in lines:
        values = line.values
        picture = stored.get(OWNER_ID.format(pk=pk, row=line.row))
        enter(
            {
                "title": titles[values["title"]],
                "year": values["year"],
                "person": people.get(values["employee_number"]),
                "subject_name": values["name"],
                "position": values["position"],
                "unit": units[values["unit"]],
                "decision_number": values["decision_number"],
                "decided_on": datetime.date.fromisoformat(values["decided_on"]),
                "number": values["number"],
                "gender": values["gender"],
                "age": values["age"],
                "front_line": values["front_line"],
                "picture": _picture(picture, values, user) if picture else None,
                "taken_from": row,
            },
            user,
        )
    row.mark_taken()
    _remove_photographs(pk)
    return len(lines)


def _picture(stored: StoredFile, values: dict[str, Any], user: User) -> PortalImage:
    """Put a photograph into the library, from where the wall shows it."""
    body = io.BytesIO(b"".join(files.read(stored)))
    ending = ".png" if stored.media_type == "image/png" else ".jpg"
    name = f"{values['name']} {values['year']}"
    made: PortalImage = PortalImage.objects.create(
        title=name,
        description=values["name"],
        file=ImageFile(body, name=f"{name}{ending}"),
        uploaded_by_user=user,
    )
    return made


def _remove_photographs(pk: int) -> None:
    for owner_id in _stored(pk).values_list("owner_id", flat=True):
        files.remove_of(OWNER_KIND, owner_id)


@transaction.atomic
def discard(pk: int, user: User) -> None:
    """Forget a workbook of the account that was not taken over, photographs included."""
    HonorImport.locked(pk)
    _remove_photographs(pk)
    HonorImport.discard(pk, user)


def waiting_imports() -> Any:
    """Return the workbooks whose honors wait for confirmation."""
    waiting = Award.objects.waiting().filter(taken_from__isnull=False)
    return (
        HonorImport.objects.filter(pk__in=waiting.values("taken_from"))
        .select_related("uploaded_by__person")
        .order_by("pk")
    )


def _locked_awards(pk: int) -> tuple[HonorImport, list[Award]]:
    row = HonorImport.objects.select_for_update(of=("self",)).get(pk=pk)
    awards = list(
        Award.objects.waiting()
        .filter(taken_from=pk)
        .select_for_update(of=("self",))
        .select_related("title")
        .order_by("pk")
    )
    if not awards:
        raise ChangedMeanwhile(_("Somebody else dealt with this workbook already."))
    return row, awards


@transaction.atomic
def confirm(pk: int, by: User) -> int:
    """Confirm all honors of a workbook; those without a number get one. Return how many.

    Raises:
        HonorImport.DoesNotExist: there is none.
        ChangedMeanwhile: somebody else dealt with it.
        NotYours: the account does not confirm, or prepared the workbook.
        NotPossible: an honor is the account's own.
    """
    row, awards = _locked_awards(pk)
    if not may_confirm(by):
        raise NotYours(_("Your role does not confirm awards."))
    if row.uploaded_by_id == by.pk:
        raise NotYours(_("You prepared this workbook. Please ask a colleague to confirm it."))
    if by.person_id is not None and any(award.person_id == by.person_id for award in awards):
        raise NotPossible(_("Nobody confirms an award of their own."))
    series: dict[tuple[int, str], list[Award]] = defaultdict(list)
    for award in awards:
        if not award.number:
            series[award.year, award.title.number_mark].append(award)
    for (year, mark), members in sorted(series.items()):
        for award, number in zip(members, next_numbers(year, mark, len(members)), strict=True):
            award.number = number
    now = timezone.now()
    for award in awards:
        award.confirmed_by, award.confirmed_at = by, now
    Award.objects.bulk_update(awards, ["number", "confirmed_by", "confirmed_at"], batch_size=200)
    capture_import(pk)
    tell_granted(awards)
    return len(awards)


@transaction.atomic
def refuse_import(pk: int, by: User) -> int:
    """Discard all honors of a workbook nobody confirmed, photographs included.

    Raises:
        ChangedMeanwhile: somebody else dealt with it.
        NotYours: the account neither prepared nor confirms it.
    """
    row, awards = _locked_awards(pk)
    if not (may_confirm(by) or row.uploaded_by_id == by.pk):
        raise NotYours(_("Your role does not confirm awards."))
    pictures = [award.picture_id for award in awards if award.picture_id]
    Award.objects.filter(pk__in=[award.pk for award in awards]).delete()
    for picture in PortalImage.objects.filter(Q(pk__in=pictures)):
        picture.delete()
    return len(awards)


def forget_old() -> str:
    """Forget workbooks nobody took over in time; return a line for the log."""
    before = timezone.now() - datetime.timedelta(days=7)
    for row in HonorImport.objects.filter(taken_at=None, uploaded_at__lt=before):
        _remove_photographs(row.pk)
    return f"{HonorImport.forget_old()} workbooks of honors forgotten"
