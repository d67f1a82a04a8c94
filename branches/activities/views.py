"""The list of records, one record with its steps, and what a member is expected at."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from branches.activities import files, flow, kind_fields, publication, services, signing_in
from branches.activities.forms import DAY
from branches.activities.permissions import (
    keeps,
    keeps_branch,
    kept_branches,
    leads,
    reads_all,
    reads_notes,
    records_seen,
    sees_list,
)
from branches.activities.reading import (
    SORTS,
    choice_of,
    expected_at,
    listed,
    units_of_list,
    waiting_for,
)
from branches.activities.sheets import records_sheet
from branches.activities.votes import outcomes
from branches.models import (
    AbsenceReason,
    Activity,
    ActivityKind,
    ActivityPage,
    ActivityState,
    Attendance,
)
from branches.year.reading import years_there_are
from portal.files.forms import PrivateFileField, PrivateFileInput
from portal.files.refusals import FileRefused
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response

PAGE_SIZE = 20
METHODS = ["GET", "HEAD", "POST"]
MOST_ROWS = 20_000
SORT_WORDS = {
    "newest": pgettext_lazy("activity", "Newest first"),
    "oldest": gettext_lazy("Oldest first"),
    "branch": gettext_lazy("By branch"),
    "state": gettext_lazy("By state"),
}
TONES: dict[str, str] = {
    ActivityState.PLANNED: "",
    ActivityState.NOTIFIED: "blue",
    ActivityState.HELD: "amber",
    ActivityState.IN_REVIEW: "amber",
    ActivityState.REVIEWED: "green",
    ActivityState.ARCHIVED: "green",
    ActivityState.CANCELLED: "red",
}


def record_of(request: HttpRequest, pk: int) -> Activity:
    """Return a record the account sees.

    Raises:
        Http404: there is none, or it does not concern the account; nobody learns which.
    """
    return get_object_or_404(
        records_seen(request.user).select_related(
            "branch", "group", "host", "recorder", "reviewed_by__person", "handed_in_by__person"
        ),
        pk=pk,
    )


def kept_record(request: HttpRequest, pk: int) -> Activity:
    """Return a record the account keeps.

    Raises:
        Http404: the account does not see it.
        PermissionDenied: it sees it and keeps it not.
    """
    activity = record_of(request, pk)
    if not keeps(request.user, activity):
        raise PermissionDenied
    return activity


def version_of(request: HttpRequest) -> int | None:
    """Return the version a form was opened with; nonsense is older than everything."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1


def detail_address(activity_id: int, anchor: str = "") -> str:
    """Return the address of a record."""
    return reverse("branch_activity", args=[activity_id]) + anchor


# ---- Lists


@never_cache
@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """List the records of branches the account sees.

    Raises:
        PermissionDenied: the account sees no branch.
    """
    if not sees_list(request.user):
        raise PermissionDenied
    choice = choice_of(request.GET)
    page = Paginator(listed(request.user, choice), PAGE_SIZE).get_page(request.GET.get("page"))
    rows: Any = page.object_list
    for row in rows:
        row.tone = TONES[row.state]
    context = {
        "page_obj": page,
        "total": page.paginator.count,
        "choice": choice,
        "states": [one for one in ActivityState.choices if one[0]],
        "kinds": ActivityKind.choices,
        "units": units_of_list(request.user),
        "years": years_there_are(),
        "sorts": [(code, SORT_WORDS[code]) for code in SORTS],
        "reviews": waiting_for(request.user, Activity.objects.all()).count(),
        "plans": kept_branches(request.user).exists(),
    }
    return render(request, "branches/activities/list.html", context)


@require_safe
def activities_sheet(request: HttpRequest) -> FileResponse:
    """Hand out the list as Excel, as it is filtered.

    Raises:
        PermissionDenied: the account sees no branch.
    """
    if not sees_list(request.user):
        raise PermissionDenied
    rows = listed(request.user, choice_of(request.GET))[:MOST_ROWS]
    return workbook_response(records_sheet(rows), "branch-activities.xlsx")


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what the account is expected at, what it was at, and what it leads."""
    person = getattr(request.user, "person", None)
    past = Paginator(expected_at(person, past=True), PAGE_SIZE)
    led: list[Any] = []
    if person is not None:
        led = list(
            records_seen(request.user)
            .filter(state__in=[ActivityState.PLANNED, ActivityState.NOTIFIED, ActivityState.HELD])
            .filter(pk__in=Activity.objects.filter(host=person).values("pk"))
            .select_related("branch")
        ) + list(
            records_seen(request.user)
            .filter(state__in=[ActivityState.PLANNED, ActivityState.NOTIFIED, ActivityState.HELD])
            .filter(recorder=person)
            .select_related("branch")
        )
    for row in led:
        row.tone = TONES[row.state]
    context = {
        "ahead": list(expected_at(person)[:100]),
        "page_obj": past.get_page(request.GET.get("page")),
        "led": sorted(set(led), key=lambda row: (row.held_on, row.pk)),
        "sees_list": sees_list(request.user),
    }
    return render(request, "branches/activities/mine.html", context)


# ---- One record


@never_cache
@require_safe
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a record: facts and next steps; the whole of it to those who read it."""
    return show_record(request, record_of(request, pk))


