"""What stands between a request and the pages: sign-in, its upkeep, and the second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from portal.people import typed_text

GetResponse = Callable[[HttpRequest], HttpResponse]
# How often the list of own sessions learns that a session is in use, in seconds. At every
# request it would be a write for every page that is read.
SESSION_ACTIVITY_SECONDS = 300
# What a person with a one-time password may still reach: the new password and signing out.
FREE_PREFIXES = (
    *("/account/", "/admin/login/", "/admin/logout/", "/language/", "/display-mode/"),
    "/static/",
)


def has_second_factor(user: Any) -> bool:
    """Whether an account has an authenticator app or a passkey; recovery codes do not count."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def _redirect(name: str, request: HttpRequest) -> HttpResponse:
    target = reverse(name)
    if request.method == "GET":
        target += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(target)


class SessionActivityMiddleware:
    """Note in the list of own sessions that this one is in use, every few minutes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the use, then go on."""
        key = request.session.session_key
        if (
            key
            and request.user.is_authenticated
            and cache.add(f"session-activity:{key}", True, SESSION_ACTIVITY_SECONDS)
        ):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


class TypedTextMiddleware:
    """Keep what a signed-out visitor posts to a page that needs sign-in.

    Stands before Django's LoginRequiredMiddleware, which would send the visitor to sign in and
    drop the text. Requests of scripts go on to it: nobody sees their answer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Forget kept text once its form was handed in, and go on."""
        if (
            request.method == "POST"
            and request.user.is_authenticated
            and typed_text.SESSION_KEY in request.session
        ):
            waiting = typed_text.kept(request)
            if waiting and waiting.path == request.get_full_path():
                typed_text.discard(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, keywords: Any
    ) -> HttpResponse | None:
        """Answer a form of a signed-out visitor with the explanation."""
        if (
            request.method != "POST"
            or request.user.is_authenticated
            or not getattr(view, "login_required", True)
            or request.path.startswith("/account/")
            or not _is_from_a_person(request)
        ):
            return None
        if not ratelimit.consume(request, action="typed_text"):
            return ratelimit.respond_429(request)
        typed = typed_text.keep(request)
        target = reverse("typed_text") if typed else request.path
        return render(
            request,
            "account/session_expired.html",
            {
                "typed": typed,
                "sign_in_url": reverse("account_login") + "?" + urlencode({"next": target}),
            },
            status=409,
        )


def _is_from_a_person(request: HttpRequest) -> bool:
    mode = request.headers.get("Sec-Fetch-Mode")
    if mode:
        return mode == "navigate"
    return request.headers.get(
        "X-Requested-With"
    ) != "XMLHttpRequest" and "application/json" not in request.headers.get("Accept", "")


class TemporaryPasswordMiddleware:
    """A one-time password opens nothing but the form for a new one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send the person to the form, or go on."""
        user = request.user
        if (
            user.is_authenticated
            and user.password_is_temporary
            and not request.path.startswith(FREE_PREFIXES)
        ):
            return HttpResponseRedirect(reverse("account_change_password"))
        return self.get_response(request)


class MultiFactorMiddleware:
    """Staff without a second factor is sent to set one up, where the setting asks for it.

    Source: GB/T 22239-2019 8.1.4.1 d (two factors, one of them cryptographic).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send the person to the explanation, or go on."""
        if (
            settings.REQUIRE_MULTI_FACTOR
            and not request.path.startswith(FREE_PREFIXES)
            and needs_second_factor(request.user)
        ):
            return _redirect("second_factor", request)
        return self.get_response(request)


def needs_second_factor(user: Any) -> bool:
    """Whether an account works as staff and has no second factor yet."""
    from portal.roles.permissions import is_staff_member

    return (
        user.is_authenticated
        and (user.is_superuser or is_staff_member(user))
        and not has_second_factor(user)
    )
