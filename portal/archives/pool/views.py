"""The pages of the pool: list, one item, decisions one by one and in batches."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.archives.inspection.services import latest_inspections
from portal.archives.models import FileRole, PoolItem, RecordState
from portal.archives.permissions import (
    may_correct,
    may_receive,
    pool_units,
    require_receive,
    sees_pool,
)
from portal.archives.pool import services
from portal.archives.pool.forms import (
    AnswerForm,
    BringInForm,
    CorrectionForm,
    ReasonForm,
    ReturnForm,
)
from portal.archives.pool.listing import listed_items, visible_items
from portal.archives.pool.readiness import obstacles, obstacles_of
from portal.archives.refusals import NotArchivist
from portal.refusals import Refusal

ITEMS_PER_PAGE = 20
LARGEST_BATCH = 200


def _require_pool(request: HttpRequest) -> None:
    if not sees_pool(request.user):
        raise NotArchivist.standard()


@require_GET
def pool(request: HttpRequest) -> HttpResponse:
    """List what waits, what was returned, what is overdue, what is kept apart."""
    _require_pool(request)
    context = listed_items(request)
    paginator = Paginator(context.pop("items"), ITEMS_PER_PAGE)
    return render(
        request,
        "archives/pool/list.html",
        {
            **context,
            "page_obj": paginator.get_page(request.GET.get("page")),
            "total": paginator.count,
            "may_receive": may_receive(request.user),
        },
    )


def _item(request: HttpRequest, record_id: uuid.UUID) -> PoolItem:
    _require_pool(request)
    return get_object_or_404(
        visible_items(request.user).select_related(
            "record__render", "unit", "archive_class", "rule__table", "returned_by__person"
        ),
        pk=record_id,
    )


def _item_page(
    request: HttpRequest, item: PoolItem, status: int = 200, **bound: Form
) -> HttpResponse:
    """Show an item with the forms for what this account may do with it now."""
    user = request.user
    state = item.record.state
    forms: dict[str, Form] = {}
    if state in (RecordState.POOL, RecordState.RETURNED):
        receives = may_receive(user)
        if receives or (state == RecordState.RETURNED and may_correct(user, item.unit)):
            units = None if receives else pool_units(user)
            forms["correction"] = CorrectionForm(item=item, units=units)
        if state == RecordState.POOL and receives:
            forms["return"] = ReturnForm()
        if state == RecordState.RETURNED and may_correct(user, item.unit):
            forms["answer"] = AnswerForm()
    elif state == RecordState.ACCEPTED and may_receive(user):
        forms["void"] = ReasonForm()
    elif state == RecordState.APART and may_receive(user):
        forms["bring_in"] = BringInForm()
    for name, form in forms.items():
        form.auto_id = f"id_{name}_%s"
    forms |= bound
    inspection = latest_inspections([item.record]).get(item.pk)
    broken = next((form for form in bound.values() if form.errors), None)
    return render(
        request,
        "archives/pool/item.html",
        {
            "item": item,
            "record": item.record,
            "files": list(item.record.files.exclude(role=FileRole.SEALED_PACKAGE)),
            "forms": forms,
            "form": broken,
            "inspection": inspection,
            "obstacles": obstacles(item, inspection) if state == RecordState.POOL else [],
            "may_receive": may_receive(user),
            "neighbour": _next_in_line(request, item),
        },
        status=status,
    )


def _next_in_line(request: HttpRequest, item: PoolItem) -> PoolItem | None:
    """Return the item that waits behind this one, so that a row can be worked off."""
    waiting = visible_items(request.user).filter(record__state=RecordState.POOL)
    return (
        waiting.filter(entered_at__gt=item.entered_at)
        .select_related("record")
        .order_by("entered_at", "pk")
        .first()
    )


@require_GET
def pool_item(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Show what the rules proposed for one record and what can be done with it."""
    return _item_page(request, _item(request, record_id))