def show_record(
    request: HttpRequest,
    found: Activity,
    *,
    refusal: Refusal | None = None,
    typed: dict[str, Any] | None = None,
) -> HttpResponse:
    """Render a record, with a refusal and what was typed where a step was refused."""
    user = request.user
    whole = reads_all(user, found)
    rows = list(found.attendances.select_related("person")) if whole else []
    own = next((row for row in rows if row.person_id == getattr(user, "person_id", 0)), None)
    if not whole:
        own = found.attendances.filter(person=getattr(user, "person_id", None)).first()
    page = publication.page_of(found) if whole else None
    if page is None and not whole:
        page = ActivityPage.objects.visible_to(user).filter(activity=found, live=True).first()
    keeper = keeps(user, found)
    # Whoever only sits in, or only scanned the code, reads what the meeting is about and no more.
    reads_findings = whole or (own is not None and not own.is_guest)
    context = {
        "activity": found,
        "tone": TONES[found.state],
        "whole": whole,
        "keeper": keeper,
        "reads_notes": reads_notes(user, found),
        "reads_findings": reads_findings,
        "leader": leads(user, found),
        "steps": [] if found.is_locked else flow.steps_for(user, found),
        "missing": _missing(user, found),
        "rows": rows,
        "counts": signing_in.counts(rows),
        "own": own,
        "reasons": AbsenceReason.choices,
        "may_leave": _may_leave(found, own),
        "agenda": found.agenda_items,
        "details": kind_fields.shown(found.kind, found.details)
        if whole or (reads_findings and found.is_locked)
        else [],
        "speeches": list(found.speeches.select_related("person")) if whole else [],
        "resolutions": list(found.resolutions.select_related("responsible")),
        "votes": outcomes(found.votes.all()) if whole else [],
        "supplements": list(found.supplements.select_related("written_by__person"))
        if whole
        else [],
        "events": [
            (event, flow.EVENT_WORDS.get(event.step, event.step))
            for event in found.events.select_related("by__person")
        ]
        if whole
        else [],
        "files": files.files(found) if whole else [],
        "file_purposes": files.PURPOSES,
        "file_field": PrivateFileInput(audio=True).render("files", "", {"id": "files"}),
        "takes_files": keeper and found.state in ("planned", "notified", "held"),
        "signing_open": keeper and signing_in.is_open(found),
        "page": page,
        "writes_page": found.state == ActivityState.REVIEWED and keeps_branch(user, found.branch),
        "may_sign": _may_sign(user, found),
        "today": timezone.localdate(),
        "day_widget": DAY,
        "refusal": refusal,
        "typed": typed or {},
    }
    status = refusal.status if refusal else 200
    return render(request, "branches/activities/activity.html", context, status=status)


def _missing(user: Any, found: Activity) -> list[str]:
    """Return what the next main step still needs, for whoever may take it."""
    step = next((one for one in flow.steps_for(user, found) if one.is_main), None)
    if step is None:
        return []
    return [sentence for guard in step.guards for sentence in guard(found)]


def _may_leave(found: Activity, own: Attendance | None) -> bool:
    return (
        own is not None
        and not own.is_guest
        and not own.is_present
        and found.state == ActivityState.NOTIFIED
        and (found.starts_at is None or found.starts_at > timezone.now())
    )


def _may_sign(user: Any, found: Activity) -> bool:
    if found.state != ActivityState.HELD or not leads(user, found):
        return False
    own = found.host_signed_at if user.person_id == found.host_id else found.recorder_signed_at
    return own is None


@require_POST
def step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take a step, sign off, add a supplement, prepare or submit the page."""
    found = record_of(request, pk)
    user: Any = request.user
    version = version_of(request)
    reason = request.POST.get("reason", "")
    try:
        if code in flow.BY_CODE:
            services.take(pk, code, user, version, reason)
            said = flow.BY_CODE[code].done
        elif code == "sign-off":
            services.sign_off(pk, user, version)
            said = _("You signed the minutes off.")
        elif code == "supplement":
            services.supplement(pk, user, request.POST.get("text", ""), reason)
            said = _("The supplement is there.")
        elif code == "page":
            publication.prepare_page(pk, user)
            said = _("The draft of the page is there. Look at it, then submit it for review.")
        elif code == "submit":
            publication.submit_page(pk, user)
            said = _("The page was submitted for review. It goes live when it is approved.")
        else:
            raise Http404
    except Refusal as refused:
        found.refresh_from_db()
        typed = {"step": code, "reason": reason, "text": request.POST.get("text", "")}
        return show_record(request, record_of(request, pk), refusal=refused, typed=typed)
    messages.success(request, said)
    return redirect(detail_address(pk))


@require_POST
def add_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep photographs and papers with a record, or remove one."""
    found = kept_record(request, pk)
    user: Any = request.user
    version = version_of(request)
    try:
        removed = request.POST.get("remove", "")
        if removed:
            files.remove_file(pk, user, version, uuid.UUID(removed))
            messages.success(request, _("The file was removed."))
        else:
            uploads = PrivateFileField(audio=True).clean(request.FILES.getlist("files"))
            count = files.add_files(pk, user, version, request.POST.get("purpose", ""), uploads)
            messages.success(request, _("%(count)d files are kept.") % {"count": count})
    except Refusal as refused:
        return show_record(request, found, refusal=refused)
    except (FileRefused, ValidationError) as refused:
        messages.error(request, " ".join(map(str, getattr(refused, "messages", [refused]))))
    except ValueError:
        raise Http404 from None
    return redirect(detail_address(pk, "#files"))
