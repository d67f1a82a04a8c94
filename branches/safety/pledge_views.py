"""Safety pledges: the list for keepers, one pledge for whoever makes it, what I signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from branches.members.permissions import may_keep, rosters
from branches.models import AreaHolder, Hazard, SafetyMerit, SafetyPledge, covers
from branches.office import submit
from branches.safety import forms, pledges, sheets
from branches.safety.pages import (
    MOST_ROWS,
    PAGE_SIZE,
    branch_of,
    for_everybody,
    for_keepers,
    for_readers,
)
from branches.safety.reading import PLEDGE_STATES, balance_of, choice_of, kept_among
from branches.safety.reading import pledges as pledges_of
from portal.files.refusals import FileRefused
from portal.office_pages import METHODS, UNPROCESSABLE, account
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response

STATE_WORDS = (
    ("open", gettext_lazy("Not signed")),
    ("signed", pgettext_lazy("pledge", "Signed")),
    ("over", gettext_lazy("Time over")),
)


@require_safe
@for_readers
def pledge_list(request: HttpRequest) -> HttpResponse:
    """List the pledges of a year, those to be signed first."""
    choice = choice_of(request.user, request.GET, PLEDGE_STATES)
    rows = pledges_of(choice)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "choice": choice,
        "page_obj": page,
        "total": page.paginator.count,
        "unsigned": rows.filter(signed_at=None).count(),
        "keeps": kept_among(request.user, choice),
        "states": STATE_WORDS,
    }
    return render(request, "branches/safety/pledges.html", context)


@require_safe
@for_readers
def pledge_sheet(request: HttpRequest) -> Any:
    """Hand out the list as Excel, as it is filtered."""
    choice = choice_of(request.user, request.GET, PLEDGE_STATES)
    return workbook_response(
        sheets.pledges_sheet(pledges_of(choice)[:MOST_ROWS]), "safety-pledges.xlsx"
    )


@require_http_methods(METHODS)
@for_keepers
def pledge_add(request: HttpRequest, code: str) -> HttpResponse:
    """Issue pledges to people of a branch."""
    branch = branch_of(request, code)
    year = timezone.localdate().year
    initial = {
        "title": _("Safety pledge %(year)d") % {"year": year},
        "level": "person",
        "valid_from": f"{year}-01-01",
        "valid_to": f"{year}-12-31",
    }
    return submit(
        request,
        forms.IssueForm(request.POST or None, branch=branch, initial=initial),
        lambda values: pledges.issue(branch, values, account(request)),
        title=_("Issue safety pledges: %(branch)s") % {"branch": branch.name},
        intro=_("Everybody who is ticked gets a pledge to sign and is told of it."),
        done=lambda count: _("%(count)d pledges were issued.") % {"count": count},
        cancel=f"{reverse('safety_pledges')}?branch={branch.code}",
        save_label=_("Issue"),
    )


def _pledge(request: HttpRequest, pk: int) -> SafetyPledge:
    """Return a pledge the account made or sees.

    Raises:
        Http404: there is none, or it is not the account's to see.
    """
    found = SafetyPledge.objects.select_related("branch", "person", "assessed_by__person").filter(
        pk=pk
    )
    row = found.first()
    if row is None:
        raise Http404
    own = account(request).person_id == row.person_id
    if not own and not rosters(request.user).filter(pk=row.branch_id).exists():
        raise Http404
    return row


@require_safe
@for_everybody
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a pledge with its words; whoever makes it signs here."""
    return _show(request, _pledge(request, pk))


def _show(request: HttpRequest, row: SafetyPledge, refusal: Refusal | None = None) -> HttpResponse:
    user = account(request)
    own = user.person_id == row.person_id
    keeps = may_keep(user, row.branch)
    context = {
        "pledge": row,
        "own": own,
        "keeps": keeps,
        "may_sign": own and not row.is_signed and not row.is_over(),
        "is_whole": not row.is_signed or row.signed_digest == row.digest(),
        "digest": row.digest(),
        "scans": pledges.scans(row) if row.on_paper else [],
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "branches/safety/pledge.html", context, status=status)


@require_POST
@for_everybody
def pledge_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a pledge."""
    row = _pledge(request, pk)
    try:
        pledges.sign(pk, request.POST.get("digest", ""), account(request))
    except Refusal as refused:
        return _show(request, _pledge(request, pk), refused)
    messages.success(request, _("You signed “%(title)s”.") % {"title": row.title})
    return redirect("safety_pledge", pk)


@require_POST
@for_keepers
def pledge_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an unsigned pledge back."""
    row = _pledge(request, pk)
    try:
        pledges.take_back(pk, account(request))
    except Refusal as refused:
        return _show(request, _pledge(request, pk), refused)
    messages.success(request, _("The pledge was taken back."))
    return redirect(f"{reverse('safety_pledges')}?branch={row.branch.code}")


@require_http_methods(METHODS)
@for_keepers
def pledge_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the scan of a pledge that was signed by hand."""
    row = _pledge(request, pk)
    branch_of(request, row.branch.code)
    form = forms.ScanForm(request.POST or None, request.FILES or None)

    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                pledges.sign_on_paper(pk, form.cleaned_data["scan"], account(request))
            except FileRefused as refused:
                form.add_error("scan", str(refused))
            except Refusal as refused:
                form.add_error(None, str(refused.message))
                status = refused.status
            else:
                messages.success(request, _("The signed pledge is kept."))
                return redirect("safety_pledge", pk)
    context = {
        "form": form,
        "title": _("Signed on paper: %(name)s") % {"name": row.person.name},
        "cancel_url": reverse("safety_pledge", args=[pk]),
        "multipart": True,
        "facts": [(_("Title"), row.title)],
    }
    return render(request, "branches/form.html", context, status=status)


@require_http_methods(METHODS)
@for_keepers
def pledge_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a pledge was kept."""
    row = _pledge(request, pk)
    branch_of(request, row.branch.code)
    initial = {"result": row.result, "result_words": row.result_words}
    return submit(
        request,
        forms.ResultForm(request.POST or None, initial=initial),
        lambda values: pledges.assess(pk, values, account(request)),
        title=_("Was the pledge kept: %(name)s") % {"name": row.person.name},
        facts=[(_("Title"), row.title)],
        done=_("The assessment is written down."),
        cancel=reverse("safety_pledge", args=[pk]),
    )


@require_safe
@for_everybody
def mine(request: HttpRequest) -> HttpResponse:
    """Show the account's own pledges, areas, hazards found and lines of the ledger."""
    person = account(request).person
    year = timezone.localdate().year
    lines = SafetyMerit.objects.filter(person=person, day__year=year).select_related(
        "branch", "takes_back", "taken_back_by"
    )
    context = {
        "year": year,
        "pledges": list(
            SafetyPledge.objects.filter(person=person)
            .select_related("branch")
            .order_by("signed_at", "-valid_from", "pk")[:PAGE_SIZE]
        )
        if person
        else [],
        "areas": list(
            AreaHolder.objects.filter(covers(timezone.localdate()), person=person)
            .select_related("area__branch")
            .order_by("area__name", "pk")
        )
        if person
        else [],
        "hazards": list(
            Hazard.objects.filter(found_by=person, found_on__year=year).order_by("-found_on", "-pk")
        )
        if person
        else [],
        "lines": list(lines[:100]) if person else [],
        "balance": balance_of(lines) if person else None,
        "today": timezone.localdate(),
    }
    return render(request, "branches/safety/mine.html", context)
