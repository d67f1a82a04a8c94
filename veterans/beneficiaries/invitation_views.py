"""Invitation codes: the slip for the officer, the page for who is invited."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases.numbers import grouped
from portal.cases.tracking import Attempt
from portal.cases.views.private import private_answer
from portal.office_pages import account, confirm_page
from portal.people.models import Person
from portal.personal_data.masking import masked_name
from portal.refusals import Refusal
from veterans.beneficiaries import invitations
from veterans.beneficiaries.forms import InvitationForm
from veterans.beneficiaries.office_views import for_keepers, page_of
from veterans.models import Beneficiary, Invitation

UNPROCESSABLE = 422
LONGEST_CODE = 100


def _back(person_id: int) -> str:
    if Beneficiary.objects.filter(pk=person_id).exists():
        return page_of(person_id)
    return reverse("support_beneficiaries")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("code")
@for_keepers
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then show the code once, as a slip to print."""
    person = get_object_or_404(Person, pk=pk)
    if request.method == "POST":
        made, code = invitations.invite(pk, account(request))
        return render(
            request,
            "veterans/beneficiaries/invitation_slip.html",
            {
                "invitation": made,
                "name": masked_name(person.name),
                "code": grouped(code),
                "address": request.build_absolute_uri(reverse("support_invitation")),
                "back_url": _back(pk),
                "phone": settings.SERVICE_PHONE,
                "phone_hours": settings.SERVICE_HOURS,
            },
        )
    return confirm_page(
        request,
        title=_("Invite to the portal"),
        question=_("Shall %(name)s get an invitation code?") % {"name": person.name},
        consequences=[
            _("The code is shown once. It counts thirty days and for one account."),
            _("An earlier code of this person opens nothing any more."),
            _("Please hand the slip to the person only, after a look at the identity card."),
        ],
        confirm_label=_("Make the code"),
        cancel_url=_back(pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a code open nothing any more, after a question."""
    row = get_object_or_404(Invitation.objects.select_related("person"), pk=pk)
    if request.method == "POST":
        invitations.revoke(pk, account(request))
        messages.success(request, _("The code opens nothing any more."))
        return redirect(_back(row.person_id))
    return confirm_page(
        request,
        title=_("Revoke the invitation"),
        question=_("Shall the code of %(name)s open nothing any more?") % {"name": row.person.name},
        consequences=[_("The slip is worthless then. A new code can be made.")],
        confirm_label=_("Revoke the invitation"),
        cancel_url=_back(row.person_id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the account of somebody outside, after a question."""
    person = get_object_or_404(Person.objects.filter(user__isnull=False), pk=pk)
    if request.method == "POST":
        invitations.close_account(pk, account(request))
        messages.success(request, _("The account is closed and signed out everywhere."))
        return redirect(_back(pk))
    return confirm_page(
        request,
        title=_("Close the account"),
        question=_("Shall the account of %(name)s be closed?") % {"name": person.name},
        consequences=[
            _("The person is signed out everywhere. Applications under way stay."),
            _("The system administrator can open the account again."),
        ],
        confirm_label=_("Close the account"),
        cancel_url=_back(pk),
    )


def _page(request: HttpRequest, form: InvitationForm, status: int, failed: bool) -> HttpResponse:
    context = {
        "form": form,
        "failed": failed,
        "phone": settings.SERVICE_PHONE,
        "phone_hours": settings.SERVICE_HOURS,
    }
    return render(request, "veterans/beneficiaries/invitation.html", context, status=status)


@login_not_required
@private_answer
@sensitive_post_parameters()
@sensitive_variables("form", "attempt", "found", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Ask for code, last four characters and a new password; every failure looks the same.

    The password is checked first, so that its faults tell nothing of the code.
    """
    if request.user.is_authenticated:
        return redirect("support_invitation_done")
    if request.method != "POST":
        return _page(request, InvitationForm(), 200, False)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, UNPROCESSABLE, False)
    typed = form.cleaned_data
    attempt = Attempt.typed(typed["code"], typed["tail"])
    found = invitations.find(attempt, get_adapter().get_client_ip(request))
    if found is not None:
        try:
            user = invitations.use(found, typed["password"])
        except Refusal:
            found = None
        else:
            login(request, user)
            return redirect("support_invitation_done")
    again = InvitationForm(initial={"code": request.POST.get("code", "")[:LONGEST_CODE]})
    return _page(request, again, UNPROCESSABLE, True)


@private_answer
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Say which account the person has now, in large letters, to be written down."""
    user = account(request)
    return render(
        request,
        "veterans/beneficiaries/invitation_done.html",
        {"number": user.get_username(), "name": masked_name(str(user))},
    )
