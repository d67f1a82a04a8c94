"""The roster and one member's page, for those who keep and read it; the own record."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from branches.members import forms, listing, register
from branches.members.permissions import (
    is_own,
    kept_branches,
    may_keep,
    may_keep_all,
    may_see_member,
    may_see_rosters,
    rosters,
    seen_until,
)
from branches.members.probation import ends_on, probation_rule
from branches.members.record import record_of
from branches.members.sheets import roster_workbook
from branches.members.training import progress_of
from branches.models import (
    Membership,
    MemberTransfer,
    PartyMember,
    PartyPost,
    VotingBar,
    covers,
)
from branches.office import submit
from portal.office_pages import METHODS, account, guarded
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person
from portal.spreadsheets import workbook_response

PAGE_SIZE = 20
#: The printed roster shows everybody at once.
MOST_PRINTED = 500
for_readers = guarded(may_see_rosters)
for_keepers = guarded(lambda user: kept_branches(user).exists())


def page_of(member_id: Any) -> str:
    """Return the address of one member."""
    return reverse("branch_member", args=[member_id])


def _choices(request: HttpRequest) -> tuple[listing.Choice, list[Unit], list[Unit]]:
    """Return what is chosen, and the branches and groups to choose from."""
    branches = list(rosters(request.user).order_by("path"))
    groups = list(Unit.objects.filter(kind=UnitKind.PARTY_GROUP).order_by("path"))
    choice = listing.Choice.of(request.GET, branches, groups)
    if len(branches) == 1:
        choice = listing.Choice(branches[0], choice.group, choice.state, choice.order)
    own = [one for one in groups if choice.branch and choice.branch.contains(one)]
    return choice, branches, own


@require_http_methods(METHODS)
@sensitive_post_parameters("words")
@for_readers
def roster(request: HttpRequest) -> HttpResponse:
    """List members by filters; words are sent as a form, so that no address holds a name."""
    find = forms.FindForm(request.POST if request.method == "POST" else None)
    choice, branches, groups = _choices(request)
    searched = find.is_bound and find.is_valid()
    seen = rosters(request.user)
    rows = (
        listing.found(find.cleaned_data["words"], seen)
        if searched
        else listing.chosen(choice, seen)
    )
    size = MOST_PRINTED if "all" in request.GET else PAGE_SIZE
    page = Paginator(rows, size).get_page(1 if searched else request.GET.get("page"))
    shown = list(page.object_list)
    return render(
        request,
        "branches/members/roster.html",
        {
            "find": find,
            "searched": searched,
            "choice": choice,
            "branches": branches,
            "groups": groups,
            "states": listing.STATES.items(),
            "orders": listing.ORDER_NAMES.items(),
            "page_obj": page,
            "rows": rows_of(shown),
            "total": page.paginator.count,
            "year": timezone.localdate().year,
            "keeps": kept_branches(request.user).exists(),
            "imports": may_keep_all(request.user),
        },
        status=422 if find.is_bound and find.errors else 200,
    )


def rows_of(memberships: list[Membership]) -> list[dict[str, Any]]:
    """Return the rows of a list with posts and hours, by the same few queries for any number.

    Of those who left nothing of today is told.
    """
    today = timezone.localdate()
    keys = [row.member_id for row in memberships if row.counts_on(today)]
    posts: dict[int, list[PartyPost]] = {}
    for post in PartyPost.objects.filter(covers(today), person_id__in=keys).order_by("pk"):
        posts.setdefault(post.person_id, []).append(post)
    progress = progress_of(keys, today.year)
    barred = set(
        VotingBar.objects.filter(covers(today), member_id__in=keys).values_list("member", flat=True)
    )
    return [
        {
            "row": row,
            "person": row.member.person,
            "is_full": row.member.is_full_on(today),
            "posts": posts.get(row.member_id, []) if row.counts_on(today) else [],
            "progress": progress[row.member_id] if row.counts_on(today) else None,
            "is_barred": row.member_id in barred and row.counts_on(today),
        }
        for row in memberships
    ]


@require_safe
@for_readers
def roster_sheet(request: HttpRequest) -> Any:
    """Hand out what is chosen as Excel, numbers masked."""
    choice, _branches, _groups = _choices(request)
    rows = listing.chosen(choice, rosters(request.user))
    return workbook_response(roster_workbook(rows), f"members-{timezone.localdate()}.xlsx")


def member_for(request: HttpRequest, pk: int, *, keeps: bool = False) -> PartyMember:
    """Return a member the account may see, or may change.

    Raises:
        Http404: there is none, or it is not the account's to see.
        PermissionDenied: the account sees it and may not change it.
    """
    found = get_object_or_404(PartyMember.objects.select_related("person__unit"), pk=pk)
    if not may_see_member(request.user, found):
        raise Http404
    if keeps:
        place = last_place(found)
        if not may_keep(request.user, place.branch if place else None):
            raise PermissionDenied
    return found


def last_place(member: PartyMember) -> Membership | None:
    """Return where a member belongs now, or belonged last."""
    return (
        member.memberships.select_related("branch", "group").order_by("-valid_from", "-pk").first()
    )


@require_safe
@guarded(lambda user: user.is_authenticated)
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one member, numbers masked."""
    found = member_for(request, pk)
    return _member_page(request, found)


