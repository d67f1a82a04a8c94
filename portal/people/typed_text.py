"""What was typed into a form whose sign-in had expired (guarantee 9).

The text waits in the visitor's session, encrypted, for at most an hour, and is shown again only
when the visitor signs in straight from the page that says so. Nothing of it enters an address,
a log or a cookie. Passwords are never kept; files have to be chosen again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from portal.personal_data.encryption import UnreadableValue, decrypt, encrypt

SESSION_KEY = "typed_text"
MAXIMUM_BYTES = 1024 * 1024
KEPT_SECONDS = 60 * 60
# Shorter numbers are choices from lists and counters of the form, not what a person typed.
SHORTEST_NUMBER = 5
# Fields that carry no text of the person, or that must not be kept.
# The receipt of an opinion without a name opens it to whoever has it, and tells whose it is.
LEFT_OUT = frozenset({"csrfmiddlewaretoken", "receipt"})
SECRET_PARTS = ("password", "secret", "credential", "otp")
MACHINE_PARTS = ("_FORMS", "-id", "-ORDER", "-DELETE", "-type", "-order", "-deleted", "-count")


@dataclass
class TypedText:
    """One form that could not be handed in.

    Attributes:
        path: address of the form on this portal, with its query.
        fields: names and values in the order in which the browser sent them.
        files: names of fields with files, which are not kept.
        typed_at: POSIX time.
    """

    path: str
    fields: list[tuple[str, str]]
    files: list[str] = field(default_factory=list)
    typed_at: float = 0.0

    def readable(self) -> list[str]:
        """Return what a person would recognise as typed: no counters, codes or switches."""
        return [
            value
            for name, value in self.fields
            if len(value.strip()) > 1
            and value != "on"
            and not (value.isdigit() and len(value) < SHORTEST_NUMBER)
            and not name.endswith(MACHINE_PARTS)
        ]


def _is_secret(name: str) -> bool:
    return name in LEFT_OUT or any(part in name.lower() for part in SECRET_PARTS)


def keep(request: HttpRequest) -> TypedText | None:
    """Keep what a request posted; None when there is nothing to keep or too much."""
    path = request.get_full_path()
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return None  # a path such as //elsewhere would post the text to another machine
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        if not _is_secret(name)
        for value in values
    ]
    if not any(value.strip() for _name, value in fields):
        return None
    typed = TypedText(path, fields, list(request.FILES), timezone.now().timestamp())
    plain = json.dumps(asdict(typed), ensure_ascii=False)
    if len(plain.encode()) > MAXIMUM_BYTES:
        return None
    request.session[SESSION_KEY] = encrypt(plain)
    return typed


def kept(request: HttpRequest) -> TypedText | None:
    """Return what waits in the session; what is too old or unreadable is removed."""
    stored = request.session.get(SESSION_KEY)
    if stored is None:
        return None
    try:
        values: dict[str, Any] = json.loads(decrypt(stored))
        typed = TypedText(**values)
    except (UnreadableValue, TypeError, ValueError):
        discard(request)
        return None
    if timezone.now().timestamp() - typed.typed_at > KEPT_SECONDS:
        discard(request)
        return None
    return typed


def discard(request: HttpRequest) -> None:
    """Forget what waits in the session."""
    request.session.pop(SESSION_KEY, None)
