"""What the sentences of a time line are put together from: names, days, choices, changes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.archives.models import Record, RetentionPeriod

Clauses = list[str]
Payload = dict[str, Any]


@dataclass(frozen=True)
class Names:
    """Names of what payloads mention by number, and the record the events are about."""

    units: dict[int, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    accounts: dict[int, str] = field(default_factory=dict)
    record: Record | None = None


def who(payload: Payload, names: Names) -> str:
    """Return who acted; the portal itself where nobody is named."""
    person = payload.get("person") or names.accounts.get(payload.get("account") or 0)
    return str(person or pgettext("who acted", "The portal"))


def text_of(payload: Payload, key: str) -> str:
    value = payload.get(key)
    return "" if value is None else str(value).strip()


def day_of(payload: Payload, key: str) -> str:
    """Return a date of the payload as people write it."""
    text = text_of(payload, key)
    try:
        found: datetime.date | None = parse_date(text[:10])
    except ValueError:
        found = None
    return date_format(found, "DATE_FORMAT") if found else text


def label_of(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def said(words: str, value: str, name: str = "value") -> str:
    """Return the clause when there is a value to say."""
    return words % {name: value} if value else ""


def class_of(payload: Payload, names: Names) -> str:
    code = text_of(payload, "class")
    return names.classes.get(code, code)


def period_of(payload: Payload) -> str:
    return label_of(RetentionPeriod, text_of(payload, "period"))


def unit_of(payload: Payload, names: Names) -> str:
    number = payload.get("unit")
    return names.units.get(number, "") if isinstance(number, int) else ""


def reason_of(payload: Payload) -> str:
    return said(_("reason: %(value)s"), text_of(payload, "reason"))


def change_of(words: str, old: str, new: str) -> str:
    if old == new:
        return ""
    nothing = pgettext("an empty value", "none")
    return words % {"old": old or nothing, "new": new or nothing}
