"""The search page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import InvalidPage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.organizations.models import Unit
from portal.pages.kinds import listed_kinds
from portal.pages.models import Publication
from portal.search.forms import SearchForm
from portal.search.queries import COUNT_LIMIT, NEWEST, RELEVANCE, Results, search, shown


@login_not_required
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Answer a search. Whatever the address holds, the answer is a page and says what it is.

    Visitors who are not signed in find what is public.
    """
    units = list(Unit.objects.valid_on())
    form = SearchForm.from_address(request.GET, units)
    results = Results()
    if form.query and not form.query_refused:
        results = search(
            form.query,
            request.user,
            kind=form.kind,
            unit=form.unit,
            year=form.year,
            order=form.order,
        )
    return render(
        request, "search/search.html", {**_filter_context(form, units), **_page(form, results)}
    )


def _page(form: SearchForm, results: Results) -> dict[str, Any]:
    paginator = results.paginator
    problems = list(form.problems)
    try:
        page = paginator.page(form.page)
    except InvalidPage:
        page = paginator.page(1)
        problems.append(_("There is no such page of results; this is the first."))
    rows = shown(results, list(page.object_list)) if results.hits else []
    page.object_list = rows  # type: ignore[assignment]
    if results.count.more:
        problems.append(
            _(
                "More than %(count)d results. Only the first %(count)d are listed; "
                "more words or a filter narrow them down."
            )
            % {"count": COUNT_LIMIT}
        )
    return {
        "query": form.query,
        "query_refused": form.query_refused,
        "results": page,
        "page_obj": page,
        "total": results.count,
        "order": form.order,
        "orders": [(NEWEST, _("Newest first")), (RELEVANCE, _("Best match first"))],
        "filter_problems": problems,
    }


def _filter_context(form: SearchForm, units: list[Unit]) -> dict[str, Any]:
    oldest = Publication.objects.order_by("business_date").values_list("year", flat=True).first()
    newest = timezone.localdate().year
    return {
        "filters": {
            "q": form.query,
            "kind": form.kind or "",
            "unit": form.unit.code if form.unit else "",
            "year": str(form.year or ""),
        },
        "filter_kinds": list(listed_kinds().items()),
        "filter_units": [(unit.code, unit.name) for unit in units],
        "filter_years": list(range(newest, min(oldest or newest, newest) - 1, -1)),
    }
