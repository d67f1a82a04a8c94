"""The words a message may be filled with: a closed list, none of them a personal detail.

A message is read over a shoulder, on a locked phone, in a mailbox that others open. So its text
is fixed, and only what stands in this list can be put into it; who adds a variable says what it
holds, and a name that speaks of a person, of money or of a secret is refused.
Source: Personal Information Protection Law, article 6 (as little as the purpose needs).
"""

from __future__ import annotations

import datetime
import enum
import re
from dataclasses import dataclass
from typing import Any

from django.utils import formats

LONGEST_TEXT = 60
MASKED = "***"
# Parts of names that would announce a personal detail, money, a secret or free words.
REFUSED_PARTS = frozenset(
    {
        *("name", "person", "applicant", "beneficiary", "handler", "agent", "age", "sex", "birth"),
        *("phone", "mobile", "mail", "address", "identity", "card", "account", "bank", "file"),
        *("amount", "money", "sum", "yuan", "income"),
        *("password", "token", "secret", "code", "pin"),
        *("reason", "opinion", "note", "remark", "answer", "comment"),
        *("diagnosis", "illness", "disability", "category"),
    }
)
# A mobile number, and any number of 15 to 19 digits or 17 with an X: identity numbers, bank
# cards, query codes. Full-width digits count, and so do blanks and hyphens in between.
_PERSONAL_NUMBERS = re.compile(
    r"(?<!\d)\d(?:[ 　-]?\d){16}[ 　-]?[XxＸｘ]"
    r"|(?<!\d)[1１][3-9３-９]\d(?:[ 　-]?\d{4}){2}(?!\d)"
    r"|(?<!\d)\d(?:[ 　-]?\d){14,18}(?!\d)"
)


class Kind(enum.Enum):
    """What a variable holds."""

    TEXT = "text"  # the title of a thing that is public or belongs to the reader
    NUMBER = "number"
    DATE = "date"


class UnknownVariable(LookupError):
    """A message uses a variable that is not in the list."""


class PersonalVariable(ValueError):
    """The name of a variable announces what no message may hold."""


class WrongValues(ValueError):
    """The values given for a message are not those it declares."""


@dataclass(frozen=True)
class Variable:
    """One variable: its name, what kind of value it holds, and what it means."""

    name: str
    kind: Kind
    meaning: str


_declared: dict[str, Variable] = {}


def declare_variable(name: str, kind: Kind, meaning: str) -> None:
    """Add a variable, once, when an application is ready.

    Raises:
        PersonalVariable: the name speaks of a personal detail.
    """
    if parts := REFUSED_PARTS & set(name.lower().split("_")):
        raise PersonalVariable(f"{name}: no message may hold {', '.join(sorted(parts))}.")
    _declared[name] = Variable(name, kind, meaning)


def variable(name: str) -> Variable:
    """Return a declared variable.

    Raises:
        UnknownVariable: there is none of this name.
    """
    try:
        return _declared[name]
    except KeyError as error:
        raise UnknownVariable(f"No variable {name} is declared for messages.") from error


def without_personal_numbers(text: str) -> str:
    """Return a text in which phone, identity and card numbers are stars."""
    return _PERSONAL_NUMBERS.sub(MASKED, text)


def to_store(name: str, value: Any) -> str | int:
    """Return a value as it is kept with a message.

    Raises:
        WrongValues: the value is not of the kind of the variable.
    """
    kind = variable(name).kind
    if kind is Kind.NUMBER and isinstance(value, int):
        return int(value)
    if kind is Kind.DATE and isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if kind is Kind.TEXT:
        text = without_personal_numbers(" ".join(str(value).split()))
        return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
    raise WrongValues(f"{name} holds a {kind.value}, not a {type(value).__name__}.")


def to_show(name: str, stored: str | int) -> str:
    """Return a kept value in the words of the reader's language."""
    if name in _declared and _declared[name].kind is Kind.DATE:
        try:
            day = datetime.date.fromisoformat(str(stored))
        except ValueError:
            return str(stored)
        return formats.date_format(day, "DATE_FORMAT")
    return str(stored)


for _name, _kind, _meaning in (
    ("number", Kind.TEXT, "the number of a case or document, which is no credential"),
    ("item", Kind.TEXT, "the support item or kind of matter"),
    ("title", Kind.TEXT, "the title of something published"),
    ("unit", Kind.TEXT, "the unit that is responsible"),
    ("state", Kind.TEXT, "the state of a case in words"),
    ("step", Kind.TEXT, "the step that is next"),
    ("date", Kind.DATE, "a day on which something happens"),
    ("due_on", Kind.DATE, "the last day to do something"),
    ("days", Kind.NUMBER, "working days"),
    ("count", Kind.NUMBER, "how many"),
    ("year", Kind.NUMBER, "a year"),
):
    declare_variable(_name, _kind, _meaning)
