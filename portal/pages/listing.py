"""The list of a section: filters from the address, never an error, one page at a time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, prefetch_related_objects
from django.http import HttpRequest

from portal.address_values import NotUnderstood, found_unit, plain_text, read_kind, read_year
from portal.organizations.models import Unit
from portal.pages.kinds import kind_name, page_kinds
from portal.pages.models.base import PAGE_SIZE
from portal.pages.models.publication import Publication, PublicationQuerySet


class CountedPaginator(Paginator[Any]):
    """A paginator that was told the count, so that it need not ask the database again."""

    def __init__(self, rows: Any, per_page: int, known_count: int) -> None:
        super().__init__(rows, per_page)
        self.count = known_count  # type: ignore[misc]


class Filters:
    """Kind, unit and year from the address, against what the list holds.

    One grouped query says which values exist and how many items each combination has.

    Attributes:
        chosen: the values that were understood, by name; empty for none.
        problems: a sentence for each value that was not.
    """

    def __init__(self, publications: PublicationQuerySet, request: HttpRequest) -> None:
        self.publications = publications
        self.groups = list(
            publications.order_by()
            .values_list("kind", "unit__code", "unit__name", "unit__path", "year")
            .annotate(count=Count("pk"))
        )
        self.chosen: dict[str, Any] = {"kind": "", "unit": "", "year": ""}
        self.problems: list[str] = []
        self.unit_path = ""
        for name, choose in (
            ("kind", self._choose_kind),
            ("unit", self._choose_unit),
            ("year", self._choose_year),
        ):
            try:
                choose(request.GET.get(name, ""))
            except NotUnderstood as problem:
                self.problems.append(str(problem))

    def _choose_kind(self, typed: str) -> None:
        self.chosen["kind"] = read_kind(typed, page_kinds())

    def _choose_unit(self, typed: str) -> None:
        code = plain_text(typed)
        if not code:
            return
        paths = {group[1]: group[3] for group in self.groups}
        # A unit above the listed ones is understood as well, with everything below it.
        path = paths.get(code) or (
            Unit.objects.filter(code=code).values_list("path", flat=True).first()
        )
        self.chosen["unit"], self.unit_path = code, found_unit(code, path)

    def _choose_year(self, typed: str) -> None:
        year = read_year(typed)
        self.chosen["year"] = str(year) if year is not None else ""

    def page(self, request: HttpRequest) -> Any:
        """Return the asked page of what fits the filters; a bad number shows the nearest page."""
        found = self.publications
        if self.chosen["kind"]:
            found = found.of_kind(self.chosen["kind"])
        if self.unit_path:
            found = found.filter(unit__path__startswith=self.unit_path)
        if self.chosen["year"]:
            found = found.of_year(int(self.chosen["year"]))
        paginator = CountedPaginator(found.listed(), PAGE_SIZE, self.count())
        return paginator.get_page(request.GET.get("page"))

    def count(self) -> int:
        """Return how many items fit, from the grouped query."""
        return sum(
            count
            for kind, _code, _name, path, year, count in self.groups
            if self.chosen["kind"] in ("", kind)
            and (path or "").startswith(self.unit_path)
            and self.chosen["year"] in ("", str(year))
        )

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Return the asked page, the count and what the filter form offers."""
        units = {(code, name) for _kind, code, name, *_rest in self.groups if code}
        page_obj = self.page(request)
        rows = list(page_obj.object_list)
        page_obj.object_list = rows
        prefetch_related_objects([row.picture for row in rows if row.picture], "renditions")
        return {
            "page_obj": page_obj,
            "total": page_obj.paginator.count,
            "filters": self.chosen,
            "filter_problems": self.problems,
            "filter_units": sorted(units),
            "filter_years": sorted({group[4] for group in self.groups}, reverse=True),
            "query_string": urlencode(
                {name: value for name, value in self.chosen.items() if value}
            ),
        }


def listing_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return the list of a section front with its filters, counts and paging."""
    visible = Publication.objects.visible_to(request.user).of_kind(*page.listed_kinds)
    return {
        **Filters(visible, request).context(request),
        "filter_kinds": [
            (code, kind_name(code)) for code in page.listed_kinds if len(page.listed_kinds) > 1
        ],
    }
