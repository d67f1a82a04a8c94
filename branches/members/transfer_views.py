"""Transfers: sending, taking in, receiving, calling off, and the letter."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from branches.members import forms, transfers
from branches.members.office_views import (
    PAGE_SIZE,
    for_keepers,
    for_readers,
    member_for,
    page_of,
    person_for,
)
from branches.members.permissions import kept_branches, may_keep, rosters, sees_all
from branches.models import MemberTransfer, PartyMember
from branches.office import submit
from portal.archives.pdf import pdf_from_html
from portal.office_pages import METHODS, account, confirm_page
from portal.refusals import Refusal

USUAL_DAYS = 30


@require_safe
@for_readers
def transfer_list(request: HttpRequest) -> HttpResponse:
    """List transfers that concern the branches the account sees, open ones first."""
    rows = MemberTransfer.objects.select_related("member__person", "from_branch", "to_branch")
    if not sees_all(request.user):
        seen = rosters(request.user)
        rows = rows.filter(Q(from_branch__in=seen) | Q(to_branch__in=seen))
    open_ones = Q(received_on__isnull=True, cancelled_on__isnull=True)
    if request.GET.get("state") != "all":
        rows = rows.filter(open_ones)
    page = Paginator(rows.order_by("-letter_date", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    kept = set(kept_branches(request.user).values_list("pk", flat=True))
    today = timezone.localdate()
    return render(
        request,
        "branches/members/transfers.html",
        {
            "page_obj": page,
            "rows": [
                {
                    "row": row,
                    "receives": row.is_open and (row.to_branch_id or row.from_branch_id) in kept,
                    "is_late": row.is_open and row.valid_until < today,
                }
                for row in page
            ],
            "total": page.paginator.count,
            "shows_all": request.GET.get("state") == "all",
            "keeps": bool(kept),
        },
    )


@require_http_methods(METHODS)
@for_keepers
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a member elsewhere with a letter."""
    found = member_for(request, pk, keeps=True)
    today = timezone.localdate()
    initial = {"letter_date": today, "valid_until": today + datetime.timedelta(days=USUAL_DAYS)}
    return submit(
        request,
        forms.SendForm(request.POST or None, initial=initial),
        lambda values: transfers.begin(pk, values, account(request)),
        title=_("Transfer %(name)s") % {"name": found.person.name},
        notes=[
            _("Inside the enterprise the member stays here until the other branch has the letter."),
            _("Outside, the membership ends on the day of the letter."),
        ],
        done=_("The transfer has begun. Please print the letter."),
        cancel=page_of(pk),
    )


@require_http_methods(METHODS)
@sensitive_post_parameters()
@for_keepers
def take_in(request: HttpRequest) -> HttpResponse:
    """Take somebody in who comes from outside with a letter."""
    branches = kept_branches(request.user).valid_on()
    return submit(
        request,
        forms.TakeInForm(request.POST or None, branches=branches),
        lambda values: _take_in(values, request),
        title=_("Take a member in from outside"),
        done=_("The member belongs to the branch now."),
        cancel=reverse("branch_members"),
        go_to=lambda made: page_of(made.pk),
    )


@transaction.atomic
def _take_in(values: dict[str, Any], request: HttpRequest) -> PartyMember:
    return transfers.take_in(person_for(values), values, account(request))


def _transfer(request: HttpRequest, pk: int) -> MemberTransfer:
    """Return a transfer that concerns a branch the account sees.

    Raises:
        Http404: there is none.
    """
    row = get_object_or_404(
        MemberTransfer.objects.select_related("member__person", "from_branch", "to_branch"), pk=pk
    )
    seen = set(rosters(request.user).values_list("pk", flat=True))
    if not sees_all(request.user) and not {row.from_branch_id, row.to_branch_id} & seen:
        raise Http404
    return row


@require_http_methods(METHODS)
@for_keepers
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a letter, or the reply to it, has come."""
    row = _transfer(request, pk)
    if not may_keep(request.user, row.to_branch or row.from_branch):
        raise PermissionDenied
    inside = row.to_branch is not None
    return submit(
        request,
        forms.ReceiveForm(request.POST or None, branch=row.to_branch),
        lambda values: transfers.receive(pk, values["day"], values.get("group"), account(request)),
        title=_("Receive %(name)s") % {"name": row.member.person.name}
        if inside
        else _("Reply for %(name)s") % {"name": row.member.person.name},
        facts=[
            (_("From"), row.origin),
            (_("To"), row.destination),
            (pgettext("transfer", "Letter"), row.letter_number),
            (_("Valid until"), row.valid_until),
        ],
        done=_("The member belongs to the new branch now.") if inside else _("It is written down."),
        cancel=reverse("branch_transfers"),
    )


@require_http_methods(METHODS)
@for_keepers
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a transfer off, after a question."""
    row = _transfer(request, pk)
    if not may_keep(request.user, row.from_branch):
        raise PermissionDenied
    status, words = 200, ""
    consequences = [_("The letter %(number)s counts no more.") % {"number": row.letter_number}]
    if row.to_branch is None:
        consequences.append(_("Posts that ended with the letter have to be given again."))
    if request.method == "POST":
        try:
            transfers.cancel(pk, account(request))
        except Refusal as refusal:
            status, words = refusal.status, str(refusal.message)
        else:
            messages.success(request, _("The transfer was called off."))
            return redirect(page_of(row.member_id))
    return confirm_page(
        request,
        status=status,
        title=_("Call the transfer off"),
        question=words
        or _("Shall %(name)s stay in “%(branch)s”?")
        % {"name": row.member.person.name, "branch": row.origin},
        consequences=consequences,
        confirm_label=_("Call the transfer off"),
        cancel_url=page_of(row.member_id),
    )


@require_safe
@for_readers
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the letter of introduction as PDF.

    Raises:
        Http404: there is none, or it came from outside and is not ours to print.
    """
    row = _transfer(request, pk)
    if row.from_branch is None or row.cancelled_on is not None:
        raise Http404
    days = (row.valid_until - row.letter_date).days
    with override("zh-hans"):
        html = render_to_string(
            "branches/members/letter.html",
            {
                "row": row,
                "days": days,
                "kind": "正式" if row.member.is_full_on(row.letter_date) else "预备",
            },
        )
    response = HttpResponse(pdf_from_html(html), content_type="application/pdf")
    name = f"组织关系介绍信（{row.letter_number}）.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
