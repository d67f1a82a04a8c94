"""What one person sees at a shared computer does not stay for the next one.

Source: GB/T 22239-2019 8.1.4.1 b (sign-out after a time without use) and 8.1.4.10 (what is left
behind is cleared before somebody else gets the space).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

GetResponse = Callable[[HttpRequest], HttpResponse]
SESSION_KEY = "last_used"
# How often the session notes that it is in use, in seconds: each note is a write.
NOTE_SECONDS = 60
# Asked for by an editor that lies open, whether or not somebody sits before it.
UNATTENDED_PREFIXES = ("/admin/editing-sessions/",)


class IdleSessionMiddleware:
    """Sign out whoever did nothing for SESSION_IDLE_MINUTES.

    Stands before TypedTextMiddleware, which keeps what was typed into a form meanwhile.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session or note its use, then go on."""
        minutes = settings.SESSION_IDLE_MINUTES
        # Without a key nobody is signed in, and nothing is read.
        if minutes and request.session.session_key and request.user.is_authenticated:
            unused = time.time() - request.session.get(SESSION_KEY, 0)
            if SESSION_KEY in request.session and unused > minutes * 60:
                logout(request)
                messages.info(
                    request,
                    ngettext(
                        "You were signed out because nothing was done for %(minutes)s minute.",
                        "You were signed out because nothing was done for %(minutes)s minutes.",
                        minutes,
                    )
                    % {"minutes": minutes},
                )
            elif unused > NOTE_SECONDS and not request.path.startswith(UNATTENDED_PREFIXES):
                request.session[SESSION_KEY] = int(time.time())
        return self.get_response(request)


class PrivateAnswersMiddleware:
    """No browser or proxy keeps a page that was made for a signed-in person.

    After signing out, the button “back” shows nothing of it. Files say themselves how long they
    may be kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and mark the answer."""
        response = self.get_response(request)
        allowed = response.get("Cache-Control", "")
        if (
            "no-store" not in allowed
            and "max-age" not in allowed
            # Who asked was of no matter to an answer that never looked.
            and request.session.accessed
            and request.user.is_authenticated
        ):
            response["Cache-Control"] = "private, no-store"
        return response


def _note_sign_in(sender: object, request: HttpRequest, **keywords: object) -> None:
    request.session[SESSION_KEY] = int(time.time())


def connect() -> None:
    """Let a session count from the sign-in on, once, when the application is ready."""
    user_logged_in.connect(_note_sign_in, dispatch_uid="people.shared_computers")
