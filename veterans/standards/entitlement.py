"""How much it is: computed in Decimal from the table of amounts, each step written down.

amount = min(cap of the case, what is left of the year's cap, round half up(base × share)).
Rounding is to the fen, half up (四舍五入), once at the end.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from veterans.standards.answer_fields import Answers, Value, plain
from veterans.standards.content import Amount, Standard
from veterans.standards.vocabulary import field as answer_field
from veterans.standards.vocabulary import stored, values

FEN = Decimal("0.01")
ZERO = Decimal(0)
# Chinese counts months otherwise than it names one.
_COUNTED = {"月": "个月"}


@dataclass(frozen=True)
class Calculation:
    """An amount and how it came about.

    Attributes:
        amount: yuan, two places.
        trace: Chinese sentences, in order, with the rows and clauses they rest on.
        row_ids: the rows of the table of amounts that were used.
        unit_amount: yuan for one unit, for example one month; the whole amount otherwise.
        quantity: how many units.
        unit: 月, 年, 次.
        complete: whether every answer the row needs was given; otherwise a person computes.
        inputs: the answers as they went in, as texts, to be stored with the case.
        in_kind: what is granted beside or instead of money, in the words of the rows.
    """

    amount: Decimal
    trace: list[str]
    row_ids: list[int]
    unit_amount: Decimal = ZERO
    quantity: int = 1
    unit: str = ""
    complete: bool = True
    inputs: dict[str, str] = field(default_factory=dict)
    in_kind: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the calculation as JSON texts, for the case that keeps it."""
        return {
            "amount": f"{self.amount:f}",
            "unit_amount": f"{self.unit_amount:f}",
            "quantity": self.quantity,
            "unit": self.unit,
            "complete": self.complete,
            "trace": list(self.trace),
            "row_ids": list(self.row_ids),
            "inputs": dict(self.inputs),
        }


class _Missing(Exception):
    """A row needs an answer that was not given."""


