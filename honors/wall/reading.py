"""The honor wall (光荣榜): which awards it shows, by year, title and unit, a page at a time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, prefetch_related_objects
from django.http import HttpRequest

from honors.models import Award, SubjectKind
from portal.address_values import NotUnderstood, found_unit, plain_text, read_kind, read_year
from portal.organizations.models import Unit
from portal.pages.listing import CountedPaginator
from portal.pages.models import Audience
from portal.pages.models.base import PAGE_SIZE
from portal.roles.permissions import is_external

#: Kinds of pages, by which addresses chose before titles were rows, with who receives them.
SUBJECTS_OF_PAGES: dict[str, frozenset[str]] = {
    "model-post": frozenset({SubjectKind.POST}),
    "excellent-member": frozenset({SubjectKind.PERSON}),
    "honored-collective": frozenset({SubjectKind.TEAM, SubjectKind.BRANCH}),
}


class WallFilters:
    """Title, unit and year from the address, against what the wall holds.

    One grouped query says which values exist and how many awards each combination has, so that
    neither the count nor the choices of the filters ask again.

    Attributes:
        chosen: the values that were understood, by name; empty for none.
        problems: a sentence for each value that was not.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.groups = list(
            Award.objects.confirmed()
            .order_by()
            .values_list(
                *("title__code", "title__name", "title__order", "unit", "year", "subject_kind")
            )
            .annotate(count=Count("pk"))
        )
        self.units = {
            pk: (path, code, name)
            for pk, path, code, name in Unit.objects.filter(
                pk__in={group[3] for group in self.groups}
            ).values_list("pk", "path", "code", "name")
        }
        self.titles = {group[0]: group[1] for group in sorted(self.groups, key=lambda row: row[2])}
        self.chosen: dict[str, str] = {"kind": "", "unit": "", "year": ""}
        self.problems: list[str] = []
        self.unit_path = ""
        for name, choose in (
            ("kind", self._choose_title),
            ("unit", self._choose_unit),
            ("year", self._choose_year),
        ):
            try:
                choose(request.GET.get(name, ""))
            except NotUnderstood as problem:
                self.problems.append(str(problem))

    def _choose_title(self, typed: str) -> None:
        self.chosen["kind"] = read_kind(typed, {**self.titles, **SUBJECTS_OF_PAGES})

    def _choose_unit(self, typed: str) -> None:
        if code := plain_text(typed):
            known = {row[1]: row[0] for row in self.units.values()}
            # A unit above the listed ones is understood as well, with everything below it.
            path = known.get(code) or (
                Unit.objects.filter(code=code).values_list("path", flat=True).first()
            )
            self.unit_path = found_unit(code, path)
            self.chosen["unit"] = code

    def _choose_year(self, typed: str) -> None:
        year = read_year(typed)
        self.chosen["year"] = str(year) if year is not None else ""

    @property
    def _subjects(self) -> frozenset[str]:
        return SUBJECTS_OF_PAGES.get(self.chosen["kind"], frozenset())

    def count(self) -> int:
        """Return how many awards fit, from the grouped query."""
        return sum(
            count
            for code, _name, _order, unit, year, subject, count in self.groups
            if (self.chosen["kind"] in ("", code) or subject in self._subjects)
            and self.units[unit][0].startswith(self.unit_path)
            and self.chosen["year"] in ("", str(year))
        )

    def rows(self) -> Any:
        """Return the awards that fit, revoked ones included, which say so."""
        found: Any = Award.objects.confirmed()
        if self._subjects:
            found = found.filter(subject_kind__in=self._subjects)
        elif self.chosen["kind"]:
            found = found.filter(title__code=self.chosen["kind"])
        if self.unit_path:
            found = found.filter(unit__path__startswith=self.unit_path)
        if self.chosen["year"]:
            found = found.filter(year=int(self.chosen["year"]))
        return found


def with_pictures(rows: Any) -> Any:
    """Join what a card of the wall shows."""
    return rows.select_related("unit", "picture", "page__publication__picture")


def may_open(publication: Any, user: Any) -> bool:
    """Whether a reader may open the page of an honor, told without a query."""
    if publication.audience == Audience.PUBLIC:
        return True
    return bool(
        publication.audience == Audience.EMPLOYEES
        and user.is_authenticated
        and not is_external(user)
    )


def cards(awards: list[Award], user: Any) -> list[dict[str, Any]]:
    """Return awards with picture and address, by one more query for all picture sizes."""
    shown: list[dict[str, Any]] = []
    for award in awards:
        publication: Any = getattr(award.page, "publication", None)
        if publication is not None and not may_open(publication, user):
            publication = None
        shown.append(
            {
                "award": award,
                "picture": getattr(publication, "picture", None) or award.picture,
                "url": publication.url if publication is not None else "",
            }
        )
    pictures: list[Any] = [card["picture"] for card in shown if card["picture"] is not None]
    prefetch_related_objects(pictures, "renditions")
    return shown


def wall_context(request: HttpRequest) -> dict[str, Any]:
    """Return one page of the wall with its filters; the number of queries never changes."""
    filters = WallFilters(request)
    rows = with_pictures(filters.rows().in_order())
    paginator = CountedPaginator(rows, PAGE_SIZE, filters.count())
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return {
        "page_obj": page,
        "cards": cards(page.object_list, request.user),
        "total": paginator.count,
        "filters": filters.chosen,
        "filter_problems": filters.problems,
        "filter_kinds": list(filters.titles.items()),
        "filter_units": [(code, name) for _path, code, name in sorted(filters.units.values())],
        "filter_years": sorted({group[4] for group in filters.groups}, reverse=True),
        "query_string": urlencode({key: value for key, value in filters.chosen.items() if value}),
    }
