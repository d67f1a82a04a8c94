"""The pages of an application: list of parts, a screen for each, last check, hand-in."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.refusals import Refusal
from veterans.applications import services
from veterans.applications.changed_standard import changed_standard, go_on_with
from veterans.applications.correcting import (
    is_corrected,
    parts_to_correct,
)
from veterans.applications.screens import MOST_DIGITS, SCREENS, shown_tasks
from veterans.applications.tasks import (
    asked_questions,
    binding_version,
)
from veterans.models import Application, SupportItem


def _own(request: HttpRequest, case_id: uuid.UUID) -> Application:
    application = services.own_application(case_id, request.user)  # type: ignore[arg-type]
    if application is None:
        raise Http404
    return application


@require_POST
def start(request: HttpRequest, item_code: str) -> HttpResponse:
    """Open a draft or go on with the one that is there."""
    item = get_object_or_404(SupportItem, code=item_code)
    region = request.POST.get("region", "")[:12]
    application = services.start(item, request.user, region)  # type: ignore[arg-type]
    return redirect("support_application", application.pk)


@never_cache
@require_GET
def application(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show the parts with what is done and what is open."""
    found = _own(request, case_id)
    if found.case.state not in services.EDITABLE:
        return redirect("case", case_id)
    tasks = shown_tasks(request, found)
    if found.case.state == "correcting":
        asked = {code.split(":", 1)[0] for code in parts_to_correct(found)}
        tasks = [task for task in tasks if task.code in asked]
        ready = is_corrected(found)
    else:
        ready = all(task.done for task in tasks)
    return render(
        request,
        "veterans/applications/application.html",
        {
            "application": found,
            "case": found.case,
            "tasks": tasks,
            "ready": ready,
            "done": sum(task.done for task in tasks),
            "standard": binding_version(found),
            "changed": changed_standard(found),
            "key": uuid.uuid4(),
        },
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """Show one part, keep what was typed, go on to the next open one."""
    found = _own(request, case_id)
    try:
        screen = SCREENS[code]
    except KeyError as error:
        raise Http404 from error
    if code not in {task.code for task in shown_tasks(request, found)}:
        raise Http404
    return screen(request, found)


@never_cache
@require_GET
def check(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show everything once more before it is handed in."""
    found = _own(request, case_id)
    if found.case.state != "draft":
        return redirect("support_application", case_id)
    return render(
        request,
        "veterans/applications/check.html",
        {
            "application": found,
            "case": found.case,
            "tasks": shown_tasks(request, found),
            "questions": asked_questions(found),
            "changed": changed_standard(found),
            "key": uuid.uuid4(),
        },
    )


@never_cache
@require_POST
def standard_seen(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Go on with a draft after what changed in the standard was read."""
    found = _own(request, case_id)
    version = request.POST.get("version", "")
    if not version.isdecimal() or len(version) > MOST_DIGITS:
        raise Http404
    go_on_with(found.pk, request.user, int(version))  # type: ignore[arg-type]
    messages.success(request, _("Thank you. Your application goes by the new standard now."))
    return redirect("support_application", found.pk)


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


@never_cache
@require_POST
def hand_in(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Hand it in and show the tracking code, once; hand a correction in."""
    found = _own(request, case_id)
    user: Any = request.user
    if found.case.state == "correcting":
        services.correct(found, user, key=_key(request))
        messages.success(request, _("Thank you. The correction was handed in."))
        return redirect("case", case_id)
    if not found.case.is_draft:
        # The form was sent before: what came of it is on the page of the case.
        return redirect("case", case_id)
    try:
        _event, code = services.hand_in(found, user, key=_key(request))
    except Refusal as refusal:
        return render(
            request,
            "veterans/applications/check.html",
            {
                "application": found,
                "case": found.case,
                "tasks": shown_tasks(request, found),
                "questions": asked_questions(found),
                "key": uuid.uuid4(),
                "refusal": refusal,
            },
            status=refusal.status,
        )
    if not code:
        # Two were sent at once and the other one was first; its page with the code may be lost.
        messages.warning(
            request,
            _(
                "It was handed in already. If you have not seen the tracking code, you can have a"
                " new one on this page."
            ),
        )
        return redirect("case", case_id)
    from portal.cases.views.receipt import receipt_response

    found.case.refresh_from_db()
    return receipt_response(request, found.case, code)
