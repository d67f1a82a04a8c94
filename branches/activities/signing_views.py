"""The code on the screen, the phone that reads it, and leave asked for beforehand."""

from __future__ import annotations

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from branches.activities import codes, signing_in
from branches.activities.views import METHODS, detail_address, kept_record, record_of, show_record
from branches.models import Activity, ActivityState, Attendance, Presence
from branches.models.attendance import PRESENT
from portal.refusals import Refusal

#: The page of the screen asks for a new code so often, in seconds: before the old one ends.
RENEWED_SECONDS = 20


class OldCode(Refusal):
    """The code was read too late, or photographed."""

    title = gettext_lazy("This code is not valid any more")


def _drawing(text: str) -> SafeString:
    code = segno.make(text, error="m", micro=False)
    drawn: str = code.svg_inline(scale=8, border=2, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308  made of an address of ours


@never_cache
@require_safe
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code of this half minute, for the screen in the room."""
    activity = kept_record(request, pk)
    is_open = signing_in.is_open(activity)
    address = reverse("branch_activity_scan", args=[pk, codes.code_of(pk)])
    rows = list(activity.attendances.all())
    context = {
        "activity": activity,
        "is_open": is_open,
        "picture": _drawing(request.build_absolute_uri(address)) if is_open else "",
        "address": address,
        "counts": signing_in.counts(rows),
        "renewed": RENEWED_SECONDS,
        "guests": sum(row.is_guest and row.presence in PRESENT for row in rows),
    }
    return render(request, "branches/activities/screen.html", context)


@never_cache
@login_not_required
@require_safe
def scan(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take a code read by a phone: give the browser a slip and lead on to signing in.

    Raises:
        OldCode: the code is not one of now; a photograph of it is worth nothing.
    """
    if not codes.is_fresh(code, pk):
        raise OldCode(
            _(
                "The code on the screen changes every half minute. Please scan the code that is "
                "on the screen now; a photograph of it does not work."
            )
        )
    response = redirect("branch_activity_sign_in", pk)
    response.set_cookie(
        codes.SLIP_COOKIE,
        codes.slip_of(pk),
        max_age=codes.SLIP_SECONDS,
        path=reverse("branch_activity_sign_in", args=[pk]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@require_http_methods(METHODS)
def sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in by one tap, with the slip of a code that was read just now."""
    activity = (
        Activity.objects.select_related("branch")
        .exclude(state__in=[ActivityState.WITHOUT_RECORD, ActivityState.PLANNED])
        .filter(pk=pk)
        .first()
    )
    person = getattr(request.user, "person", None)
    if activity is None or person is None:
        raise Http404
    own = Attendance.objects.filter(activity=activity, person=person).first()
    if own is not None and own.is_present:
        return render(
            request,
            "branches/activities/signed_in.html",
            {"activity": activity, "own": own, "is_late": own.presence == Presence.LATE},
        )
    if not codes.slip_holds(request.COOKIES.get(codes.SLIP_COOKIE, ""), pk):
        raise OldCode(
            _("Please scan the code on the screen of the meeting; signing in works right after it.")
        )
    if request.method == "POST":
        signing_in.sign_in(pk, person)
        response = redirect("branch_activity_sign_in", pk)
        response.delete_cookie(
            codes.SLIP_COOKIE, path=reverse("branch_activity_sign_in", args=[pk])
        )
        return response
    return render(
        request,
        "branches/activities/sign_in.html",
        {"activity": activity, "own": own, "is_open": signing_in.is_open(activity)},
    )


@sensitive_post_parameters("note")
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for leave beforehand."""
    activity = record_of(request, pk)
    person = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    try:
        signing_in.ask_leave(pk, person, reason, note)
    except Refusal as refused:
        typed = {"leave": True, "reason": reason, "note": note}
        return show_record(request, activity, refusal=refused, typed=typed)
    messages.success(request, _("Your leave is noted. Host and recorder see it."))
    return redirect(detail_address(pk))