def rounded(amount: Decimal) -> Decimal:
    """Return yuan with two places, half up."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def money(amount: Decimal) -> str:
    """Return yuan as people write them: 18,000 or 1,200.50."""
    value = rounded(amount)
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def compute_standard(
    standard: Standard, answers: Answers, granted_this_year: Decimal, on: datetime.date
) -> Calculation:
    """Compute the amount for these answers.

    Args:
        granted_this_year: yuan the beneficiary was granted under this item in the calendar
            year; read it under the lock of the case.
        on: the day that ages and years are counted to.

    Raises:
        ValueError: what was granted is negative.
    """
    if granted_this_year < 0:
        raise ValueError("What was granted cannot be negative.")
    with override("zh-hans"):
        return _compute(standard, answers, granted_this_year, on)


def _compute(
    standard: Standard, answers: Answers, granted: Decimal, on: datetime.date
) -> Calculation:
    relevant = standard.relevant(answers, on)
    known, inputs = values(relevant), stored(relevant)
    main, additions = _rows(standard, known, on)
    if main is None:
        sentence = _("No row of the table of amounts fits; the service station will look at it.")
        return Calculation(ZERO, [sentence], [], complete=False, inputs=inputs)
    trace: list[str] = []
    used = [main.id]
    try:
        exact, unit_amount, quantity = _of_row(main, known, trace)
        for row in additions:
            more, _unit, _quantity = _of_row(row, known, trace)
            exact += more
            used.append(row.id)
    except _Missing as missing:
        trace.append(
            _("“%(question)s” was not answered, so the amount cannot be computed yet.")
            % {"question": str(missing).rstrip("？?")}
        )
        return Calculation(ZERO, trace, used, unit=main.unit, complete=False, inputs=inputs)
    amount = _capped(rounded(exact), main, granted, trace)
    if amount or main.method != "in-kind":
        trace.append(_("To be granted: %(amount)s yuan.") % {"amount": money(amount)})
    if amount != rounded(exact) or additions:
        unit_amount = amount if quantity == 1 else rounded(amount / quantity)
    in_kind = tuple(row.note for row in (main, *additions) if row.method == "in-kind")
    return Calculation(
        amount,
        trace,
        used,
        rounded(unit_amount),
        quantity,
        main.unit,
        inputs=inputs,
        in_kind=in_kind,
    )


def _rows(
    standard: Standard, known: Mapping[str, Value], on: datetime.date
) -> tuple[Amount | None, list[Amount]]:
    """Return the first row that fits, and all that come on top of it."""
    fitting = [
        row
        for row in standard.amounts
        if (not row.categories or known.get("category") in row.categories)
        and row.condition.holds(known, on) is True
    ]
    main = next((row for row in fitting if not row.adds), None)
    return main, [row for row in fitting if row.adds]


def _number(known: Mapping[str, Value], code: str) -> Decimal:
    value = known.get(code)
    if not isinstance(value, Decimal):
        raise _Missing(str(answer_field(code).label))
    return value


def _of_row(
    row: Amount, known: Mapping[str, Value], trace: list[str]
) -> tuple[Decimal, Decimal, int]:
    """Return the exact amount of a row, the amount of one unit and the number of units."""
    trace.append(
        _("Row “%(row)s” of the table of amounts applies (%(clause)s).")
        % {"row": row.label, "clause": row.clause}
    )
    if row.method == "in-kind":
        trace.append(_("This is not paid in money: %(note)s") % {"note": row.note})
        return ZERO, ZERO, 1
    if row.method == "fixed":
        return _fixed(row, known, trace)
    base = _base(row, known, trace)
    if row.method == "ratio":
        exact = base * row.ratio
        trace.append(
            _("%(base)s yuan × %(share)s%% = %(amount)s yuan.")
            % {"base": money(base), "share": plain(row.ratio * 100), "amount": money(exact)}
        )
        return exact, exact, 1
    exact = _by_bands(row, base, trace)
    return exact, exact, 1


def _fixed(
    row: Amount, known: Mapping[str, Value], trace: list[str]
) -> tuple[Decimal, Decimal, int]:
    one = row.amount
    per = _("%(amount)s yuan a %(unit)s.") if row.unit else _("%(amount)s yuan.")
    trace.append(per % {"amount": money(one), "unit": row.unit})
    if row.deduct_field:
        taken = known.get(row.deduct_field, ZERO)
        if isinstance(taken, Decimal) and taken:
            one = max(ZERO, one - taken)
            trace.append(
                _("%(taken)s yuan that are received already are taken off: %(left)s yuan.")
                % {"taken": money(taken), "left": money(one)}
            )
    quantity = row.quantity
    if row.quantity_field:
        quantity = min(int(_number(known, row.quantity_field)), row.quantity)
    exact = one * quantity
    if quantity != 1:
        trace.append(
            _("%(one)s yuan × %(quantity)d %(unit)s = %(amount)s yuan.")
            % {
                "one": money(one),
                "quantity": quantity,
                "unit": _COUNTED.get(row.unit, row.unit),
                "amount": money(exact),
            }
        )
    return exact, one, quantity


def _base(row: Amount, known: Mapping[str, Value], trace: list[str]) -> Decimal:
    paid = _number(known, row.base_field)
    base = paid
    if row.deduct_field:
        taken = known.get(row.deduct_field, ZERO)
        base -= taken if isinstance(taken, Decimal) else ZERO
    base = max(ZERO, base - row.deductible)
    label = str(answer_field(row.base_field).label).rstrip("？?")
    trace.append(_("%(label)s: %(amount)s yuan.") % {"label": label, "amount": money(paid)})
    if base != paid:
        trace.append(_("After what is taken off, %(amount)s yuan count.") % {"amount": money(base)})
    return base


def _by_bands(row: Amount, base: Decimal, trace: list[str]) -> Decimal:
    exact, begin = ZERO, ZERO
    for end, share in row.bands:
        within = (base if end is None else min(base, end)) - begin
        if within <= 0:
            break
        part = within * share
        exact += part
        trace.append(
            _("From %(begin)s yuan on: %(within)s yuan × %(share)s%% = %(part)s yuan.")
            % {
                "begin": money(begin),
                "within": money(within),
                "share": plain(share * 100),
                "part": money(part),
            }
        )
        if end is None:
            break
        begin = end
    return exact


def _capped(amount: Decimal, row: Amount, granted: Decimal, trace: list[str]) -> Decimal:
    if row.cap_case is not None and amount > row.cap_case:
        amount = row.cap_case
        trace.append(
            _("At most %(cap)s yuan are granted for one application.")
            % {"cap": money(row.cap_case)}
        )
    if row.cap_year is not None:
        left = max(ZERO, row.cap_year - granted)
        if amount > left:
            amount = left
            trace.append(
                _(
                    "At most %(cap)s yuan are granted to one person in a year; %(granted)s yuan"
                    " were granted already, so %(left)s yuan are left."
                )
                % {
                    "cap": money(row.cap_year),
                    "granted": money(granted),
                    "left": money(left),
                }
            )
    return rounded(amount)
