"""What changes for one member: confirming, correcting, groups, ending, times without a vote."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from branches.members import forms, register, voting_bars
from branches.members.office_views import for_keepers, last_place, member_for, page_of
from branches.members.probation import ends_on, probation_rule
from branches.models import VotingBar
from branches.office import submit
from portal.office_pages import METHODS, account


@require_http_methods(METHODS)
@for_keepers
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a probationary member a full one."""
    found = member_for(request, pk, keeps=True)
    rule = probation_rule()
    return submit(
        request,
        forms.ConfirmForm(request.POST or None, initial={"day": ends_on(found, rule.number)}),
        lambda values: register.confirm(pk, values["day"], account(request)),
        title=_("Confirm %(name)s") % {"name": found.person.name},
        intro=rule.clause,
        done=_("The member is a full member now."),
        cancel=page_of(pk),
    )


@require_http_methods(METHODS)
@for_keepers
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct days, with a reason."""
    found = member_for(request, pk, keeps=True)
    initial = {
        "joined_on": found.joined_on,
        "confirmed_on": found.confirmed_on,
        "probation_until": found.probation_until,
    }
    return submit(
        request,
        forms.CorrectForm(request.POST or None, initial=initial),
        lambda values: register.correct(pk, values, account(request)),
        title=_("Correct the days of %(name)s") % {"name": found.person.name},
        intro=_("What stood there before stays in the history."),
        done=_("The days were corrected."),
        cancel=page_of(pk),
    )


@require_http_methods(METHODS)
@for_keepers
def regroup(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a member into another group."""
    found = member_for(request, pk, keeps=True)
    place = get_object_or_404(found.memberships.select_related("branch"), valid_to__isnull=True)
    initial = {"group": place.group_id, "day": timezone.localdate()}
    return submit(
        request,
        forms.RegroupForm(request.POST or None, branch=place.branch, initial=initial),
        lambda values: register.regroup(pk, values["group"], values["day"], account(request)),
        title=_("Another group for %(name)s") % {"name": found.person.name},
        done=_("The member is in the other group."),
        cancel=page_of(pk),
    )


@require_http_methods(METHODS)
@for_keepers
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership."""
    found = member_for(request, pk, keeps=True)
    place = last_place(found)
    return submit(
        request,
        forms.EndForm(request.POST or None, initial={"day": timezone.localdate()}),
        lambda values: register.end(pk, values["day"], values["reason"], account(request)),
        title=_("End the membership of %(name)s") % {"name": found.person.name},
        facts=[(_("Party branch"), place.branch.name)] if place else [],
        notes=[
            _("From the day after, %(name)s is not expected at meetings any more.")
            % {"name": found.person.name},
            _("Posts in the branch end on the same day."),
            _("Nothing is deleted: the history and the training hours stay."),
        ],
        save_label=_("End the membership"),
        done=_("The membership has ended. Its history stays."),
        cancel=page_of(pk),
    )


@require_http_methods(METHODS)
@sensitive_post_parameters("document")
@for_keepers
def bar(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the vote away for a time."""
    found = member_for(request, pk, keeps=True)
    return submit(
        request,
        forms.BarForm(request.POST or None, initial={"valid_from": timezone.localdate()}),
        lambda values: voting_bars.bar(pk, values, account(request)),
        title=_("No vote for a time: %(name)s") % {"name": found.person.name},
        done=_("It is written down. The member does not count as a voter in this time."),
        cancel=page_of(pk),
    )


@require_http_methods(METHODS)
@for_keepers
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the vote back."""
    row = get_object_or_404(VotingBar, pk=pk)
    found = member_for(request, row.member_id, keeps=True)
    return submit(
        request,
        forms.LiftForm(request.POST or None, initial={"day": timezone.localdate()}),
        lambda values: voting_bars.lift(pk, values["day"], account(request)),
        title=_("Give the vote back: %(name)s") % {"name": found.person.name},
        done=_("From the day after, the member has a vote again."),
        cancel=page_of(row.member_id),
    )
