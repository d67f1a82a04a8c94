"""The page on which a second look is asked for, and its letter."""

from __future__ import annotations

import uuid

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.cases.models import Case, CaseEvent, SubmissionKey
from portal.cases.permissions import may_read
from portal.cases.views.private import private_answer
from portal.cases.views.receipt import receipt_response
from portal.files.forms import PrivateFileField
from portal.people.models import User
from portal.refusals import Refusal
from veterans.appeals import letters, services
from veterans.appeals.rules import FLOW, SUPPORT_FLOW, possible

UNPROCESSABLE = 422
LONGEST_REASON = 1_000
MOST_FILES = 5


class AppealForm(forms.Form):
    """Why the decision is thought to be wrong, with papers that show it."""

    reason = forms.CharField(
        label=_("Why do you think the decision is wrong?"),
        help_text=_("In your own words. You can also have it written at the service station."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Please say why.")},
    )
    photos = PrivateFileField(label=_("Papers that show it"), required=False, most=MOST_FILES)


def _own_case(request: HttpRequest, case_id: uuid.UUID) -> tuple[Case, User]:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    mine = Case.objects.of_person(user.person).select_related("unit")
    return get_object_or_404(mine, pk=case_id, flow=SUPPORT_FLOW, sequence__gt=0), user


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def appeal_new(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Ask for a second look at the decision of an own case.

    Raises:
        Http404: there is no such case of the account.
    """
    case, user = _own_case(request, case_id)
    found = possible(case, timezone.localdate())
    refused = ""
    form = AppealForm(request.POST or None, request.FILES or None)
    key = _key(request.POST.get("key", ""))
    if request.method == "POST" and (sent := _sent(case, key)) is not None:
        return redirect("case", sent.pk)
    if request.method == "POST" and form.is_valid():
        try:
            made, code = services.ask(
                case, user, form.cleaned_data["reason"], form.cleaned_data["photos"] or [], key
            )
        except Refusal as refusal:
            refused = refusal.message
        else:
            return receipt_response(request, made, code)
    return render(
        request,
        "veterans/appeals/new.html",
        {
            "case": case,
            "found": found,
            "form": form,
            "key": key,
            "refused": refused,
        },
        status=UNPROCESSABLE if form.errors or refused else 200,
    )


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def _sent(case: Case, key: uuid.UUID) -> Case | None:
    """Return the second look that a form with this key asked for already."""
    found = SubmissionKey.objects.filter(key=key, case__appeal__of_case=case)
    sent = found.select_related("case").first()
    return sent.case if sent is not None else None


@never_cache
@require_GET
def appeal_letter(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Hand out the letter of a decided second look to those who may read it.

    Raises:
        Http404: there is none for this account.
    """
    case = get_object_or_404(Case.objects.select_related("unit"), pk=case_id, flow=FLOW)
    user = request.user
    if not isinstance(user, User) or not may_read(user, case):
        raise Http404
    event = get_object_or_404(CaseEvent, case=case, transition__in=letters.TITLES)
    return letters.letter_response(case, event)
