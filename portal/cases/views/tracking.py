"""Where a case stands, without an account: a code and four characters, nothing in an address."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.cases import tracking, tracking_session
from portal.cases.forms import TrackingForm
from portal.cases.views.private import private_answer
from portal.cases.views.reading import applicant_context
from portal.personal_data.masking import masked_name

UNPROCESSABLE = 422
LONGEST_CODE = 100


def _form_page(request: HttpRequest, form: TrackingForm, status: int = 200) -> HttpResponse:
    context = {
        "tracking_form": form,
        "failed": status != 200,
        "phone": settings.SERVICE_PHONE,
        "phone_hours": settings.SERVICE_HOURS,
    }
    return render(request, "cases/track.html", context, status=status)


@login_not_required
@private_answer
@sensitive_post_parameters("code", "tail")
@sensitive_variables("form", "attempt", "case")
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for the code; every failure gets the same page with the same words."""
    if request.method != "POST":
        return _form_page(request, TrackingForm())
    form = TrackingForm(request.POST)
    typed = form.cleaned_data if form.is_valid() else {}
    attempt = tracking.Attempt.typed(typed.get("code", ""), typed.get("tail", ""))
    case = tracking.find(attempt, get_adapter().get_client_ip(request))
    if case is None:
        again = TrackingForm(initial={"code": request.POST.get("code", "")[:LONGEST_CODE]})
        return _form_page(request, again, UNPROCESSABLE)
    response = redirect("track_case")
    tracking_session.begin(response, case)
    return response


@login_not_required
@private_answer
@sensitive_variables("case")
@require_safe
def track_case(request: HttpRequest) -> HttpResponse:
    """Show the masked page of the one case the cookie opens."""
    case = tracking_session.tracked_case(request)
    if case is None:
        response: HttpResponse = redirect("track")
        tracking_session.end(response)
        return response
    person = case.beneficiary or case.applicant
    return render(
        request,
        "cases/tracked.html",
        {
            **applicant_context(case),
            "name": masked_name(person.name) if person else "",
            "facts_template": case.table.templates.get("tracking", ""),
        },
    )


@login_not_required
@private_answer
@require_POST
def track_leave(request: HttpRequest) -> HttpResponse:
    """Forget the case at once, for a shared computer."""
    response = redirect("track")
    tracking_session.end(response)
    return response
