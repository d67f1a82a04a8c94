"""The pages of those who act for a beneficiary, and of the clerk who writes for one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.cases.models import Case
from portal.cases.views.private import private_answer
from portal.office_pages import account, confirm_page
from portal.personal_data.masking import masked_name
from veterans.beneficiaries import accounts, entry, forms, representatives
from veterans.beneficiaries.office_views import for_keepers, page_of, submit
from veterans.beneficiaries.permissions import may_keep_register
from veterans.models import Beneficiary, Representation, SupportItem
from veterans.models.representations import Channel, RepresentationKind


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_keepers
def representation_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a delegate or guardian with the paper."""
    found = get_object_or_404(Beneficiary.objects.select_related("person"), pk=pk)
    kind = RepresentationKind.GUARDIAN if found.is_minor else RepresentationKind.DELEGATION
    return submit(
        request,
        forms.RepresentationForm(
            request.POST or None, request.FILES or None, initial={"kind": kind}
        ),
        lambda values: representatives.add(pk, values, values["paper"], account(request)),
        title=_("Who may act for %(name)s") % {"name": found.person.name},
        done=_("Please compare the paper with the identity card, then verify it."),
        cancel=page_of(pk),
        multipart=True,
    )


@require_POST
@for_keepers
def representation_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that paper and identity card were seen."""
    row = get_object_or_404(Representation, pk=pk)
    representatives.verify(pk, account(request))
    messages.success(request, _("It is verified. Both sides were told."))
    return redirect(page_of(row.principal_id))


@require_safe
@private_answer
def representations(request: HttpRequest) -> HttpResponse:
    """Show who acts for the account's person, and for whom the person acts."""
    person_id = request.user.person_id  # type: ignore[union-attr]
    rows = Representation.objects.select_related("principal", "representative").prefetch_related(
        "items"
    )
    acting = representatives.valid_for(person_id)
    offered = list(SupportItem.objects.filter(is_offered=True).order_by("order", "pk"))
    entrustable = list(
        Case.objects.of_person(person_id).filter(
            flow=entry.FLOW, application__entry__isnull=True, beneficiary=person_id, closed_at=None
        )[:20]
    )
    return render(
        request,
        "veterans/beneficiaries/representations.html",
        {
            "for_me": [
                {
                    "row": row,
                    "cases": [
                        case
                        for case in entrustable
                        if row.state == "valid" and row.covers(case.subject.item)
                    ],
                }
                for row in rows.filter(principal=person_id or 0)[:20]
            ],
            "by_me": [
                {
                    "row": row,
                    "items": [item for item in offered if row.covers(item)],
                }
                for row in acting
            ],
        },
    )


def _of_mine(request: HttpRequest, pk: int) -> Representation:
    """Return a right that concerns the account, or any for the officer.

    Raises:
        Http404: there is none, or it is not the account's business.
    """
    row = Representation.objects.select_related("principal", "representative").filter(pk=pk).first()
    person_id = account(request).person_id
    own = row is not None and person_id in (row.principal_id, row.representative_id)
    if row is None or not (own or may_keep_register(request.user)):
        raise Http404(_("There is no such letter of authority."))
    return row


def _back(request: HttpRequest, row: Representation) -> str:
    if account(request).person_id in (row.principal_id, row.representative_id):
        return reverse("support_representations")
    return page_of(row.principal_id)


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def representation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the right away at once, after a question."""
    row = _of_mine(request, pk)
    back = _back(request, row)
    if request.method == "POST":
        representatives.revoke(pk, account(request), request.POST.get("reason", "")[:200])
        messages.success(request, _("The right ended at once. Both sides were told."))
        return redirect(back)
    return confirm_page(
        request,
        title=_("Revoke the right to act"),
        question=_("Shall %(agent)s no longer act for %(principal)s?")
        % {"agent": row.representative.name, "principal": row.principal.name},
        consequences=[
            _("It ends at this moment. Applications under way are seen by the beneficiary only."),
            _("To begin again a new letter has to be brought."),
        ],
        confirm_label=_("Revoke the right to act"),
        cancel_url=back,
    )


@require_POST
def apply_as(request: HttpRequest, pk: int, item_code: str) -> HttpResponse:
    """Open a draft for the person the account acts for."""
    item = get_object_or_404(SupportItem, code=item_code)
    made = entry.start_as(pk, item, account(request))
    return redirect("support_application", made.pk)


@require_POST
def entrust(request: HttpRequest, pk: int, case_id: uuid.UUID) -> HttpResponse:
    """Let a delegate act in an application that is there already."""
    row = _of_mine(request, pk)
    if not Case.objects.filter(pk=case_id, beneficiary=row.principal_id).exists():
        raise Http404(_("There is no such case."))
    representatives.entrust_case(pk, case_id, account(request))
    messages.success(request, _("%(name)s may act in it now.") % {"name": row.representative.name})
    return redirect(_back(request, row))


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def apply_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an application that a clerk types in for a beneficiary."""
    found = get_object_or_404(Beneficiary.objects.select_related("person"), pk=pk)
    return submit(
        request,
        forms.EntryForm(request.POST or None),
        lambda values: entry.start_for(pk, values["item"], values["channel"], account(request)),
        title=_("Write an application for %(name)s") % {"name": found.person.name},
        done=_("You write for somebody else. Please add a photo of the signed form."),
        cancel=page_of(pk),
        go_to=lambda made: reverse("support_application", args=[made.pk]),
        intro=_("Whoever types it in may accept it later, but never review or approve it."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def account_page(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Ask the beneficiary whether the account a delegate wrote is right.

    Raises:
        Http404: no account waits, or it is not for this person to decide.
    """
    case = Case.objects.select_related("beneficiary").filter(pk=case_id).first()
    row = accounts.open_proposal(case_id)
    user: Any = account(request)
    if case is None or row is None or not accounts.may_confirm(user, case):
        raise Http404(_("No account waits for you."))
    if user.pk == row.proposed_by_id:
        raise PermissionDenied
    own = user.person_id == case.beneficiary_id
    sent = request.POST if request.method == "POST" else None
    form = forms.ChannelForm(sent) if not own else None
    back = reverse("my_cases") if own else page_of(case.beneficiary_id)
    if request.method == "POST" and "refuse" in request.POST:
        accounts.refuse(case_id, row.pk, user)
        messages.success(request, _("The account was not taken. The one from before stays."))
        return redirect(back)
    if request.method == "POST" and (form is None or form.is_valid()):
        channel = form.cleaned_data["channel"] if form is not None else Channel.ONLINE
        accounts.confirm(case_id, row.pk, user, channel)
        messages.success(request, _("The account is confirmed."))
        return redirect(back)
    return render(
        request,
        "veterans/beneficiaries/account.html",
        {
            "case": case,
            "proposal": row,
            "name": masked_name(case.beneficiary.name) if case.beneficiary else "",
            "form": form,
            "cancel_url": back,
        },
        status=422 if form is not None and form.errors else 200,
    )
