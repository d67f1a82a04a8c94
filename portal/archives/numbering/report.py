"""Find gaps and duplicates in archive codes, and numbers without their record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from portal.archives.models import CodeTemplate, IssuedCode, ItemCounter, Record
from portal.archives.numbering.writing import MalformedCode, read_code

GAPS_NAMED = 20
AT_ONCE = 500


@dataclass(frozen=True)
class CodeFault:
    """One thing wrong with the codes: in which series or code, and what."""

    place: str
    problem: str


def _series(year: int | None) -> Iterator[tuple[tuple[Any, ...], list[IssuedCode]]]:
    codes = IssuedCode.objects.all()
    if year is not None:
        codes = codes.filter(year=year)
    ordered = codes.order_by(
        "fonds_id", "category", "year", "period", "archive_class_id", "item_number"
    )
    keyed = groupby(
        ordered.iterator(2000),
        key=lambda code: (
            code.fonds_id,
            code.category,
            code.year,
            code.period,
            code.archive_class_id,
        ),
    )
    for key, group in keyed:
        yield key, list(group)


def _series_faults(
    key: tuple[Any, ...], codes: list[IssuedCode], next_number: int | None
) -> Iterator[CodeFault]:
    place = "{}-{}·{}-{}-{}".format(*key)
    numbers = [code.item_number for code in codes]
    missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
    if missing:
        shown = "、".join(str(number) for number in missing[:GAPS_NAMED])
        yield CodeFault(place, _("numbers are missing: %(numbers)s") % {"numbers": shown})
    if len(numbers) != len(set(numbers)):
        yield CodeFault(place, _("an item number was issued twice"))
    if next_number != max(numbers) + 1:
        yield CodeFault(place, _("the counter does not stand behind the last number"))


def _code_faults(codes: list[IssuedCode], template: CodeTemplate | None) -> Iterator[CodeFault]:
    held = dict(
        Record.objects.filter(pk__in=[code.record_id for code in codes]).values_list(
            "pk", "archive_code"
        )
    )
    for code in codes:
        if code.voided_at is None and held.get(code.record_id) != code.code:
            yield CodeFault(code.code, _("its record does not carry it"))
        if code.voided_at is not None and held.get(code.record_id) == code.code:
            yield CodeFault(code.code, _("it is void, but its record still carries it"))
        if template is None:
            yield CodeFault(code.code, _("its year has no template"))
            continue
        try:
            parts = read_code(template, code.code)
        except MalformedCode as error:
            yield CodeFault(code.code, str(error))
            continue
        written = (parts.fonds, parts.category, parts.year, parts.period, parts.class_code)
        fields = (code.fonds_id, code.category, code.year, code.period, code.archive_class_id)
        if written != fields or parts.item != code.item_number:
            yield CodeFault(code.code, _("the code and its parts do not agree"))


def code_faults(year: int | None = None) -> Iterator[CodeFault]:
    """Yield gaps, duplicates, malformed codes, and codes that their record does not carry."""
    templates = {(row.fonds_id, row.year): row for row in CodeTemplate.objects.all()}
    counters = {
        (row.fonds_code, row.category, row.year, row.period, row.class_code): row.next_number
        for row in ItemCounter.objects.all()
    }
    for key, codes in _series(year):
        yield from _series_faults(key, codes, counters.get(key))
        for first in range(0, len(codes), AT_ONCE):
            yield from _code_faults(codes[first : first + AT_ONCE], templates.get((key[0], key[2])))
    issued = IssuedCode.objects.filter(voided_at__isnull=True).values("code")
    strays = Record.objects.filter(archive_code__isnull=False).exclude(archive_code__in=issued)
    if year is not None:
        strays = strays.filter(year=year)
    for code in strays.values_list("archive_code", flat=True):
        yield CodeFault(str(code), _("a record carries it, but it was never issued"))


def series_summary(year: int | None = None) -> list[dict[str, Any]]:
    """Return for each lowest class how many numbers were issued and how many are void."""
    codes = IssuedCode.objects.all()
    if year is not None:
        codes = codes.filter(year=year)
    rows: Any = (
        codes.order_by("-year", "fonds_id", "category", "period", "archive_class_id")
        .values("fonds_id", "category", "year", "period", "archive_class_id", "archive_class__name")
        .annotate(issued=Count("pk"), void=Count("voided_at"))
    )
    return list(rows)
