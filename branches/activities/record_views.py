"""Write the record: attendance, minutes, votes, what came after."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from branches.activities import recording, signing_in, votes
from branches.activities.forms import MinutesForm, ResolutionForm, SpeechForm, VoteForm
from branches.activities.permissions import reads_notes
from branches.activities.plan_views import with_version
from branches.activities.views import (
    METHODS,
    detail_address,
    kept_record,
    record_of,
    show_record,
    version_of,
)
from branches.models import (
    AbsenceReason,
    Activity,
    ActivityKind,
    Attendance,
    Presence,
    Resolution,
    VoteRule,
)
from portal.people.models import Person
from portal.refusals import Refusal

MOST_ROWS = 200
EXTRA_SPEECHES, EXTRA_RESOLUTIONS = 3, 2


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _entries(request: HttpRequest) -> dict[int, signing_in.Entry]:
    """Return what was typed for each person, with what the form had shown."""
    posted = request.POST
    keys = [name.removeprefix("presence-") for name in posted if name.startswith("presence-")]
    return {
        int(key): signing_in.Entry(
            posted[f"presence-{key}"], posted.get(f"reason-{key}", ""), posted.get(f"was-{key}")
        )
        for key in keys
        if key.isascii() and key.isdecimal() and len(key) < 19
    }


@never_cache
@require_http_methods(METHODS)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who came, and let the recorder enter or correct it with a reason."""
    activity = kept_record(request, pk)
    refusal, status = None, 200
    entries: dict[int, signing_in.Entry] = {}
    if request.method == "POST":
        entries = _entries(request)
        try:
            count = signing_in.enter(
                pk,
                request.user,  # type: ignore[arg-type]
                version_of(request),
                entries,
                request.POST.get("why", ""),
            )
        except Refusal as refused:
            refusal, status = refused, refused.status
            activity.refresh_from_db()
        else:
            messages.success(request, _("%(count)d lines were changed.") % {"count": count})
            return redirect(detail_address(pk, "#attendance"))
    told = refusal.people if isinstance(refusal, signing_in.RowsChanged) else frozenset()
    rows: list[Any] = list(activity.attendances.select_related("person"))
    for row in rows:
        entry = entries.get(row.person_id)
        row.was = signing_in.shown(row)
        row.shown_presence, row.shown_reason = row.presence, row.reason
        if entry is not None and not entry.is_untouched:
            row.shown_presence, row.shown_reason = entry.presence, entry.reason
            # Who was not told of a change is told when the form comes again.
            if entry.was is not None and row.person_id not in told:
                row.was = entry.was
    context = {
        "activity": activity,
        "rows": rows,
        "counts": signing_in.counts(rows),
        "presences": Presence.choices,
        "reasons": AbsenceReason.choices,
        "why": request.POST.get("why", ""),
        "reads_notes": reads_notes(request.user, activity),
        "refusal": refusal,
    }
    return render(request, "branches/activities/attendance.html", context, status=status)


