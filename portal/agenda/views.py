"""My calendar: a month, the subscription, and the file calendar programs fetch."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from portal.agenda import feeds
from portal.agenda.entries import entries_of
from portal.agenda.models import AgendaFeed
from portal.agenda.months import month_of, shown_days
from portal.office_pages import account

FIRST_YEAR, LAST_YEAR = 2000, 2100


def _base_url() -> str:
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")


@never_cache
@require_safe
def this_month(request: HttpRequest) -> HttpResponse:
    """Show the present month."""
    today = timezone.localdate()
    return month(request, today.year, today.month)


@never_cache
@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show what the account is expected at in a month.

    Raises:
        Http404: there is no such month.
    """
    return _page(request, year, month)


def _page(request: HttpRequest, year: int, month: int, **more: Any) -> HttpResponse:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404
    user = account(request)
    first, last = shown_days(year, month)
    context = {
        "month": month_of(year, month, entries_of(user.person, first, last)),
        "today": timezone.localdate(),
        "feed": AgendaFeed.objects.filter(user=user).first(),
        "weekdays": [datetime.date(2024, 1, day) for day in range(1, 8)],
        **more,
    }
    return render(request, "agenda/month.html", context)


@never_cache
@require_POST
@sensitive_variables("secret", "address")
def subscribe(request: HttpRequest) -> HttpResponse:
    """Make a new secret address and show it, this once."""
    secret = feeds.subscribe(account(request))
    address = _base_url() + reverse("agenda_feed", args=[secret])
    today = timezone.localdate()
    return _page(request, today.year, today.month, address=address)


@require_POST
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """End the secret address."""
    if feeds.unsubscribe(account(request)):
        messages.success(
            request, _("The subscription has ended. Calendar programs read nothing any more.")
        )
    return redirect("agenda")


@login_not_required
@never_cache
@require_safe
@sensitive_variables("secret")
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Hand out the file behind a secret address; a wrong one is like a page that is not there.

    Raises:
        Http404: no account in use has this address.
    """
    found = feeds.feed_of(secret)
    if found is None:
        raise Http404
    body = feeds.written(
        found, settings.WAGTAILADMIN_BASE_URL.rstrip("/"), _("My Party and union calendar")
    )
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="portal.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response
