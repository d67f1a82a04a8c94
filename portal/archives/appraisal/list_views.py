"""Pages of destruction lists: all of them, one of them, each step with its confirmation."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.archives.appraisal import lists
from portal.archives.appraisal.document import list_pdf
from portal.archives.appraisal.forms import NeededRemarkForm, ProposalForm, RemarkForm
from portal.archives.appraisal.refusals import NotOnThisList
from portal.archives.models import (
    DestructionEntry,
    DestructionList,
    DestructionState,
    Record,
)
from portal.archives.permissions import (
    may_approve_destruction,
    may_read_office,
    may_receive,
    require_receive,
)
from portal.archives.refusals import NotArchivist

PER_PAGE = 50


def visible_lists(user: Any) -> Any:
    """Return the lists an account sees: the office and the approver all, witnesses their own."""
    if may_read_office(user) or may_approve_destruction(user):
        return DestructionList.objects.all()
    return DestructionList.objects.filter(witnesses__account=user)


def _list(request: HttpRequest, list_id: uuid.UUID) -> DestructionList:
    found: DestructionList = get_object_or_404(visible_lists(request.user), pk=list_id)
    return found


@require_GET
def destruction_lists(request: HttpRequest) -> HttpResponse:
    """List all destruction lists that the account may see.

    Raises:
        NotArchivist: it may see none.
    """
    found = visible_lists(request.user)
    office = may_read_office(request.user) or may_approve_destruction(request.user)
    if not office and not found.exists():
        raise NotArchivist.standard()
    return render(
        request,
        "archives/appraisal/lists.html",
        {"page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page"))},
    )


@dataclass(frozen=True)
class Step:
    """One step of a list: who may take it when, what its page says, what it does."""

    title: Any
    consequences: tuple[Any, ...]
    form: type[forms.Form]
    do: Callable[[DestructionList, Any, dict[str, Any]], object]
    done: Any


STEPS: dict[str, Step] = {
    "propose": Step(
        gettext_lazy("Propose the list"),
        (
            gettext_lazy("The approver gets the list as a task; nothing is destroyed yet."),
            gettext_lazy("Proposer, approver and the two witnesses are four different people."),
        ),
        ProposalForm,
        lambda found, by, data: lists.propose(found.pk, by, [data["first"], data["second"]]),
        gettext_lazy("The list waits for approval."),
    ),
    "approve": Step(
        gettext_lazy("Approve the list"),
        (
            gettext_lazy("You have checked that every record on it may be destroyed."),
            gettext_lazy("It is carried out once both witnesses have signed."),
        ),
        RemarkForm,
        lambda found, by, data: lists.approve(found.pk, by, data["remark"]),
        gettext_lazy("The list is approved. The witnesses are asked to sign."),
    ),
    "return": Step(
        gettext_lazy("Return the list"),
        (gettext_lazy("It becomes a draft again; nothing is destroyed."),),
        NeededRemarkForm,
        lambda found, by, data: lists.send_back(found.pk, by, data["remark"]),
        gettext_lazy("The list was returned."),
    ),
    "sign": Step(
        gettext_lazy("Sign as a witness"),
        (
            gettext_lazy("With the second signature the records are destroyed for good."),
            gettext_lazy("Content, files and keys are removed; nobody can bring them back."),
            gettext_lazy("Records under a legal hold are left out."),
            gettext_lazy("Paper copies are destroyed in front of you on the same day."),
        ),
        forms.Form,
        lambda found, by, data: lists.sign(found.pk, by),
        gettext_lazy("You have signed."),
    ),
    "withdraw": Step(
        gettext_lazy("Give the list up"),
        (gettext_lazy("Its records stay as they are and can be appraised again."),),
        NeededRemarkForm,
        lambda found, by, data: lists.withdraw(found.pk, by, data["remark"]),
        gettext_lazy("The list was given up."),
    ),
}


def steps_for(found: DestructionList, user: Any) -> list[str]:
    """Return the steps that this account can take now, the main one first."""
    state, steps = found.state, []
    if may_receive(user) and state == DestructionState.DRAFT:
        steps.append("propose")
    stranger = found.made_by_id != user.pk and not any(
        witness.account_id == user.pk for witness in found.witnesses.all()
    )
    if state == DestructionState.PROPOSED and may_approve_destruction(user) and stranger:
        steps += ["approve", "return"]
    if state == DestructionState.APPROVED and any(
        witness.account_id == user.pk and witness.signed_at is None
        for witness in found.witnesses.all()
    ):
        steps.append("sign")
    open_states = (DestructionState.DRAFT, DestructionState.PROPOSED, DestructionState.APPROVED)
    if may_receive(user) and state in open_states:
        steps.append("withdraw")
    return steps


@require_GET
def destruction_list(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Show a list: where it stands, its people, its records, and what can be done next."""
    found = _list(request, list_id)
    entries = found.entries.select_related("record").order_by("archive_code", "pk")
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    readable = set(
        Record.objects.visible_to(request.user)
        .filter(pk__in=[entry.record_id for entry in page])
        .values_list("pk", flat=True)
    )
    return render(
        request,
        "archives/appraisal/list.html",
        {
            "list": found,
            "page_obj": page,
            "readable": readable,
            "witnesses": list(found.witnesses.all()),
            "steps": [(name, STEPS[name].title) for name in steps_for(found, request.user)],
            "may_take_off": may_receive(request.user) and found.state == DestructionState.DRAFT,
            "destroyed": found.entries.filter(destroyed_at__isnull=False).count(),
            "kept_out": found.entries.filter(counts=False).count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, list_id: uuid.UUID, name: str) -> HttpResponse:
    """Say what a step will do, and do it once confirmed.

    Raises:
        NotOnThisList: the account cannot take the step where the list stands now.
    """
    found = _list(request, list_id)
    if name not in STEPS:
        raise Http404(_("There is no such step."))
    chosen = STEPS[name]
    form = chosen.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (form.is_valid() or not form.fields):
        chosen.do(found, request.user, getattr(form, "cleaned_data", {}))
        messages.success(request, str(chosen.done))
        return redirect(found)
    if request.method != "POST" and name not in steps_for(found, request.user):
        raise NotOnThisList(
            _("This step is not yours to take now. The list is “%(state)s”.")
            % {"state": found.get_state_display()},
            [(_("Open the list"), found.get_absolute_url())],
        )
    return render(
        request,
        "archives/appraisal/step.html",
        {"list": found, "step": chosen, "form": form, "count": found.entries.count()},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def take_off(request: HttpRequest, list_id: uuid.UUID, entry_id: int) -> HttpResponse:
    """Take a record off a draft."""
    require_receive(request.user)
    found = _list(request, list_id)
    entry = get_object_or_404(DestructionEntry, pk=entry_id, destruction_list=found)
    lists.take_off(entry.pk, request.user)
    messages.success(request, _("“%(title)s” was taken off the list.") % {"title": entry.title})
    return redirect(found)


@require_GET
def document(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Hand out the list as PDF, to be signed and kept on paper as well."""
    found = _list(request, list_id)
    response = HttpResponse(list_pdf(found), content_type="application/pdf")
    name = f"档案销毁清册_{found.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response