@require_POST
def correct(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Save other values than the proposed ones."""
    item = _item(request, record_id)
    units = None if may_receive(request.user) else pool_units(request.user)
    form = CorrectionForm(request.POST, item=item, units=units, auto_id="id_correction_%s")
    if not form.is_valid():
        return _item_page(request, item, 422, correction=form)
    services.correct(record_id, request.user, **form.cleaned_data)
    messages.success(request, _("The correction is saved."))
    return redirect("archive_pool_item", record_id)


@require_POST
def return_item(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Give an item back with its reason."""
    item = _item(request, record_id)
    form = ReturnForm(request.POST, auto_id="id_return_%s")
    if not form.is_valid():
        return _item_page(request, item, 422, **{"return": form})
    services.return_item(record_id, request.user, **form.cleaned_data)
    messages.success(request, _("“%(title)s” was returned.") % {"title": item.record.title})
    return redirect("archive_pool")


@require_POST
def answer(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Send a returned item back to the archivist."""
    item = _item(request, record_id)
    form = AnswerForm(request.POST, auto_id="id_answer_%s")
    if not form.is_valid():
        return _item_page(request, item, 422, answer=form)
    services.answer(record_id, request.user, form.cleaned_data["words"])
    messages.success(
        request, _("“%(title)s” is with the archivist again.") % {"title": item.record.title}
    )
    return redirect("archive_pool")


@require_POST
def accept(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Accept one item; its archive code is issued."""
    item = _item(request, record_id)
    issued = services.accept(record_id, request.user)
    messages.success(
        request,
        _("“%(title)s” was accepted: %(code)s") % {"title": item.record.title, "code": issued.code},
    )
    behind = _next_in_line(request, item)
    return redirect("archive_pool_item", behind.pk) if behind else redirect("archive_pool")


@require_POST
def void_acceptance(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Take an acceptance back; its number stays void."""
    item = _item(request, record_id)
    form = ReasonForm(request.POST, auto_id="id_void_%s")
    if not form.is_valid():
        return _item_page(request, item, 422, void=form)
    services.void_acceptance(record_id, request.user, form.cleaned_data["reason"])
    messages.success(
        request, _("The acceptance was taken back. The number is void and is not used again.")
    )
    return redirect("archive_pool_item", record_id)


@require_POST
def bring_in(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Put a record that was kept apart into the pool."""
    item = _item(request, record_id)
    form = BringInForm(request.POST, auto_id="id_bring_in_%s")
    if not form.is_valid():
        return _item_page(request, item, 422, bring_in=form)
    services.bring_in(record_id, request.user, **form.cleaned_data)
    messages.success(request, _("The record is in the pool now."))
    return redirect("archive_pool_item", record_id)


def _chosen(request: HttpRequest) -> list[PoolItem]:
    """Return the items ticked in the list that still wait, in the order of the list."""
    keys = []
    for value in request.POST.getlist("record")[:LARGEST_BATCH]:
        try:
            keys.append(uuid.UUID(value))
        except ValueError:
            continue  # a value that no tick box of ours has
    return list(
        visible_items(request.user)
        .filter(pk__in=keys, record__state=RecordState.POOL)
        .select_related("record__render", "unit", "archive_class", "rule")
        .order_by("due_on", "entered_at", "pk")
    )


@require_http_methods(["POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """Accept or return several items: first what would happen, then, confirmed, what happened."""
    require_receive(request.user)
    items = _chosen(request)
    if not items:
        messages.warning(
            request, _("Tick the items first. Items that no longer wait are left out.")
        )
        return redirect("archive_pool")
    returning = request.POST.get("action") == "return"
    form = ReturnForm(request.POST if "reason" in request.POST else None) if returning else None
    if "confirmed" not in request.POST or (form is not None and not form.is_valid()):
        found = obstacles_of(items)
        return render(
            request,
            "archives/pool/batch.html",
            {
                "items": [{"item": item, "obstacles": found[item.pk]} for item in items],
                "ready": sum(not reasons for reasons in found.values()),
                "returning": returning,
                "form": form,
            },
            status=422 if form is not None and form.errors else 200,
        )
    done, refused = _decide_all(request, items, form)
    if done:
        words = (
            ngettext("%(count)d item was returned.", "%(count)d items were returned.", done)
            if returning
            else ngettext("%(count)d item was accepted.", "%(count)d items were accepted.", done)
        )
        messages.success(request, words % {"count": done})
    for message in refused:
        messages.warning(request, message)
    return redirect(reverse("archive_pool"))


def _decide_all(
    request: HttpRequest, items: list[PoolItem], form: ReturnForm | None
) -> tuple[int, list[Any]]:
    """Decide item by item, each in its own transaction; return how many and what was refused."""
    done, refused = 0, []
    for item in items:
        try:
            if form is not None:
                services.return_item(item.pk, request.user, **form.cleaned_data)
            else:
                services.accept(item.pk, request.user)
        except Refusal as refusal:
            refused.append(refusal.message)
        else:
            done += 1
    return done, refused