@require_safe
@guarded(lambda user: user.is_authenticated)
def mine(request: HttpRequest) -> HttpResponse:
    """Show the account's own record.

    Raises:
        Http404: the person is not in the register.
    """
    person_id = getattr(request.user, "person_id", None)
    found = PartyMember.objects.select_related("person__unit").filter(pk=person_id or 0).first()
    if found is None:
        raise Http404(_("You are not in the register of members."))
    return _member_page(request, found)


def _member_page(request: HttpRequest, found: PartyMember) -> HttpResponse:
    today = timezone.localdate()
    until = seen_until(request.user, found) or datetime.date.min
    record = record_of(request.user, found, until)
    last = last_place(found)
    keeps = last is not None and may_keep(request.user, last.branch)
    own = is_own(request.user, found)
    return render(
        request,
        "branches/members/member.html",
        {
            **record,
            "member": found,
            "person": found.person,
            "belongs": record["place"] is not None and record["place"].valid_to is None,
            "is_full": found.is_full_on(today),
            "probation_ends": ends_on(found, probation_rule().number),
            "year": today.year,
            "transfers": [(row, _receives(request, row)) for row in record["transfers"]],
            "has_open_transfer": any(row.is_open for row in record["transfers"]),
            "keeps": keeps,
            "is_own": own,
            "shows_decisions": keeps or own,
            "last_day": None if until == datetime.date.max else until,
        },
    )


def _receives(request: HttpRequest, row: MemberTransfer) -> bool:
    return row.is_open and may_keep(request.user, row.to_branch or row.from_branch)


@require_http_methods(METHODS)
@sensitive_post_parameters()
@for_keepers
def enter(request: HttpRequest) -> HttpResponse:
    """Take somebody into the roster."""
    branches = kept_branches(request.user).valid_on()
    form = forms.EnterForm(request.POST or None, branches=branches)
    return submit(
        request,
        form,
        lambda values: _enter(values, request),
        title=_("Enter a member"),
        done=_("The member is in the roster now."),
        cancel=reverse("branch_members"),
        go_to=lambda made: page_of(made.pk),
    )


@transaction.atomic
def _enter(values: dict[str, Any], request: HttpRequest) -> PartyMember:
    return register.enter(person_for(values), values, account(request))


def person_for(values: dict[str, Any]) -> Person:
    """Return the person a form speaks of, new ones written, inside the caller's transaction."""
    person: Person = values["person"]
    if person.pk is None:
        person.save()
    elif values.get("identity_number") and not person.identity_number:
        person.identity_number = values["identity_number"]
        person.save()
    return person
