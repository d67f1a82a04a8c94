"""The quarter of an hour in which one case can be read without an account.

The cookie is signed, says nothing but which case and since when, and opens the tracking page of
that case only. It goes with no request from another site and to no script.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from portal.cases.models import Case
from portal.cases.ownership import OWNER_KIND
from portal.personal_data.retention import is_frozen

COOKIE = "tracking"
SECONDS = 15 * 60
_SALT = "portal.cases.tracking"
_DIGEST_CHARACTERS = 16


def begin(response: HttpResponse, case: Case) -> None:
    """Let the browser read one case for a quarter of an hour."""
    value = [str(case.pk), (case.tracking_digest or "")[:_DIGEST_CHARACTERS]]
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=_SALT, compress=False),
        max_age=SECONDS,
        path=reverse("track"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def end(response: HttpResponse) -> None:
    """Forget the case."""
    response.delete_cookie(COOKIE, path=reverse("track"), samesite="Strict")


def tracked_case(request: HttpRequest) -> Case | None:
    """Return the case the cookie opens; None when it is too old or forged, or the code is new.

    A case whose data is frozen is not opened either.
    """
    try:
        pk, digest = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECONDS)
        case_id = uuid.UUID(pk)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    case = (
        Case.objects.submitted()
        .filter(pk=case_id)
        .select_related("unit", "applicant", "beneficiary")
        .first()
    )
    if case is None or not case.tracking_digest or is_frozen(OWNER_KIND, str(case.pk)):
        return None
    return (
        case if constant_time_compare(case.tracking_digest[:_DIGEST_CHARACTERS], digest) else None
    )
