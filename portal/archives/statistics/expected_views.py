"""The table of expected filings: read with the statistics, kept by the archivist."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.archives.models import ExpectedFiling
from portal.archives.permissions import may_receive, require_receive
from portal.archives.statistics.filings import duty_name
from portal.archives.statistics.forms import ExpectedFilingForm
from portal.archives.statistics.reach import require_statistics


@require_safe
def expected_filings(request: HttpRequest) -> HttpResponse:
    """List what is expected of whom, with the rule that says so.

    Raises:
        NotStatistics: the account reads no records.
    """
    require_statistics(request.user)
    rows = [
        {"filing": row, "name": duty_name(row.kind, row.subkind)}
        for row in ExpectedFiling.objects.prefetch_related("excepted_units")
    ]
    return render(
        request,
        "archives/statistics/expected.html",
        {"rows": rows, "may_change": may_receive(request.user)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def expected_filing(request: HttpRequest, filing_id: int | None = None) -> HttpResponse:
    """Add a row or change one.

    Raises:
        NotArchivist: the account does not keep the table.
    """
    require_receive(request.user)
    filing = get_object_or_404(ExpectedFiling, pk=filing_id) if filing_id else None
    form = ExpectedFilingForm(request.POST or None, instance=filing)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. Scores follow at once, those of past years too."))
        return redirect("archive_expected_filings")
    return render(
        request,
        "archives/statistics/expected_form.html",
        {"form": form, "filing": filing},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove_expected_filing(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Ask, then take a row out.

    Raises:
        NotArchivist: the account does not keep the table.
    """
    require_receive(request.user)
    filing = get_object_or_404(ExpectedFiling, pk=filing_id)
    if request.method == "POST":
        filing.delete()
        messages.success(request, _("The row was removed."))
        return redirect("archive_expected_filings")
    name = duty_name(filing.kind, filing.subkind)
    return render(
        request,
        "components/confirm.html",
        {
            "title": _("Remove “%(name)s” from the expected filings?") % {"name": name},
            "question": _("Nobody is told any more that it is missing. Records stay as they are."),
            "action_url": reverse("archive_expected_filing_remove", args=[filing.pk]),
            "confirm_label": pgettext("row of a table", "Remove"),
            "cancel_url": reverse("archive_expected_filings"),
        },
    )
