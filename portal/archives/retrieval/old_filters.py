"""Find records by what is on their page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.archives.models import Record
from portal.archives.querysets import RecordQuerySet
from portal.organizations.models import Unit
from portal.pages.kinds import kind_name, page_kinds
from portal.pages.listing import plain_text


def filtered_records(request: HttpRequest) -> tuple[RecordQuerySet, dict[str, Any]]:
    """Apply words of the title, kind, unit and year from the address.

    Returns the records in list order and the context of the filter form; a filter value that
    is not understood is ignored and said so.
    """
    records = Record.objects.visible_to(request.user)
    chosen = {name: plain_text(request.GET.get(name, "")) for name in ("q", "kind", "unit", "year")}
    problems: list[str] = []
    if chosen["kind"]:
        if chosen["kind"] in page_kinds():
            records = records.filter(kind=chosen["kind"])
        else:
            problems.append(_("There is no kind “%(kind)s”.") % {"kind": chosen["kind"]})
            chosen["kind"] = ""
    if chosen["unit"]:
        unit = Unit.objects.filter(code=chosen["unit"]).first()
        if unit is None:
            problems.append(
                _("There is no unit with the code “%(code)s”.") % {"code": chosen["unit"]}
            )
            chosen["unit"] = ""
        else:
            records = records.filter(unit__path__startswith=unit.path)
    if chosen["year"]:
        if chosen["year"].isascii() and chosen["year"].isdigit() and len(chosen["year"]) == 4:
            records = records.filter(year=int(chosen["year"]))
        else:
            problems.append(_("“%(year)s” is not a year.") % {"year": chosen["year"]})
            chosen["year"] = ""
    if chosen["q"]:
        from portal.archives.search import matching

        records = matching(records, chosen["q"])
    context = {
        "filters": chosen,
        "filter_problems": problems,
        "filter_kinds": [(code, kind_name(code)) for code in page_kinds()],
        "filter_units": list(Unit.objects.party().values_list("code", "name")),
        "filter_years": list(
            Record.objects.visible_to(request.user)
            .order_by("-year")
            .values_list("year", flat=True)
            .distinct()
        ),
        "query_string": urlencode({key: value for key, value in chosen.items() if value}),
    }
    ordered = records.select_related("unit", "render").order_by(
        "-business_date", "-captured_at", "-version"
    )
    return ordered, context
