"""Talks: an own list, a form, one talk; for the two and the secretary of their branch."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from branches.activities.forms import TalkCorrectionForm, TalkForm
from branches.activities.plan_views import with_version
from branches.activities.talks import (
    correct_talk,
    own_branches,
    pairs_in,
    talks_seen,
    write_talk,
)
from branches.activities.views import METHODS, PAGE_SIZE
from branches.year.permissions import may_see_year, seen_branches
from portal.address_values import plain_text
from portal.refusals import Refusal


@never_cache
@require_safe
def talks(request: HttpRequest) -> HttpResponse:
    """List the talks the account reads; those who see the year are told how many pairs talked."""
    year = timezone.localdate().year
    rows = talks_seen(request.user).select_related("branch", "talker", "partner").defer("content")
    pairs = []
    if may_see_year(request.user):
        seen = seen_branches(request.user)
        numbers = pairs_in(year, seen)
        pairs = [
            (branch, numbers.get(branch.pk, 0))
            for branch in seen.order_by("path")
            if branch.is_valid_on()
        ]
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "year": year,
        "pairs": pairs,
        "writes": bool(own_branches(request.user)),
    }
    return render(request, "branches/activities/talks.html", context)


@never_cache
@sensitive_post_parameters("content", "place")
@require_http_methods(METHODS)
def new_talk(request: HttpRequest) -> HttpResponse:
    """Write a talk down.

    Raises:
        PermissionDenied: the account belongs to no branch.
    """
    branches = own_branches(request.user)
    if not branches:
        raise PermissionDenied
    code = plain_text(request.GET.get("branch", ""))
    branch = next((one for one in branches if one.code == code), branches[0])
    form = TalkForm(
        request.POST or None,
        branch=branch,
        initial={
            "talker": getattr(request.user, "person_id", None),
            "held_on": timezone.localdate(),
        },
    )
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = write_talk(branch, request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("The talk is kept for the two of you."))
                return redirect("branch_talk", made.pk)
    context = {"form": form, "branch": branch, "branches": branches, "refusal": refusal}
    return render(request, "branches/activities/talk_form.html", context, status=status)


@never_cache
@sensitive_post_parameters("content", "place")
@require_http_methods(METHODS)
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a talk to the two and the secretary; whoever wrote it corrects it."""
    found = get_object_or_404(
        talks_seen(request.user).select_related("branch", "talker", "partner"), pk=pk
    )
    is_own = found.written_by_id == request.user.pk
    form = None
    refusal, status = None, 200
    if is_own:
        form = TalkCorrectionForm(
            request.POST or None,
            initial={"version": found.version, "place": found.place, "content": found.content},
        )
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        status = 422
        if form.is_valid():
            try:
                correct_talk(pk, request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except Refusal as refused:
                refusal, status = refused, refused.status
                found.refresh_from_db()
                form = with_version(form, found)  # type: ignore[arg-type]
            else:
                messages.success(request, _("The words are corrected."))
                return redirect(reverse("branch_talk", args=[pk]))
    context = {"talk": found, "form": form, "refusal": refusal}
    return render(request, "branches/activities/talk.html", context, status=status)