@never_cache
@require_http_methods(METHODS)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the minutes; the form is filled from the plan."""
    activity = kept_record(request, pk)
    people = Person.objects.filter(attendances__activity=activity).order_by("name", "pk")
    with_problem = activity.kind == ActivityKind.LIFE_MEETING
    speech_set = formset_factory(SpeechForm, extra=EXTRA_SPEECHES, max_num=MOST_ROWS)
    resolution_set = formset_factory(ResolutionForm, extra=EXTRA_RESOLUTIONS, max_num=MOST_ROWS)
    sent = request.POST if request.method == "POST" else None
    form = MinutesForm(sent, activity=activity)
    speeches = speech_set(
        sent,
        prefix="speeches",
        initial=list(activity.speeches.values("person", "points")),
        form_kwargs={"people": people},
    )
    resolutions = resolution_set(
        sent,
        prefix="resolutions",
        initial=list(activity.resolutions.values("pk", "problem", "text", "responsible", "due_on")),
        form_kwargs={"people": people, "with_problem": with_problem},
    )
    refusal, status = None, 200
    if sent is not None:
        status = 422
        if all([form.is_valid(), speeches.is_valid(), resolutions.is_valid()]):
            try:
                recording.save_minutes(
                    pk,
                    request.user,  # type: ignore[arg-type]
                    form.cleaned_data["version"],
                    facts=form.facts(),
                    speeches=[
                        {"person": row["person"], "points": row["points"].strip()}
                        for row in speeches.cleaned_data
                        if row.get("person")
                    ],
                    resolutions=[
                        one.row() for one in resolutions.forms if one.cleaned_data.get("text")
                    ],
                )
            except Refusal as refused:
                refusal, status = refused, refused.status
                form = with_version(form, Activity.objects.get(pk=pk))
            else:
                messages.success(request, _("The minutes are kept."))
                return redirect(detail_address(pk, "#minutes"))
    context = {
        "activity": activity,
        "form": form,
        "speeches": speeches,
        "resolutions": resolutions,
        "refusal": refusal,
    }
    return render(request, "branches/activities/minutes.html", context, status=status)


@never_cache
@require_http_methods(METHODS)
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a vote; the page says whether it was opened and carried, and by which rule."""
    activity = kept_record(request, pk)
    rows = list(activity.attendances.all())
    numbers = signing_in.counts(rows)
    sent = request.POST if request.method == "POST" else None
    form = VoteForm(sent, initial={"version": activity.version, "present": numbers.voters_present})
    refusal, status = None, 200
    if sent is not None:
        status = 422
        if form.is_valid():
            try:
                made, outcome = recording.add_vote(
                    pk,
                    request.user,  # type: ignore[arg-type]
                    form.cleaned_data["version"],
                    form.values(),
                )
            except Refusal as refused:
                refusal, status = refused, refused.status
                form = with_version(form, Activity.objects.get(pk=pk))
            else:
                messages.success(
                    request,
                    _("“%(matter)s”: %(result)s. %(why)s")
                    % {
                        "matter": made.matter,
                        "result": outcome.result.words,
                        "why": outcome.why,
                    },
                )
                return redirect(detail_address(pk, "#votes"))
    context = {
        "activity": activity,
        "form": form,
        "counts": numbers,
        "rules": VoteRule.objects.all(),
        "votes": votes.outcomes(activity.votes.all()),
        "refusal": refusal,
    }
    return render(request, "branches/activities/vote.html", context, status=status)


@require_POST
def remove_vote(request: HttpRequest, pk: int, vote_id: int) -> HttpResponse:
    """Take a vote out that was written down wrongly."""
    activity = kept_record(request, pk)
    try:
        recording.remove_vote(pk, vote_id, request.user, version_of(request))  # type: ignore[arg-type]
    except Refusal as refused:
        return show_record(request, activity, refusal=refused)
    messages.success(request, _("The vote was taken out."))
    return redirect(detail_address(pk, "#votes"))


@require_POST
def make_up(request: HttpRequest, pk: int, attendance_id: int) -> HttpResponse:
    """Note that somebody who was away was told later."""
    activity = kept_record(request, pk)
    row = get_object_or_404(Attendance, pk=attendance_id, activity=activity)
    typed = {name: request.POST.get(name, "") for name in ("on", "by", "how")}
    day = _day(typed["on"])
    try:
        if day is None:
            raise signing_in.NotPossible(_("Please write the day."))
        signing_in.make_up(row.pk, request.user, day, typed["by"], typed["how"])  # type: ignore[arg-type]
    except Refusal as refused:
        return show_record(request, activity, refusal=refused, typed={"make_up": row.pk, **typed})
    messages.success(request, _("It is noted who was told later."))
    return redirect(detail_address(pk, "#attendance"))


@require_POST
def carry_out(request: HttpRequest, pk: int, resolution_id: int) -> HttpResponse:
    """Note that a resolution was carried out."""
    activity = record_of(request, pk)
    row = get_object_or_404(Resolution, pk=resolution_id, activity=activity)
    day = _day(request.POST.get("on", ""))
    words = request.POST.get("words", "")
    try:
        if day is None:
            raise signing_in.NotPossible(_("Please write the day."))
        recording.carry_out(row.pk, request.user, day, words)  # type: ignore[arg-type]
    except Refusal as refused:
        return show_record(
            request, activity, refusal=refused, typed={"done": row.pk, "words": words}
        )
    messages.success(request, _("The resolution is noted as carried out."))
    return redirect(detail_address(pk, "#resolutions"))
