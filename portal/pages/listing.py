"""The list of a section: filters from the address, never an error, one page at a time."""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.organizations.models import Unit
from portal.pages.kinds import kind_name
from portal.pages.models.base import PAGE_SIZE
from portal.pages.models.publication import Publication, PublicationQuerySet

MAX_QUERY_CHARACTERS = 60


def plain_text(value: str, limit: int = MAX_QUERY_CHARACTERS) -> str:
    """Return text from an address without control characters, cut to a length."""
    kept = "".join(character for character in value if unicodedata.category(character)[0] != "C")
    return kept.strip()[:limit]


def filtered(
    publications: PublicationQuerySet, request: HttpRequest, units: list[Unit]
) -> tuple[PublicationQuerySet, dict[str, Any], list[str]]:
    """Apply kind, unit and year from the address.

    Returns the set, the filters that were understood, and a sentence for each that was not.
    """
    chosen: dict[str, Any] = {"kind": "", "unit": "", "year": ""}
    problems: list[str] = []
    if kind := plain_text(request.GET.get("kind", "")):
        publications = publications.of_kind(kind)
        chosen["kind"] = kind
    if code := plain_text(request.GET.get("unit", "")):
        unit = next((unit for unit in units if unit.code == code), None)
        if unit is None:
            problems.append(_("There is no unit with the code “%(code)s”.") % {"code": code})
        else:
            publications = publications.of_unit(unit)
            chosen["unit"] = code
    if year := plain_text(request.GET.get("year", "")):
        if year.isascii() and year.isdigit() and len(year) == 4:
            publications = publications.of_year(int(year))
            chosen["year"] = year
        else:
            problems.append(_("“%(year)s” is not a year.") % {"year": year})
    return publications, chosen, problems


def listing_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return the list of a section front with its filters, counts and paging."""
    visible = Publication.objects.visible_to(request.user).of_kind(*page.listed_kinds)
    facets = list(
        visible.order_by()
        .values_list("kind", "unit__code", "unit__name", "unit__path", "year")
        .distinct()
    )
    units = list(Unit.objects.filter(code__in={code for _k, code, *_rest in facets if code}))
    parent_code = plain_text(request.GET.get("unit", ""))
    # A unit above the listed ones is understood as well, with everything below it.
    if parent_code and parent_code not in {unit.code for unit in units}:
        units += list(Unit.objects.filter(code=parent_code))
    publications, chosen, problems = filtered(visible, request, units)
    paginator = Paginator(publications.listed(), PAGE_SIZE)
    page_obj = paginator.get_page(request.GET.get("page"))
    return {
        "page_obj": page_obj,
        "total": paginator.count,
        "filters": chosen,
        "filter_problems": problems,
        "filter_kinds": [
            (code, kind_name(code)) for code in page.listed_kinds if len(page.listed_kinds) > 1
        ],
        "filter_units": sorted({(unit.code, unit.name) for unit in units}),
        "filter_years": sorted({row[4] for row in facets}, reverse=True),
        "query_string": urlencode({key: value for key, value in chosen.items() if value}),
    }
