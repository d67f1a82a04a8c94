"""The list of a public notice: who, unit, item, and the amount as a range or not at all.

Source: chapters 3.3 and 5.7 of the domain facts: a notice shows name, unit and item only, no
identity number, no phone, no amount of a medical item. Who receives money has a masked name; who is
to be honored has the whole one (拟表彰对象), because everybody shall be able to object.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.personal_data.masking import masked_name

MAX_ENTRIES = 500
MAX_TEXT = 100
_MASKED = re.compile(r"^[^\s*\d]{0,2}\*{1,50}$")
# Six digits in a row are part of an identity number, a phone number or a bank card.
_NUMBER = re.compile(r"\d{6,}|[*＊]+\d{4}")
_RANGE = re.compile(r"^(\d+元至\d+元|\d+元以下|\d+元以上)$")


class Entry(TypedDict, total=False):
    """One row of a notice, in the words in which it is shown.

    Attributes:
        name: masked.
        nominee: the whole name of who is to be honored, instead of `name`.
        deeds: of a nominee, in one line.
    """

    name: str
    nominee: str
    deeds: str
    unit: str
    item: str
    amount: str


def entry(name: str, unit: str, item: str, amount: str = "") -> Entry:
    """Return a row for a person whose whole name never leaves this function.

    Args:
        name: the whole name; it is masked here.
        unit: where the person works or is cared for.
        item: what is to be granted, in words.
        amount: a range made by `amount_range`; leave it out for medical items.
    """
    row: Entry = {"name": masked_name(name), "unit": unit, "item": item}
    if amount:
        row["amount"] = amount
    return row


def nominee(name: str, unit: str, item: str, deeds: str = "") -> Entry:
    """Return a row for a person, post, team or organization that is to be honored.

    Args:
        name: the whole name.
        unit: where the nominee works.
        item: the title that is to be conferred.
        deeds: in one line; left out when empty.
    """
    row: Entry = {"nominee": name, "unit": unit, "item": item}
    if deeds:
        row["deeds"] = deeds
    return row


def amount_range(amount: Decimal, bounds: Sequence[int]) -> str:
    """Return the range in which an amount lies: 5000元至10000元.

    Args:
        amount: yuan.
        bounds: the bounds of the ranges in yuan, rising, data of the support standard. The lower
            bound belongs to its range.

    Raises:
        ValueError: no bounds, or they do not rise.
    """
    if not bounds or any(high <= low for low, high in pairwise(bounds)):
        raise ValueError("The bounds of the ranges must rise.")
    if amount < bounds[0]:
        return f"{bounds[0]}元以下"
    for low, high in pairwise(bounds):
        if amount < high:
            return f"{low}元至{high}元"
    return f"{bounds[-1]}元以上"


def validate_entries(rows: Any) -> None:
    """Refuse rows that say more of a person than a notice may.

    Raises:
        ValidationError: says which row, why, and what to write instead.
    """
    if not isinstance(rows, list) or not rows:
        raise ValidationError(_("A public notice names at least one person."))
    if len(rows) > MAX_ENTRIES:
        raise ValidationError(
            _("A public notice names at most %(count)d people. Please publish several.")
            % {"count": MAX_ENTRIES}
        )
    for number, row in enumerate(rows, 1):
        if problem := _problem(row):
            raise ValidationError(
                _("Row %(number)d: %(problem)s") % {"number": number, "problem": problem}
            )


def _problem(row: Any) -> str:
    if not isinstance(row, dict) or row.keys() - Entry.__annotations__.keys():
        return _("only name, unit, item and a range of amounts are shown.")
    if any(not isinstance(value, str) or len(value) > MAX_TEXT for value in row.values()):
        return _("each text has at most %(count)d characters.") % {"count": MAX_TEXT}
    if "nominee" in row:
        if not row["nominee"].strip() or row.keys() & {"name", "amount"}:
            return _("a nominee has a name, and neither a masked one nor an amount.")
    elif not _MASKED.match(row.get("name", "")) or "deeds" in row:
        return _("the name must be masked, such as 张* or 欧阳**.")
    if not row.get("item"):
        return _("the item is missing.")
    if any(_NUMBER.search(row.get(key, "")) for key in ("unit", "item", "nominee", "deeds")):
        return _("it holds what looks like an identity, phone or card number.")
    if row.get("amount") and not _RANGE.match(row["amount"]):
        return _("an amount is shown as a range, such as 5000元至10000元, or not at all.")
    return ""
