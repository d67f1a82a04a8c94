"""The inbox of an account, and what the system administrator sees of the outbox."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import leases
from portal.notifications import services
from portal.notifications.models import Channel, FailureReason, Message, Outbox
from portal.notifications.permissions import may_keep_channels

ROWS_PER_PAGE = 20


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the account's messages, the newest first."""
    own = Message.objects.visible_to(request.user).newest_first()
    only_unread = request.GET.get("list") == "unread"
    page = Paginator(own.unread() if only_unread else own, ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    unread = services.unread_count(request.user)
    newest = max((message.pk for message in page), default=0)
    return render(
        request,
        "notifications/inbox.html",
        {
            "page_obj": page,
            "unread": unread,
            "only_unread": only_unread,
            # On a later page the newest message is one that was shown on an earlier one.
            "up_to": newest if page.number == 1 else own.values_list("pk", flat=True).first(),
        },
    )


@require_POST
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark a message as read and go where it leads, or back to the inbox."""
    message = services.mark_read(request.user, message_id)
    if message is None:
        raise Http404(_("There is no such message."))
    return redirect(message.url or _inbox_again(request))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what was shown; what came meanwhile stays unread."""
    up_to = request.POST.get("up_to", "")
    if up_to.isdecimal() and len(up_to) < 19:
        count = services.mark_all_read(request.user, int(up_to))
        if count:
            messages.success(
                request,
                ngettext(
                    "%(count)d message is marked as read.",
                    "%(count)d messages are marked as read.",
                    count,
                )
                % {"count": count},
            )
    return redirect("notifications")


def _inbox_again(request: HttpRequest) -> str:
    page = request.POST.get("page", "")
    address = reverse("notifications")
    return f"{address}?page={page}" if page.isdecimal() and len(page) < 10 else address


def _keeper(request: HttpRequest) -> None:
    if not may_keep_channels(request.user):
        raise PermissionDenied


@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    """List what was put aside, and how much waits on each channel."""
    _keeper(request)
    rows = Outbox.objects.dead()
    channel = request.GET.get("channel", "")
    if channel in Channel.values:
        rows = rows.filter(channel=channel)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    reasons: dict[str, Any] = dict(FailureReason.choices)
    reasons[leases.DIED] = FailureReason.DIED.label
    for row in page:
        row.reason = reasons.get(row.last_error, reasons[FailureReason.FAILED])
    return render(
        request,
        "notifications/undelivered.html",
        {"page_obj": page, "channel": channel, "waiting": _waiting()},
    )


def _waiting() -> list[dict[str, Any]]:
    """How much waits on each channel, since when, and whether its server answers."""
    waiting = {
        (row["channel"], row["last_error"] == FailureReason.CHANNEL_DOWN): row
        for row in Outbox.objects.waiting()
        .order_by()
        .values("channel", "last_error")
        .annotate(count=Count("pk"), since=Min("created_at"))
    }
    found = []
    for code, name in Channel.choices:
        rows = [row for (channel, _down), row in waiting.items() if channel == code]
        found.append(
            {
                "name": name,
                "code": code,
                "count": sum(row["count"] for row in rows),
                "since": min((row["since"] for row in rows), default=None),
                "down": (code, True) in waiting,
            }
        )
    return found


@require_http_methods(["POST"])
def try_again(request: HttpRequest) -> HttpResponse:
    """Send one message again, or all of a channel that were put aside."""
    _keeper(request)
    given, channel = request.POST.get("message", ""), request.POST.get("channel", "")
    count = 0
    if given.isdecimal() and len(given) < 19:
        count = services.try_again(pk=int(given))
    elif channel in Channel.values:
        count = services.try_again(channel=channel)
    if count:
        words = ngettext(
            "%(count)d message is sent again.", "%(count)d messages are sent again.", count
        )
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("Nothing was left to send again; somebody else may have done it."))
    return redirect("notifications_undelivered")
