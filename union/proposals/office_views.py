"""The office pages of the congress: sessions, delegates, the report, the workbook."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response
from union.models import CongressReport, CongressSession, CongressTerm, Delegate
from union.proposals import congress, figures, reports, services, sheets
from union.proposals.forms import DelegatesForm, EndMandateForm, SessionForm, TermForm
from union.proposals.permissions import reads_congress, reads_proposals, runs_congress

PAGE_SIZE = 20
UNPROCESSABLE = 422


def only(allowed: Callable[[Any], bool]) -> Callable[..., Any]:
    """Let only accounts in for which the rule holds.

    Raises:
        PermissionDenied: it does not hold.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(request: HttpRequest, *arguments: Any, **keywords: Any) -> Any:
            if not isinstance(request.user, User) or not allowed(request.user):
                raise PermissionDenied
            return view(request, *arguments, **keywords)

        return checked

    return decorate


def _user(request: HttpRequest) -> User:
    # Only accounts come past `only`.
    return cast(User, request.user)


def _session(pk: int) -> CongressSession:
    rows = CongressSession.objects.select_related("term__unit", "report__page")
    return get_object_or_404(rows, pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(reads_congress)
def congress_office(request: HttpRequest) -> HttpResponse:
    """List sessions; enter a term or a session."""
    keeps = runs_congress(request.user)
    kind = request.POST.get("kind", "") if request.method == "POST" else ""
    if kind and not keeps:
        raise PermissionDenied
    term_form = TermForm(request.POST if kind == "term" else None, prefix="term")
    session_form = SessionForm(request.POST if kind == "session" else None, prefix="session")
    form = term_form if kind == "term" else session_form
    if kind and form.is_valid():
        made = form.save(commit=False)
        if isinstance(made, CongressTerm):
            # The congress is the enterprise's.
            made.unit = Unit.objects.filter(depth=1).order_by("path")[0]
        made.save()
        messages.success(request, _("%(what)s is entered.") % {"what": made})
        return redirect("congress")
    sessions = CongressSession.objects.select_related("term", "report").annotate(
        received=Count("proposals", filter=Q(proposals__case__sequence__gt=0))
    )
    # Counting groups the rows, which forgets the order of the model.
    sessions = sessions.order_by("-term__number", "-number")
    return render(
        request,
        "union/proposals/congress.html",
        {
            "page_obj": Paginator(sessions, PAGE_SIZE).get_page(request.GET.get("page")),
            "terms": CongressTerm.objects.annotate(people=Count("delegates")),
            "term_form": term_form,
            "session_form": session_form,
            "form": form,
            "keeps": keeps,
            "today": timezone.localdate(),
        },
        status=UNPROCESSABLE if kind else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(reads_congress)
def congress_delegates(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the delegates of a term; enter some by employee number or workbook."""
    term = get_object_or_404(CongressTerm, pk=pk)
    keeps = runs_congress(request.user)
    if request.method == "POST" and not keeps:
        raise PermissionDenied
    initial = {"valid_from": term.starts_on}
    form = DelegatesForm(request.POST or None, request.FILES or None, initial=initial)
    refusal, status = None, 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                count = _enter(_user(request), term, form.cleaned_data)
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("%(count)d delegates were entered.") % {"count": count})
                return redirect("congress_delegates", term.pk)
    rows = term.delegates.select_related("person", "unit").order_by("unit__path", "pk")
    paginator = Paginator(rows, PAGE_SIZE)
    return render(
        request,
        "union/proposals/delegates.html",
        {
            "term": term,
            "page_obj": paginator.get_page(request.GET.get("page")),
            "total": paginator.count,
            "form": form,
            "refusal": refusal,
            "keeps": keeps,
            "today": timezone.localdate(),
        },
        status=status,
    )


def _enter(user: User, term: CongressTerm, values: dict[str, Any]) -> int:
    numbers = congress.typed_numbers(values["numbers"])
    if values["sheet"] is not None:
        numbers += congress.sheet_numbers(values["sheet"].read(congress.LARGEST_FILE + 1))
    return congress.add_delegates(term, user, numbers, values["valid_from"], values["unit"])


@require_POST
@only(runs_congress)
def congress_mandate_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the last day of a mandate."""
    row = get_object_or_404(Delegate, pk=pk)
    form = EndMandateForm(request.POST)
    try:
        if form.is_valid():
            congress.end_mandate(row.pk, _user(request), form.cleaned_data["valid_to"])
            messages.success(request, _("The mandate ends on that day."))
        else:
            messages.error(request, _("Please give the last day of the mandate."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("congress_delegates", row.term_id)


@never_cache
@require_safe
@only(reads_congress)
def congress_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the figures of a session as they are now, and the report when it is frozen."""
    session = _session(pk)
    report: CongressReport | None = getattr(session, "report", None)
    found = report.figures if report is not None else figures.count(session)
    proposals = figures.proposals_of(session)
    return render(
        request,
        "union/proposals/report.html",
        {
            "session": session,
            "report": report,
            "figures": found,
            "total": found["total"],
            "columns": reports.COLUMNS,
            "tables": [
                ("by-category", _("By category"), _("Category"), found["by_category"]),
                ("by-unit", _("By leading unit"), _("Unit"), found["by_unit"]),
            ],
            "summary": reports.summary(found),
            "finished": [row for row in proposals if row.case.state == "closed"],
            "may_write": runs_congress(request.user)
            and (report is None or report.published_at is None),
            "may_publish": reports.may_publish_report(request.user)
            and report is not None
            and report.published_at is None
            and report.written_by_id != request.user.pk,
        },
    )


def _keys(values: list[str]) -> set[str]:
    """Return the keys that were ticked; what is none counts as one that is not finished."""
    try:
        return {str(uuid.UUID(value)) for value in values}
    except ValueError as error:
        raise Http404 from error


@require_POST
@only(reads_congress)
def congress_report_action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Name the best proposals, freeze the report, or publish it."""
    session, user = _session(pk), _user(request)
    try:
        if action == "best":
            if not runs_congress(user):
                raise PermissionDenied
            services.name_best(session, user, _keys(request.POST.getlist("best")))
            messages.success(request, _("The best proposals are named."))
        elif action == "write":
            reports.write(session.pk, user)
            messages.success(request, _("The report is frozen. Somebody else publishes it now."))
        elif action == "publish":
            reports.publish(session.pk, user, request.POST.get("seen", ""))
            messages.success(request, _("The report is published."))
        else:
            raise Http404
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("congress_report", session.pk)


@never_cache
@require_safe
@only(reads_proposals)
def congress_report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the frozen report: published to those who work here, before to the office.

    Raises:
        Http404: there is none for this account.
    """
    session = _session(pk)
    report: CongressReport | None = getattr(session, "report", None)
    if report is None or (report.published_at is None and not reads_congress(request.user)):
        raise Http404
    response = HttpResponse(reports.report_pdf(report), content_type="application/pdf")
    name = f"{session}提案工作报告.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_safe
@only(reads_congress)
def congress_sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the proposals and figures of a session as a workbook."""
    session = _session(pk)
    name = f"proposals-{session.term.number}-{session.number}-{datetime.date.today():%Y%m%d}.xlsx"
    return workbook_response(sheets.workbook(figures.count(session)), name)
