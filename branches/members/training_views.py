"""Training hours: how a branch stands with its goals, and entering them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from branches.members import forms, training
from branches.members.office_views import for_keepers, for_readers, page_of
from branches.members.permissions import may_keep, rosters, seen_until
from branches.members.reading import members_of
from branches.models import TrainingHours
from branches.office import submit
from portal.address_values import plain_text
from portal.office_pages import METHODS, account
from portal.organizations.models import Unit
from portal.refusals import Refusal


def _branch(request: HttpRequest, code: str) -> Unit:
    found = rosters(request.user).filter(code=plain_text(code)).first()
    if found is None:
        raise Http404
    return found


def page_of_branch(branch: Unit) -> str:
    """Return the address of a branch's hours."""
    return reverse("branch_training", args=[branch.code])


@require_safe
@for_readers
def hours(request: HttpRequest, code: str) -> HttpResponse:
    """Show the hours of a branch's members against their goals."""
    branch = _branch(request, code)
    today = timezone.localdate()
    members = list(members_of(branch))
    progress = training.progress_of([row.member_id for row in members], today.year)
    return render(
        request,
        "branches/members/training.html",
        {
            "branch": branch,
            "year": today.year,
            "goals": training.goals_of(today.year).values(),
            "rows": [(row, progress[row.member_id]) for row in members],
            "reached": sum(progress[row.member_id].is_reached for row in members),
            "keeps": may_keep(request.user, branch),
        },
    )


@require_http_methods(METHODS)
@for_keepers
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Write down hours for several members, or one."""
    branch = _branch(request, code)
    if not may_keep(request.user, branch):
        raise PermissionDenied
    chosen = request.GET.getlist("member") or [
        str(key) for key in members_of(branch).values_list("member", flat=True)
    ]
    form = forms.HoursForm(
        request.POST or None,
        branch=branch,
        initial={"day": timezone.localdate(), "kind": "study", "members": chosen},
    )
    return submit(
        request,
        form,
        lambda values: training.add_hours(
            branch, [int(key) for key in values.pop("members")], values, account(request)
        ),
        title=_("Enter training hours: %(branch)s") % {"branch": branch.name},
        done=lambda count: (
            ngettext(
                "Hours were written down for %(count)d member.",
                "Hours were written down for %(count)d members.",
                count,
            )
            % {"count": count}
        ),
        cancel=page_of_branch(branch),
    )


@require_POST
@for_keepers
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong entry out."""
    row = get_object_or_404(TrainingHours.objects.select_related("member"), pk=pk)
    until = seen_until(request.user, row.member)
    if until is None or row.day > until:
        raise Http404
    try:
        training.remove_hours(pk, account(request))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The entry was taken out."))
    return redirect(page_of(row.member_id))
