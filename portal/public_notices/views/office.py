"""The office of the responsible unit: which objections there are, and their answers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.public_notices.forms import AnswerForm, StateFilter
from portal.public_notices.models import Objection, ObjectionState
from portal.public_notices.permissions import has_objection_office
from portal.public_notices.refusals import AlreadyAnswered
from portal.public_notices.services import answer_objection
from portal.public_notices.views.objections import ROWS, objection_page, visible_objection
from portal.refusals import NotPossible


@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """List the objections of the office, those that wait first, the oldest of them first.

    Raises:
        PermissionDenied: the account has no such office.
    """
    if not has_objection_office(request.user):
        raise PermissionDenied
    rows: Any = Objection.objects.in_office_of(request.user)
    form = StateFilter(request.GET)
    chosen = form.chosen()
    if chosen:
        rows = rows.filter(state=chosen)
    waiting_first = Case(
        When(state=ObjectionState.OPEN, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = rows.select_related("notice__unit", "raised_by__person", "answered_by__person")
    paginator = Paginator(rows.order_by(waiting_first, "raised_at", "pk"), ROWS)
    context = {
        "page_obj": paginator.get_page(request.GET.get("page")),
        "total": paginator.count,
        "form": form,
        "chosen": chosen,
        "query_string": f"state={chosen}" if chosen else "",
    }
    return render(request, "public_notices/objections.html", context)


@require_POST
def answer(request: HttpRequest, objection_id: uuid.UUID) -> HttpResponse:
    """Write the answer to an objection; whoever comes second is told who was first.

    Raises:
        Http404: there is none, or it belongs to others.
        Refusal: the account may not answer it.
    """
    found = visible_objection(request, objection_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return objection_page(request, found, form, 422)
    user: Any = request.user
    values = form.cleaned_data
    try:
        answer_objection(found.pk, user, values["decision"], values["answer"])
    except (AlreadyAnswered, NotPossible) as refusal:
        # What was typed stays to be read and taken elsewhere; nothing of it was sent.
        form.add_error(None, str(refusal.message))
        found = visible_objection(request, objection_id)
        return objection_page(request, found, form, refusal.status)
    messages.success(request, _("The answer was sent."))
    return redirect(found)
