"""Pages around sign-in."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.people import typed_text
from portal.people.middleware import has_second_factor


def _local(request: HttpRequest, address: str, fallback: str) -> str:
    """Return an address on this portal, or the fallback instead of one elsewhere."""
    if url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return fallback


@login_not_required
@require_GET
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the admin's sign-in to the one sign-in of the portal."""
    target = _local(request, request.GET.get("next", ""), reverse("wagtailadmin_home"))
    return HttpResponseRedirect(reverse("account_login") + "?" + urlencode({"next": target}))


@login_not_required
def not_offered(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponse:
    """Answer addresses of allauth that the portal does not offer: registration, e-mail."""
    raise Http404


def managed_by_roles(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponse:
    """Refuse Wagtail's pages for accounts and groups to everybody, superusers included.

    They would let an administrator hand out rights outside the role table, to anybody and
    without dates.
    """
    raise PermissionDenied


@require_GET
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Explain why and how to set up a second factor."""
    target = _local(request, request.GET.get("next", ""), reverse("workspace"))
    if has_second_factor(request.user):
        return HttpResponseRedirect(target)
    return render(request, "account/second_factor.html", {"next": target})


@require_http_methods(["GET", "POST"])
@never_cache
def typed_text_page(request: HttpRequest) -> HttpResponse:
    """Show what was typed before the sign-in had to be renewed, ready to be handed in.

    A POST discards it.
    """
    if request.method == "POST":
        typed_text.discard(request)
        return redirect("workspace")
    typed = typed_text.kept(request)
    typed_at = (
        datetime.datetime.fromtimestamp(typed.typed_at, tz=timezone.get_current_timezone())
        if typed
        else None
    )
    return render(request, "account/typed_text.html", {"typed": typed, "typed_at": typed_at})
