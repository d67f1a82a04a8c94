"""One step of a case: the form says what will happen, and the step is taken once."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.cases import services
from portal.cases.actions import party_of
from portal.cases.consequences import consequences
from portal.cases.flow import PartyKind, Transition, UnknownTransition
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.cases.views.reading import account, is_own, readable_case
from portal.people.models import User
from portal.refusals import Refusal

UNPROCESSABLE = 422
CONFLICT = 409


def _row(case: Case, code: str) -> Transition:
    try:
        return case.table.transition(code)
    except UnknownTransition as error:
        raise Http404(_("There is no such step.")) from error


def step_form(
    case: Case, transition: Transition, user: User, request: HttpRequest | None = None
) -> StepForm:
    """Return the form of a step, with what was sent when there is a request."""
    form_class = case.table.forms.get(transition.code, StepForm)
    data = (request.POST, request.FILES) if request is not None else ()
    form: StepForm = form_class(
        *data,
        case=case,
        transition=transition,
        user=user,
        party=party_of(case, transition, user),
    )
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def case_step(request: HttpRequest, case_id: uuid.UUID, transition: str) -> HttpResponse:
    """Ask for what a step needs, then take it; sent twice, it is taken once.

    Raises:
        Http404: the account may not read the case, or the flow has no such step.
        Refusal: the step is not possible now; shown as a page of its own.
    """
    case = readable_case(request, case_id)
    row = _row(case, transition)
    if request.method != "POST":
        services.check(case, row.code, account(request))
        return _page(request, case, row, step_form(case, row, account(request)))
    return _take(request, case, row, account(request))


def _take(request: HttpRequest, case: Case, row: Transition, user: User) -> HttpResponse:
    try:
        seen, key = int(request.POST.get("seen", "")), uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        words = _("This page is too old. Please look at it once more and send it again.")
        form = step_form(case, row, user, request)
        return _page(request, case, row, form, refused=words, status=CONFLICT)
    if services.was_sent(case.pk, key, row.code, user=user):
        return _taken(request, case, row)
    form = step_form(case, row, user, request)
    if not form.is_valid():
        return _page(request, case, row, form, key=key, seen=seen, status=UNPROCESSABLE)
    try:
        services.apply(case.pk, row.code, user, form.cleaned_data, seen=seen, key=key)
    except Refusal as refusal:
        now = Case.objects.select_related("unit", "applicant", "beneficiary").get(pk=case.pk)
        return _page(
            request,
            now,
            row,
            form,
            title=refusal.title,
            refused=refusal.message,
            key=key,
            status=refusal.status,
        )
    return _taken(request, case, row)


def _taken(request: HttpRequest, case: Case, row: Transition) -> HttpResponse:
    messages.success(request, _("“%(step)s” is done.") % {"step": row.name})
    return redirect("case", case.pk)


def _still_possible(case: Case, row: Transition, user: User) -> bool:
    try:
        services.check(case, row.code, user)
    except Refusal:
        return False
    return True


def _page(
    request: HttpRequest,
    case: Case,
    row: Transition,
    form: StepForm,
    *,
    title: Any = "",
    refused: Any = "",
    key: uuid.UUID | None = None,
    seen: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form; after a refusal with what was typed and what the case is like now."""
    return render(
        request,
        "cases/step.html",
        {
            "case": case,
            "transition": row,
            "form": form,
            "title": row.name,
            "own": is_own(request, case),
            "consequences": consequences(case, row, for_staff=not is_own(request, case)),
            "is_confirmation": not form.visible_fields(),
            "refused_title": title or _("This page is too old"),
            "refused": refused,
            "possible": status == 200 or _still_possible(case, row, account(request)),
            "seen": case.sequence if seen is None else seen,
            "key": key or uuid.uuid4(),
            "cancel_url": reverse("case", args=[case.pk]),
            "is_staff": any(case.table.party(code).kind is PartyKind.ROLE for code in row.parties),
        },
        status=status,
    )
