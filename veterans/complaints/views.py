"""The page on which a clerk takes down a complaint or a call."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.cases import services as cases
from portal.cases.models import Case, SubmissionKey
from portal.cases.views.private import private_answer
from portal.organizations.models import Unit
from portal.people.models import User
from portal.personal_data.forms import PhoneField
from portal.roles.permissions import assignments, has_role
from veterans.complaints.flow import FLOW
from veterans.models import Complaint
from veterans.models.handling import ComplaintChannel

UNPROCESSABLE = 422
CLERKS = ("veterans_officer",)


class ComplaintForm(forms.Form):
    """What somebody said, how to reach them, and which case it is about."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Way"), choices=ComplaintChannel.choices, widget=forms.RadioSelect
    )
    topic = forms.CharField(
        label=gettext_lazy("In a few words, without names"),
        help_text=gettext_lazy("For example: the payment came late"),
        max_length=60,
    )
    words = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the caller"),
        help_text=gettext_lazy("Leave it empty when it was not given."),
        required=False,
        max_length=50,
    )
    phone = PhoneField(
        label=gettext_lazy("Phone of the caller"),
        help_text=gettext_lazy("To call back with the answer."),
        required=False,
    )
    number = forms.CharField(
        label=gettext_lazy("Case number it is about"),
        help_text=gettext_lazy("For example YJ-2026-0000001; leave it empty for none."),
        required=False,
        max_length=40,
    )
    is_applicant = forms.BooleanField(
        label=gettext_lazy("The caller is who applied in this case"), required=False
    )

    def clean_number(self) -> Case | None:
        """Return the case of this number."""
        number = self.cleaned_data["number"].strip()
        if not number:
            return None
        case = Case.objects.filter(number=number, flow="veterans-support").first()
        if case is None:
            raise forms.ValidationError(_("There is no application with this number."))
        return case

    def clean(self) -> dict[str, Any]:
        """The caller can only be the applicant of a case that is named."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_applicant") and "number" in cleaned and cleaned["number"] is None:
            self.add_error("number", _("Please give the number of the case."))
        return cleaned


def may_take_down(user: Any) -> bool:
    """Whether the account takes complaints and calls down."""
    return has_role(user, *CLERKS)


def _unit(user: User, about: Case | None) -> Unit:
    if about is not None:
        return about.unit
    return next(row.unit for row in assignments(user) if row.role_code in CLERKS)


@transaction.atomic
def take_down(user: User, values: dict[str, Any], key: uuid.UUID | None = None) -> Case:
    """Write a complaint down and pass it on to those who answer."""
    about: Case | None = values["number"]
    caller = about.applicant if about is not None and values["is_applicant"] else None
    case = cases.open_draft(FLOW, item=values["topic"], unit=_unit(user, about), applicant=caller)
    Complaint.objects.create(
        case=case,
        channel=values["channel"],
        name=values["name"],
        phone=values["phone"],
        words=values["words"],
        of_case=about,
        entered_by=user,
    )
    cases.apply(case.pk, "register", user, {}, key=key)
    return case


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def support_complaint_new(request: HttpRequest) -> HttpResponse:
    """Take down a complaint or a call; sent twice, it is taken down once.

    Raises:
        PermissionDenied: the account takes none down.
    """
    user = request.user
    if not isinstance(user, User) or not may_take_down(user):
        raise PermissionDenied
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid.uuid4()
    form = ComplaintForm(request.POST or None)
    if request.method == "POST":
        sent = SubmissionKey.objects.filter(key=key, user=user).first()
        if sent is not None:
            return redirect("case", sent.case_id)
        if form.is_valid():
            case = take_down(user, form.cleaned_data, key)
            messages.success(request, _("It is taken down and passed on."))
            return redirect("case", case.pk)
    return render(
        request,
        "veterans/complaints/new.html",
        {"form": form, "key": key},
        status=UNPROCESSABLE if form.errors else 200,
    )
