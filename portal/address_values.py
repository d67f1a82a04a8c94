"""What addresses and search forms hold: words without control characters, years, units, kinds.

Lists read their filters from the address. A value that is not understood is left out, and a
sentence says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from typing import TypeVar

from django.utils.translation import gettext as _

MAX_QUERY_CHARACTERS = 60
FIRST_YEAR = 1900
LAST_YEAR = 2999
_Found = TypeVar("_Found")


class NotUnderstood(ValueError):
    """A value of the address that is not understood; the text is a sentence for the reader."""


def plain_text(value: str, limit: int = MAX_QUERY_CHARACTERS) -> str:
    """Return text from an address without control characters, cut to a length."""
    kept = "".join(character for character in value if unicodedata.category(character)[0] != "C")
    return kept.strip()[:limit]


def read_kind(typed: str, known: Container[str]) -> str:
    """Return the code of a kind, empty for none.

    Raises:
        NotUnderstood: it is not among the known ones.
    """
    kind = plain_text(typed)
    if kind and kind not in known:
        raise NotUnderstood(_("There is no kind “%(kind)s”.") % {"kind": kind})
    return kind


def read_year(typed: str) -> int | None:
    """Return a year of four digits, None for none.

    Raises:
        NotUnderstood: it is no year.
    """
    year = plain_text(typed)
    if not year:
        return None
    if year.isascii() and year.isdigit() and len(year) == 4:
        return int(year)
    raise NotUnderstood(_("“%(year)s” is not a year.") % {"year": year})


def found_unit(code: str, unit: _Found | None) -> _Found:
    """Return what was found under the code of a unit.

    Raises:
        NotUnderstood: nothing was found.
    """
    if unit is None:
        raise NotUnderstood(_("There is no unit with the code “%(code)s”.") % {"code": code})
    return unit
