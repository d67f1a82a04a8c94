"""A standard as pages show it: tables and lists in plain words."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from veterans.models.standard_rows import Need, Stage
from veterans.standards.answer_fields import plain
from veterans.standards.content import Amount, Limit, Material, Standard, Step
from veterans.standards.entitlement import money
from veterans.standards.vocabulary import field

if TYPE_CHECKING:
    from veterans.models import ItemVersion

_NOT_DIALLED = re.compile(r"[^0-9+]")


@dataclass(frozen=True)
class ShownAmount:
    """One row of the table of amounts, in words."""

    label: str
    amount: str
    times: str
    most: str
    note: str
    clause: str


@dataclass(frozen=True)
class ShownMaterial:
    """One material with what a reader needs to know of it."""

    material: Material
    need: str
    case: str


def lines(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def amount_words(row: Amount) -> str:
    """Return how much a row grants: 1,500元, 自付部分的60%, or what it is."""
    if row.method == "in-kind":
        return row.note
    if row.method == "fixed":
        more = _("%(amount)s yuan more") if row.adds else _("%(amount)s yuan")
        return more % {"amount": money(row.amount)}
    base = str(field(row.base_field).label).rstrip("？?")
    if row.method == "ratio":
        return _("%(share)s%% of: %(base)s") % {"share": plain(row.ratio * 100), "base": base}
    bands = []
    begin = "0"
    for end, share in row.bands:
        reach = f"{begin}—{money(end)}" if end is not None else f"{begin}—"
        bands.append(
            _("%(reach)s yuan: %(share)s%%") % {"reach": reach, "share": plain(share * 100)}
        )
        begin = money(end) if end is not None else begin
    return f"{base}：" + "；".join(bands)


def times_words(row: Amount) -> str:
    """Return how often an amount is paid: 每月，共12个月."""
    if row.method == "in-kind":
        return ""
    if row.quantity == 1:
        return _("once") if row.unit in ("", "次") else _("a %(unit)s") % {"unit": row.unit}
    counted = "个月" if row.unit == "月" else row.unit
    return _("a %(unit)s, %(count)d %(counted)s") % {
        "unit": row.unit,
        "count": row.quantity,
        "counted": counted,
    }


def most_words(row: Amount) -> str:
    """Return the caps of a row in words."""
    caps = []
    if row.cap_case is not None:
        caps.append(_("%(amount)s yuan each time") % {"amount": money(row.cap_case)})
    if row.cap_year is not None:
        caps.append(_("%(amount)s yuan a year") % {"amount": money(row.cap_year)})
    return "，".join(caps)


def shown_amounts(standard: Standard) -> list[ShownAmount]:
    """Return the table of amounts."""
    return [
        ShownAmount(
            row.label,
            amount_words(row),
            times_words(row),
            most_words(row),
            "" if row.method == "in-kind" else row.note,
            row.clause,
        )
        for row in standard.amounts
    ]


def shown_materials(standard: Standard) -> list[ShownMaterial]:
    """Return the list of materials with the cases in which they are needed."""
    return [
        ShownMaterial(
            one,
            str(Need(one.need).label),
            one.condition.case(),
        )
        for one in standard.materials
    ]


def days_words(limit: Limit) -> str:
    """Return 20个工作日 or 20天."""
    if limit.working:
        return _("%(count)d working days") % {"count": limit.days}
    return _("%(count)d calendar days") % {"count": limit.days}


def step_words(step: Step) -> str:
    """Return how long a step takes."""
    if step.working_days is None:
        return ""
    return _("within %(count)d working days") % {"count": step.working_days}


def shown_limits(standard: Standard) -> list[tuple[str, str, str]]:
    """Return stage, days and clause of every limit."""
    return [
        (str(Stage(limit.stage).label), days_words(limit), limit.clause)
        for limit in standard.limits
    ]


def dialled(phone: str) -> str:
    """Return a telephone number as a link dials it."""
    return _NOT_DIALLED.sub("", phone)


def standing(version: ItemVersion, today: datetime.date) -> str:
    """Return coming, in-force or ended."""
    if version.effective_from > today:
        return "coming"
    if version.effective_to is not None and version.effective_to < today:
        return "ended"
    return "in-force"


def standard_context(version: ItemVersion) -> dict[str, Any]:
    """Return what the templates of a standard show."""
    standard = version.standard
    return {
        "version": version,
        "standard": standard,
        "standing": standing(version, timezone.localdate()),
        "guide": lines(standard.guide),
        "people": lines(standard.people),
        "basis": lines(standard.basis),
        "payment": lines(standard.payment),
        "amounts": shown_amounts(standard),
        "materials": shown_materials(standard),
        "steps": [(step, step_words(step)) for step in standard.steps],
        "limits": shown_limits(standard),
        "dialled": dialled(standard.phone),
    }
