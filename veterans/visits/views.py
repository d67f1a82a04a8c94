"""Checks on the spot (走访核查): records of a case or a person, entered by who went there."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases.models import Case
from portal.cases.permissions import must_stand_aside
from portal.cases.views.private import private_answer
from portal.people.models import User
from portal.roles.permissions import has_role
from veterans.models import SiteVisit
from veterans.models.handling import VisitConclusion, VisitPurpose

FLOW = "veterans-support"
WRITERS = ("veterans_officer", "union_staff")
READERS = (*WRITERS, "union_chair", "party_approver", "discipline_auditor")
ROWS_PER_PAGE = 20
UNPROCESSABLE = 422


class VisitForm(forms.Form):
    """When, where, who went, and what was found."""

    visited_on = forms.DateField(
        label=gettext_lazy("Visited on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=VisitPurpose.choices)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=120)
    visitors = forms.CharField(
        label=gettext_lazy("Visitors"),
        help_text=gettext_lazy("At least two, separated by 、"),
        max_length=100,
    )
    finding = forms.CharField(
        label=gettext_lazy("What was found"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    conclusion = forms.ChoiceField(
        label=gettext_lazy("Conclusion"),
        choices=VisitConclusion.choices,
        widget=forms.RadioSelect,
    )

    def clean_visited_on(self) -> datetime.date:
        """Refuse a day to come."""
        day: datetime.date = self.cleaned_data["visited_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_visitors(self) -> str:
        """Refuse a single visitor: nobody checks alone."""
        words = self.cleaned_data["visitors"]
        for sign in ",，;；":
            words = words.replace(sign, "、")
        names = [name.strip() for name in words.split("、") if name.strip()]
        if len(set(names)) < 2:
            raise forms.ValidationError(_("Please name at least two people, separated by 、"))
        return "、".join(names)


def reads_visits(user: Any) -> bool:
    """Whether the account reads checks on the spot of others."""
    return has_role(user, *READERS)


def writes_visits(user: Any) -> bool:
    """Whether the account enters checks on the spot."""
    return has_role(user, *WRITERS)


def _reader(request: HttpRequest) -> User:
    """Return the account.

    Raises:
        PermissionDenied: it reads no checks on the spot.
    """
    user = request.user
    if not isinstance(user, User) or not reads_visits(user):
        raise PermissionDenied
    return user


@require_safe
@private_answer
def support_visits(request: HttpRequest) -> HttpResponse:
    """List the checks on the spot, the newest first; none of the account's own case.

    Raises:
        PermissionDenied: it reads no checks on the spot.
    """
    user = _reader(request)
    rows = (
        SiteVisit.objects.exclude(case__applicant=user.person_id)
        .exclude(case__beneficiary=user.person_id)
        .exclude(person=user.person_id)
        .select_related("case__application", "person", "entered_by__person")
        .order_by("-visited_on", "-pk")
    )
    conclusion = request.GET.get("conclusion", "")
    if conclusion in VisitConclusion.values:
        rows = rows.filter(conclusion=conclusion)
    paginator = Paginator(rows, ROWS_PER_PAGE)
    return render(
        request,
        "veterans/visits/list.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "conclusions": VisitConclusion.choices,
            "conclusion": conclusion,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def support_visit_new(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Enter a check on the spot of a case.

    Raises:
        PermissionDenied: the account enters none, or the case concerns it or a relative.
        Http404: there is no such case.
    """
    user = _reader(request)
    case = get_object_or_404(
        Case.objects.select_related("unit"), pk=case_id, flow=FLOW, sequence__gt=0
    )
    if not writes_visits(user):
        raise PermissionDenied
    if must_stand_aside(user, case):
        raise Http404
    form = VisitForm(request.POST or None, initial={"visited_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        SiteVisit.objects.create(
            case=case,
            person=case.beneficiary,
            **form.cleaned_data,
            entered_by=user,
            entered_at=timezone.now(),
        )
        messages.success(request, _("The check on the spot is entered."))
        return redirect("case", case.pk)
    return render(
        request,
        "veterans/visits/new.html",
        {"case": case, "form": form},
        status=UNPROCESSABLE if form.errors else 200,
    )
