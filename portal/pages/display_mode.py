"""Elderly mode (长辈版), high contrast (高对比度) and language, chosen without JavaScript.

The choice lives in two cookies that hold nothing but the words "large" or "high", so that an
anonymous page can be kept once for each of the few combinations (`portal.pages.page_cache`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

TEXT_COOKIE = "display_text"
CONTRAST_COOKIE = "display_contrast"
COOKIE_AGE = 365 * 24 * 60 * 60  # seconds

_CHOICES = {TEXT_COOKIE: ("normal", "large"), CONTRAST_COOKIE: ("normal", "high")}
_FIELDS = {"text": TEXT_COOKIE, "contrast": CONTRAST_COOKIE}


@dataclass(frozen=True)
class DisplayMode:
    """How the reader wants to see the pages.

    Attributes:
        text: "normal", or "large" for the elderly mode (main text at least 18 pt,
            targets at least 60 pixels: MIIT specification for elderly-friendly sites, 2021).
        contrast: "normal", or "high" for white and yellow on black.
    """

    text: str = "normal"
    contrast: str = "normal"


def current(request: HttpRequest) -> DisplayMode:
    """Read the mode from the cookies; an unknown value counts as "normal"."""
    values = {}
    for field, cookie in _FIELDS.items():
        value = request.COOKIES.get(cookie, "normal")
        values[field] = value if value in _CHOICES[cookie] else "normal"
    return DisplayMode(**values)


def _local_address(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return "/"


def _from_other_site(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}


# No token: the forms stand on cached pages shared by all anonymous readers, and a forged request
# could change nothing but the size and colour of the text. Browsers say where a request comes
# from, and those from elsewhere are refused.
@csrf_exempt
@require_POST
def display_mode(request: HttpRequest) -> HttpResponse:
    """Store the posted `text` and/or `contrast` and return to `next`, if that is local."""
    if _from_other_site(request):
        return HttpResponseForbidden()
    response = HttpResponseRedirect(_local_address(request))
    for field, cookie in _FIELDS.items():
        value = request.POST.get(field)
        if value not in _CHOICES[cookie]:
            continue
        if value == "normal":
            response.delete_cookie(cookie, samesite="Lax")
        else:
            response.set_cookie(
                cookie,
                value,
                max_age=COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response


@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's language switch, without a token for the same reason as `display_mode`."""
    if _from_other_site(request):
        return HttpResponseForbidden()
    return django_set_language(request)


# Both must work before sign-in.
display_mode.login_required = False  # type: ignore[attr-defined]
set_language.login_required = False  # type: ignore[attr-defined]
