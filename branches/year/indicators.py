"""How branches stand on a day by a dozen indicators, each with its threshold and its clause.

Source: section 2.7 of the domain facts. Meetings come from the requirements of organizational
life, size and term from the rules of structure, the rest from `IndicatorRule`. Nothing is
forbidden by any of them.
"""

from __future__ import annotations

import datetime
import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.models import (
    Activity,
    Attendance,
    IndicatorCode,
    IndicatorRule,
    LifeRequirement,
    Membership,
    Presence,
    RuleCode,
    SafetyPledge,
    StructureRule,
    Talk,
    covers,
)
from branches.models.attendance import PRESENT
from branches.organization.checks import Finding
from branches.organization.reading import rules_of, standings
from branches.year.reading import Row, years_of
from branches.year.standing import Standing
from portal.organizations.models import Unit
from portal.workdays.calendar import current

ELECTION = "election"
STRUCTURE = "structure"
#: What the rules of structure say of a term; everything else is about size.
OF_TERM = frozenset({RuleCode.OVERDUE, RuleCode.ELECTION, RuleCode.TERM, RuleCode.EXTENSION})


class Light(enum.Enum):
    """Where an indicator stands. The word says it; the colour only repeats it."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    NONE = "none"

    @property
    def words(self) -> Any:
        """The word in the cell."""
        return _WORDS[self]

    @property
    def tone(self) -> str:
        """The colour."""
        return {"good": "green", "watch": "amber", "bad": "red"}.get(self.value, "")


_WORDS = {
    Light.GOOD: pgettext_lazy("indicator", "Fine"),
    Light.WATCH: pgettext_lazy("indicator", "Watch"),
    Light.BAD: pgettext_lazy("indicator", "Not reached"),
    Light.NONE: "—",
}


@dataclass(frozen=True)
class Indicator:
    """One column: what is measured, by which clause."""

    code: str
    name: Any
    clause: str
    is_unverified: bool = False


@dataclass(frozen=True)
class Reading:
    """One cell: where a branch stands, the number behind it in words, and sentences about it."""

    light: Light
    words: str
    note: str = ""


@dataclass(frozen=True)
class BranchIndicators:
    """One branch with a reading for each indicator, in their order."""

    branch: Unit
    readings: list[Reading]

    def count(self, light: Light) -> int:
        """How many stand like this."""
        return sum(one.light is light for one in self.readings)


@dataclass(frozen=True)
class Panel:
    """Branches by indicators."""

    indicators: list[Indicator]
    rows: list[BranchIndicators]


def light_of(rule: IndicatorRule, value: float, day: datetime.date) -> Light:
    """Return where a number stands by its rule on a day.

    Before the day of the year from which the rule is strict, a bad number is to be watched.
    """
    good, fair = float(rule.good), float(rule.fair)
    fewer_is_better = rule.code == IndicatorCode.RECORDS
    if (value <= good) if fewer_is_better else (value >= good):
        return Light.GOOD
    if (value <= fair) if fewer_is_better else (value >= fair):
        return Light.WATCH
    is_strict = (day.month, day.day) >= (rule.strict_month, rule.strict_day)
    return Light.BAD if is_strict else Light.WATCH


def panel(branches: Iterable[Unit], today: datetime.date | None = None) -> Panel:
    """Return how branches stand on a day, by a fixed number of queries."""
    day = today or timezone.localdate()
    found = list(branches)
    requirements = list(LifeRequirement.objects.all())
    rules = list(IndicatorRule.objects.all())
    columns: list[dict[int, Reading]] = [
        {row.branch.pk: _meeting(row, day) for row in view.rows}
        for view in years_of(found, requirements, day.year, day)
    ]
    columns += [_COUNTED[IndicatorCode(rule.code)](found, rule, day) for rule in rules]
    columns += _structure(found, day)
    return Panel(
        [
            *(
                Indicator(one.kind, one.get_kind_display(), one.clause, one.is_unverified)
                for one in requirements
            ),
            *(
                Indicator(one.code, one.get_code_display(), one.clause, one.is_unverified)
                for one in rules
            ),
            *_structure_indicators(),
        ],
        [
            BranchIndicators(branch, [column.get(branch.pk, _NOTHING) for column in columns])
            for branch in found
        ],
    )


_NOTHING = Reading(Light.NONE, "")


def _meeting(row: Row, day: datetime.date) -> Reading:
    missing, late = row.count(Standing.MISSING), row.count(Standing.LATE)
    present = next(
        (cell.standing for cell in row.cells if cell.span.first <= day <= cell.span.last), None
    )
    held = row.count(Standing.DONE, Standing.LATE)
    if missing:
        return Reading(Light.BAD, _("%(count)d missing") % {"count": missing})
    if present is Standing.DUE:
        return Reading(Light.WATCH, str(Standing.DUE.words))
    if late:
        return Reading(Light.WATCH, _("%(count)d late records") % {"count": late})
    if held:
        return Reading(Light.GOOD, _("%(count)d held") % {"count": held})
    if present in (Standing.PLANNED, Standing.OPEN, Standing.EXPLAINED):
        return Reading(Light.GOOD, str(present.words))
    return _NOTHING


def _attendance(branches: Sequence[Unit], rule: IndicatorRule, day: datetime.date) -> _Column:
    rows = (
        Attendance.objects.filter(
            is_guest=False, activity__held_on__year=day.year, activity__held_on__lte=day
        )
        .exclude(presence=Presence.EXPECTED)
        .order_by()
        .values_list("activity__branch")
        .annotate(should=Count("pk"), came=Count("pk", filter=Q(presence__in=PRESENT)))
    )
    return {branch: _share(rule, came, should, day) for branch, should, came in rows}


def _records(branches: Sequence[Unit], rule: IndicatorRule, day: datetime.date) -> _Column:
    known = current()
    lengths: dict[int, list[int]] = defaultdict(list)
    rows = Activity.objects.filter(
        held_on__year=day.year, held_on__lte=day, recorded_on__isnull=False
    ).order_by()
    for branch, held_on, recorded_on in rows.values_list("branch", "held_on", "recorded_on"):
        if recorded_on is not None:
            is_later = recorded_on > held_on
            span = known.working_days_between(held_on, recorded_on).days if is_later else 0
            lengths[branch].append(span)
    column = {}
    for branch, days in lengths.items():
        average = sum(days) / len(days)
        words = _("%(days).1f working days on average") % {"days": average}
        column[branch] = Reading(light_of(rule, average, day), words)
    return column


def _talks(branches: Sequence[Unit], rule: IndicatorRule, day: datetime.date) -> _Column:
    members: dict[int, set[int]] = defaultdict(set)
    for branch, member in (
        Membership.objects.filter(covers(day)).order_by().values_list("branch", "member")
    ):
        members[branch].add(member)
    talked: dict[int, set[int]] = defaultdict(set)
    for branch, talker, partner in (
        Talk.objects.filter(held_on__year=day.year, held_on__lte=day)
        .order_by()
        .values_list("branch", "talker", "partner")
    ):
        talked[branch] |= {talker, partner}
    return {
        branch: _share(rule, len(people & talked[branch]), len(people), day)
        for branch, people in members.items()
    }


def _pledges(branches: Sequence[Unit], rule: IndicatorRule, day: datetime.date) -> _Column:
    rows = (
        SafetyPledge.objects.filter(valid_from__lte=day, valid_to__gte=day)
        .order_by()
        .values_list("branch")
        .annotate(all=Count("pk"), signed=Count("pk", filter=~Q(signed_at=None)))
    )
    column = {branch: _share(rule, signed, count, day) for branch, count, signed in rows}
    nothing = Reading(light_of(rule, 0, day), _("none issued"))
    return {branch.pk: column.get(branch.pk, nothing) for branch in branches}


def _share(rule: IndicatorRule, part: int, whole: int, day: datetime.date) -> Reading:
    if not whole:
        return _NOTHING
    percent = 100 * part / whole
    words = _("%(percent)d %% (%(part)d of %(whole)d)") % {
        "percent": int(percent),
        "part": part,
        "whole": whole,
    }
    return Reading(light_of(rule, percent, day), words)


def _structure_indicators() -> list[Indicator]:
    rules: dict[str, StructureRule] = rules_of()
    term = rules.get(RuleCode.OVERDUE)
    size = rules.get(RuleCode.TOO_FEW)
    return [
        Indicator(ELECTION, gettext_lazy("Election"), term.clause if term else ""),
        Indicator(STRUCTURE, gettext_lazy("Structure"), size.clause if size else ""),
    ]


def _structure(branches: Sequence[Unit], day: datetime.date) -> list[_Column]:
    election: _Column = {}
    structure: _Column = {}
    for row in standings(branches, day):
        of_term = [one for one in row.findings if one.code in OF_TERM]
        election[row.branch.pk] = _found(of_term)
        structure[row.branch.pk] = _found([one for one in row.findings if one not in of_term])
    return [election, structure]


def _found(findings: Sequence[Finding]) -> Reading:
    if not findings:
        return Reading(Light.GOOD, "")
    light = Light.BAD if any(one.is_serious for one in findings) else Light.WATCH
    words = _("%(count)d notes") % {"count": len(findings)}
    return Reading(light, words, " ".join(one.words for one in findings))


_Column = dict[int, Reading]
_COUNTED = {
    IndicatorCode.ATTENDANCE: _attendance,
    IndicatorCode.RECORDS: _records,
    IndicatorCode.TALKS: _talks,
    IndicatorCode.PLEDGES: _pledges,
}
