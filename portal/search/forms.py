"""What the address of a search says, understood as far as possible."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.utils.translation import gettext as _

from portal.address_values import NotUnderstood, found_unit, plain_text, read_kind, read_year
from portal.organizations.models import Unit
from portal.pages.kinds import listed_kinds
from portal.search import text
from portal.search.queries import LONGEST_QUERY, NEWEST, ORDERS


@dataclass(slots=True)
class SearchForm:
    """Words, filters, order and page. What is not understood is left out and said so.

    Attributes:
        query: the words as typed, without control characters, never longer than allowed.
        query_refused: the words cannot be searched for; a problem says why.
        problems: a sentence for everything that was not understood.
    """

    query: str = ""
    query_refused: bool = False
    kind: str | None = None
    unit: Unit | None = None
    year: int | None = None
    order: str = NEWEST
    page: int = 1
    problems: list[str] = field(default_factory=list)

    @classmethod
    def from_address(cls, values: Mapping[str, str], units: Sequence[Unit]) -> SearchForm:
        """Read the parameters ``q``, ``kind``, ``unit`` (a code), ``year``, ``order``, ``page``."""
        form = cls()
        form._read_query(values.get("q", ""))
        for name, read in (
            ("kind", form._read_kind),
            ("unit", partial(form._read_unit, units=units)),
            ("year", form._read_year),
        ):
            try:
                read(values.get(name, ""))
            except NotUnderstood as problem:
                form.problems.append(str(problem))
        form._read_order(plain_text(values.get("order", "")))
        form._read_page(plain_text(values.get("page", "")))
        return form

    def _read_query(self, typed: str) -> None:
        plain = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in typed).strip()
        self.query = plain[:LONGEST_QUERY]
        if len(plain) > LONGEST_QUERY:
            self.query_refused = True
            self.problems.append(
                _(
                    "These words are too long: %(length)d characters. "
                    "Please search for at most %(limit)d."
                )
                % {"length": len(plain), "limit": LONGEST_QUERY}
            )
        elif plain and not text.stretches(plain):
            self.query_refused = True
            self.problems.append(
                _("There are only signs here. Please type at least one character or word.")
            )

    def _read_kind(self, typed: str) -> None:
        self.kind = read_kind(typed, listed_kinds()) or None

    def _read_unit(self, typed: str, units: Sequence[Unit]) -> None:
        code = plain_text(typed)
        if code:
            self.unit = found_unit(code, next((unit for unit in units if unit.code == code), None))

    def _read_year(self, typed: str) -> None:
        self.year = read_year(typed)

    def _read_order(self, order: str) -> None:
        if not order:
            return
        if order in ORDERS:
            self.order = order
        else:
            self.problems.append(_("Results cannot be sorted by “%(order)s”.") % {"order": order})

    def _read_page(self, number: str) -> None:
        if not number:
            return
        if number.isascii() and number.isdigit() and len(number) <= 6:
            self.page = int(number)
        else:
            self.page = 0
