"""Raise an objection, and read one's own or one of the office."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.public_notices.forms import AnswerForm, ObjectionForm
from portal.public_notices.models import NoticeState, Objection, PublicNotice
from portal.public_notices.owners import investigation_of
from portal.public_notices.permissions import has_objection_office, why_not_answer
from portal.public_notices.refusals import ObjectionClosed
from portal.public_notices.services import raise_objection
from portal.public_notices.standing import standing

ROWS = 20


@require_http_methods(["GET", "HEAD", "POST"])
def new_objection(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Show the form of an objection and write it; what was typed stays when it cannot be taken.

    Raises:
        Http404: there is no such notice, or it was never published.
    """
    published = PublicNotice.objects.exclude(state=NoticeState.DRAFT).exclude(page=None)
    notice = get_object_or_404(published.select_related("unit", "page"), pk=notice_id)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                found = raise_objection(notice, _account(request), form.cleaned_data["reason"])
            except ObjectionClosed as refusal:
                form.add_error(None, str(refusal.message))
                status = refusal.status
            else:
                messages.success(
                    request,
                    _("Your objection was received. The notice stands still until the answer."),
                )
                return redirect(found)
        notice.refresh_from_db()
    own = Objection.objects.filter(notice=notice, raised_by=request.user.pk).open().first()
    context = {"notice": notice, "standing": standing(notice), "form": form, "own_objection": own}
    return render(request, "public_notices/new_objection.html", context, status=status)


def _account(request: HttpRequest) -> Any:
    return request.user


def objection_page(
    request: HttpRequest, found: Objection, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    """Show an objection: to the one who raised it without the office, to the office with it."""
    own = found.raised_by_id == request.user.pk
    obstacle = "" if own else why_not_answer(request.user, found)
    if form is None and found.is_open and not own and not obstacle:
        form = AnswerForm()
    context = {
        "objection": found,
        "notice": found.notice,
        "standing": standing(found.notice),
        "own": own,
        "obstacle": obstacle,
        "form": form,
        "investigation_url": investigation_of(found) if form is not None else "",
    }
    return render(request, "public_notices/objection.html", context, status=status)


def visible_objection(request: HttpRequest, objection_id: uuid.UUID) -> Objection:
    """Return an objection of one's own or of one's office.

    Raises:
        Http404: there is none, or it belongs to others.
    """
    rows = Objection.objects.select_related(
        "notice__unit", "notice__page", "raised_by__person__unit", "answered_by__person"
    ).prefetch_related("notice__pauses")
    found = rows.filter(pk=objection_id).first()
    if found is None:
        raise Http404
    if found.raised_by_id != request.user.pk and not (
        Objection.objects.in_office_of(request.user).filter(pk=objection_id).exists()
    ):
        raise Http404
    return found


@require_safe
def objection(request: HttpRequest, objection_id: uuid.UUID) -> HttpResponse:
    """Show one objection."""
    return objection_page(request, visible_objection(request, objection_id))


@require_safe
def my_objections(request: HttpRequest) -> HttpResponse:
    """List the objections that the account raised, newest first."""
    rows = Objection.objects.filter(raised_by=request.user.pk).select_related("notice__unit")
    paginator = Paginator(rows.order_by("-raised_at", "-pk"), ROWS)
    context = {
        "page_obj": paginator.get_page(request.GET.get("page")),
        "has_objection_office": has_objection_office(request.user),
    }
    return render(request, "public_notices/my_objections.html", context)
