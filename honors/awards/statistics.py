"""Statistics of honors: by unit, kind, gender and age band, and the share of the front line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from openpyxl import Workbook

from honors.awards.listing import Choice
from honors.models import Gender, SubjectKind
from portal.organizations.models import Unit
from portal.spreadsheets import add_heading, add_row, add_sheet

#: Upper ends of the age bands in years, as annual statistics of the Party tell them apart.
AGE_BANDS = (35, 45, 54, 59)
_AWARD_WIDTHS = (24, 10, 22, 28, 22, 22, 14, 26, 12, 22, 14, 30, 8, 8, 8)


@dataclass(frozen=True)
class Part:
    """One line of a table: what it counts, how many, and of how many."""

    name: str
    count: int
    share: str


def percent(part: int, whole: int) -> str:
    """Return a share in per cent with one decimal, half up; a dash where there is nothing."""
    if not whole:
        return "—"
    share = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{share}%"


def age_band(age: int | None) -> int | None:
    """Return the place of the band an age falls into, None where it is not known."""
    if age is None:
        return None
    return sum(age > upper for upper in AGE_BANDS)


def band_name(place: int) -> str:
    """Return the name of an age band, such as 36 to 45 years."""
    if place == 0:
        return _("%(age)d years or younger") % {"age": AGE_BANDS[0]}
    if place == len(AGE_BANDS):
        return _("%(age)d years or older") % {"age": AGE_BANDS[-1] + 1}
    first, last = AGE_BANDS[place - 1] + 1, AGE_BANDS[place]
    return _("%(first)d to %(last)d years") % {"first": first, "last": last}


@dataclass(frozen=True)
class Figures:
    """What a set of honors comes to; those that were revoked are not counted.

    Attributes:
        people: how many honors went to single persons; genders and ages are of them.
        front_line: (front line, known) of persons, posts and teams.
    """

    total: int
    people: int
    by_title: list[Part]
    by_unit: list[Part]
    by_kind: list[Part]
    by_gender: list[Part]
    by_age: list[Part]
    front_line: Part


def _parts(counts: Iterable[tuple[str, int]], whole: int) -> list[Part]:
    return [Part(name, count, percent(count, whole)) for name, count in counts]


def figures_of(choice: Choice) -> Figures:
    """Return the figures of what is chosen, by two queries for any number of honors."""
    rows: Any = choice.rows()
    groups = list(
        rows.counting()
        .order_by()
        .values_list("title_name", "unit", "subject_kind", "gender", "age", "front_line")
        .annotate(count=Count("pk"))
    )
    titles: Counter[str] = Counter()
    units: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    genders: Counter[str] = Counter()
    bands: Counter[int | None] = Counter()
    front: Counter[bool | None] = Counter()
    for title, unit, kind, gender, age, at_front, count in groups:
        titles[title] += count
        units[unit] += count
        kinds[kind] += count
        front[at_front] += count
        if kind == SubjectKind.PERSON:
            genders[gender] += count
            bands[age_band(age)] += count
    total, people = sum(titles.values()), kinds[SubjectKind.PERSON]
    known = front[True] + front[False]
    found = Unit.objects.filter(pk__in=units).order_by("path").values_list("pk", "name")
    names = [(name, units[pk]) for pk, name in found]
    unknown = _("Not known")
    return Figures(
        total=total,
        people=people,
        by_title=_parts(sorted(titles.items(), key=lambda row: (-row[1], row[0])), total),
        by_unit=_parts(names, total),
        by_kind=_parts(
            [(str(kind.label), kinds[kind]) for kind in SubjectKind if kinds[kind]], total
        ),
        by_gender=_parts(
            [
                *((str(gender.label), genders[gender]) for gender in Gender),
                *([(unknown, genders[""])] if genders[""] else []),
            ],
            people,
        ),
        by_age=_parts(
            [
                *((band_name(place), bands[place]) for place in range(len(AGE_BANDS) + 1)),
                *([(unknown, bands[None])] if bands[None] else []),
            ],
            people,
        ),
        front_line=Part(_("Front line"), front[True], percent(front[True], known)),
    )


def figures_workbook(figures: Figures) -> Workbook:
    """Return the figures as a workbook, a sheet for each table."""
    book = Workbook(write_only=True)
    for title, parts in (
        ("按称号", figures.by_title),
        ("按单位", figures.by_unit),
        ("按对象", figures.by_kind),
        ("按性别", figures.by_gender),
        ("按年龄", figures.by_age),
        ("一线占比", [figures.front_line]),
    ):
        sheet = add_sheet(book, title, (34, 10, 10))
        add_heading(sheet, ("项目", "数量", "占比"))
        for part in parts:
            add_row(sheet, (part.name, part.count, part.share))
    return book


def awards_workbook(rows: Any) -> Workbook:
    """Return awards as a workbook, row by row."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, "荣誉名册", _AWARD_WIDTHS)
    add_heading(
        sheet,
        ("证书编号", "年度", "称号", "获奖人（单位）", "岗位或班组", "所在单位", "表彰日期")
        + ("表彰文号", "状态", "变更文号", "变更日期", "变更原因", "性别", "年龄", "一线"),
    )
    words = {True: "是", False: "否", None: ""}
    for award in rows.iterator(chunk_size=500):
        add_row(
            sheet,
            (
                *(award.number, award.year, award.title_name, award.subject_name),
                *(award.position, award.unit_name, award.decided_on, award.decision_number),
                award.get_state_display() if award.is_confirmed else _("Waits for confirmation"),
                *(award.state_number, award.state_on, award.state_reason),
                *(award.get_gender_display(), award.age, words[award.front_line]),
            ),
        )
    return book
