"""The ledger of rewards and penalties: the list, a new line, taking one back."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from branches.members.permissions import kept_branches
from branches.models import MeritKind, SafetyMerit
from branches.office import submit
from branches.safety import forms, ledger, sheets
from branches.safety.pages import MOST_ROWS, PAGE_SIZE, branch_of, for_keepers, for_readers
from branches.safety.reading import balance_of, choice_of, kept_among, merits
from portal.office_pages import METHODS, account
from portal.spreadsheets import workbook_response

STATES = tuple(MeritKind.values)


@require_safe
@for_readers
def merit_list(request: HttpRequest) -> HttpResponse:
    """List the lines of a year with what they add up to."""
    choice = choice_of(request.user, request.GET, STATES)
    rows = merits(choice)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "choice": choice,
        "page_obj": page,
        "total": page.paginator.count,
        "balance": balance_of(rows),
        "kinds": MeritKind.choices,
        "kept": set(kept_branches(request.user).values_list("pk", flat=True)),
        "keeps": kept_among(request.user, choice),
    }
    return render(request, "branches/safety/ledger.html", context)


@require_safe
@for_readers
def merit_sheet(request: HttpRequest) -> Any:
    """Hand out the ledger as Excel, as it is filtered."""
    choice = choice_of(request.user, request.GET, STATES)
    return workbook_response(sheets.ledger_sheet(merits(choice)[:MOST_ROWS]), "safety-ledger.xlsx")


@require_http_methods(METHODS)
@for_keepers
def merit_add(request: HttpRequest, code: str) -> HttpResponse:
    """Write a line."""
    branch = branch_of(request, code)
    return submit(
        request,
        forms.MeritForm(request.POST or None, branch=branch),
        lambda values: ledger.write(branch, values, account(request)),
        title=_("A line of the safety ledger: %(branch)s") % {"branch": branch.name},
        intro=_("A line is never changed. What was wrong is taken back by another line."),
        done=_("The line is written."),
        cancel=f"{reverse('safety_ledger')}?branch={branch.code}",
    )


@require_http_methods(METHODS)
@for_keepers
def merit_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line back.

    Raises:
        Http404: there is none.
    """
    line = SafetyMerit.objects.select_related("branch", "person").filter(pk=pk).first()
    if line is None:
        raise Http404
    branch = branch_of(request, line.branch.code)
    return submit(
        request,
        forms.ReasonForm(request.POST or None),
        lambda values: ledger.take_back(pk, values["reason"], account(request)),
        title=_("Take a line back"),
        facts=[
            (
                pgettext("safety ledger", "Person"),
                line.person.name if line.person else _("The branch as a whole"),
            ),
            (pgettext("safety ledger", "Reason"), line.reason),
        ],
        done=_("The line was taken back. Both stay in the ledger."),
        cancel=f"{reverse('safety_ledger')}?branch={branch.code}",
        save_label=_("Take back"),
    )
