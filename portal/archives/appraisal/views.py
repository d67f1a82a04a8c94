"""The expiry queue, and the decisions on what was chosen in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from portal.archives.appraisal import lists
from portal.archives.appraisal.decisions import keep_longer, review_access
from portal.archives.appraisal.forms import KeepLongerForm, ListForm, ReasonForm
from portal.archives.appraisal.listing import TABS, queue, read_filters
from portal.archives.appraisal.obstacles import obstacles_of
from portal.archives.models import AppraisalDecision, Record, RetentionPeriod
from portal.archives.permissions import may_receive, require_office, require_receive
from portal.organizations.models import Unit
from portal.refusals import Refusal

PER_PAGE = 50
LARGEST_BATCH = 200


@require_GET
def expiry_queue(request: HttpRequest) -> HttpResponse:
    """List what has expired and waits for its appraisal."""
    require_office(request.user)
    filters = read_filters(request.GET)
    page = Paginator(queue(request.user, filters), PER_PAGE).get_page(request.GET.get("page"))
    counted = [
        {"tab": tab, "count": queue(request.user, filters._replace(tab=tab.code)).count()}
        for tab in TABS
    ]
    return render(
        request,
        "archives/appraisal/queue.html",
        {
            "page_obj": page,
            "filters": filters,
            "tabs": counted,
            "units": Unit.objects.order_by("path"),
            "periods": [one for one in RetentionPeriod.choices if one[0] != "Y"],
            "may_decide": may_receive(request.user),
        },
    )


def _chosen(request: HttpRequest) -> list[Record]:
    keys = []
    for value in request.POST.getlist("record")[:LARGEST_BATCH]:
        try:
            keys.append(uuid.UUID(value))
        except ValueError:
            continue  # a value that no tick box of ours has
    return list(
        Record.objects.visible_to(request.user)
        .filter(pk__in=keys)
        .select_related("unit", "render", "next")
        .order_by("expires_on", "archive_code")
    )


FORMS: dict[str, type[forms.Form]] = {
    "destroy": ListForm,
    "keep": KeepLongerForm,
    "open": ReasonForm,
    "control": ReasonForm,
}


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide on the chosen records: first what would happen, then, confirmed, what happened."""
    require_receive(request.user)
    records = _chosen(request)
    action = request.POST.get("action", "")
    if not records or action not in FORMS:
        messages.warning(request, _("Tick the records first."))
        return redirect("archive_appraisal")
    confirmed = "confirmed" in request.POST
    form: Any = FORMS[action](request.POST if confirmed else None)
    reasons = obstacles_of(records) if action == "destroy" else {}
    ready = [record for record in records if not reasons.get(record.pk)]
    if not confirmed or not form.is_valid() or not ready:
        return render(
            request,
            "archives/appraisal/decide.html",
            {
                "rows": [{"record": one, "obstacle": reasons.get(one.pk, "")} for one in records],
                "ready": len(ready),
                "action": action,
                "form": form,
            },
            status=422 if confirmed else 200,
        )
    if action == "destroy":
        made = lists.make_list(
            request.user, [record.pk for record in ready], form.cleaned_data["basis"]
        )
        messages.success(request, _("The list %(number)s was made.") % {"number": made})
        return redirect(made)
    _decide_all(request, ready, _step(action, form, request.user))
    return redirect(reverse("archive_appraisal"))


def _step(action: str, form: Any, by: Any) -> Callable[[Record], object]:
    reason = form.cleaned_data["reason"]
    if action == "keep":
        return lambda record: keep_longer(record.pk, by, reason, form.until)
    decision = AppraisalDecision(action)
    return lambda record: review_access(record.pk, decision, by, reason)


def _decide_all(
    request: HttpRequest, records: list[Record], step: Callable[[Record], object]
) -> None:
    """Decide record by record, each in its own transaction; say what was refused."""
    done = 0
    for record in records:
        try:
            step(record)
        except Refusal as refusal:
            messages.warning(request, refusal.message)
        else:
            done += 1
    if done:
        words = ngettext("%(count)d record was decided.", "%(count)d records were decided.", done)
        messages.success(request, words % {"count": done})
