"""What follows from signing in and from a new password."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from django.http import HttpRequest
from django.urls import reverse

from portal.people import typed_text


def forget_typed_text_of_others(
    sender: Any, request: HttpRequest, response: Any = None, **keywords: Any
) -> None:
    """Drop kept text unless the sign-in started on the page that keeps it.

    Whoever signs in later on the same computer may be somebody else.
    """
    if getattr(response, "url", "") != reverse("typed_text"):
        typed_text.discard(request)


def make_password_permanent(sender: Any, user: Any, **keywords: Any) -> None:
    """A password the person chose is no one-time password any more."""
    if user.password_is_temporary:
        user.password_is_temporary = False
        user.save(update_fields=["password_is_temporary"])


def connect() -> None:
    """Connect once, when the application is ready."""
    user_logged_in.connect(forget_typed_text_of_others, dispatch_uid="people.typed_text")
    password_changed.connect(make_password_permanent, dispatch_uid="people.password")
