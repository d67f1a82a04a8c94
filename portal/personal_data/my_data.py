"""What the portal keeps of a person, collected for that person (PIPL 45: to read and to copy).

Every application adds its part; the person gets all of it in whole, as JSON for programs and as
a page or a PDF to read.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.personal_data.models import Consent, Reveal
from portal.personal_data.reveals import revealable

Row = dict[Any, Any]


@dataclass(frozen=True)
class Part:
    """What one application keeps of a person: rows of labelled values."""

    code: str
    title: Any
    rows: list[Row]


_parts: dict[str, tuple[Any, Callable[[Any, Any], Iterable[Row]]]] = {}


def register_my_data(code: str, title: Any, collect: Callable[[Any, Any], Iterable[Row]]) -> None:
    """Add a part once, when its application is ready.

    Args:
        code: of the part, a key of the JSON.
        title: heading of the part.
        collect: given person (or None) and account, returns rows; the labels are translated.
    """
    _parts[code] = (title, collect)


def parts_of(user: Any) -> list[Part]:
    """Return every part of what is kept of an account's person, empty ones included."""
    return [
        Part(code, title, list(collect(user.person, user)))
        for code, (title, collect) in _parts.items()
    ]


def as_json(user: Any, now: datetime.datetime | None = None) -> dict[str, Any]:
    """Return everything as values that JSON can hold."""
    return {
        "made_at": (now or timezone.now()).isoformat(timespec="seconds"),
        "account": user.username,
        "parts": [
            {
                "code": part.code,
                "title": str(part.title),
                "rows": [
                    {str(label): _plain(value) for label, value in row.items()} for row in part.rows
                ],
            }
            for part in parts_of(user)
        ],
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)


def _person(person: Any, user: Any) -> Iterable[Row]:
    yield {
        _("name"): str(user),
        _("account"): user.username,
        _("employee number"): person.employee_number if person else "",
        _("unit"): str(person.unit or "") if person else "",
        _("position"): person.position if person else "",
        _("phone"): person.phone if person else "",
        _("identity number"): person.identity_number if person else "",
        _("Last sign-in"): user.last_login,
    }


def _roles(person: Any, user: Any) -> Iterable[Row]:
    from portal.roles.models import RoleAssignment

    if person is None:
        return
    for row in RoleAssignment.objects.filter(person=person).select_related("unit"):
        yield {
            _("role"): row.get_role_code_display(),
            _("unit"): str(row.unit),
            _("valid from"): row.valid_from,
            _("valid to"): row.valid_to,
        }


def _files(person: Any, user: Any) -> Iterable[Row]:
    from portal.files.models import StoredFile

    for file in StoredFile.objects.filter(uploaded_by=user):
        yield {
            _("name of the file"): file.original_name,
            _("size"): file.size,
            _("uploaded at"): file.uploaded_at,
            _("state"): file.get_state_display(),
        }


def consents_of(person: Any) -> list[Consent]:
    """Return the consents of a person, newest first."""
    if person is None:
        return []
    return list(Consent.objects.filter(person=person).select_related("notice"))


def _consents(person: Any, user: Any) -> Iterable[Row]:
    for consent in consents_of(person):
        yield {
            _("privacy notice"): str(consent.notice),
            _("sensitive kinds"): [str(name) for name in consent.kind_names],
            _("given at"): consent.given_at,
            _("withdrawn at"): consent.withdrawn_at,
        }


def _looks(person: Any, user: Any) -> Iterable[Row]:
    """When whole numbers of the person were looked at; not by whom, who may be an auditor."""
    if person is None:
        return
    for row in Reveal.objects.filter(person_id=person.pk).only("at", "field"):
        found = revealable(row.field)
        yield {_("at"): row.at, _("field"): found.title if found else row.field}


def register_own() -> None:
    """Register the parts of people, roles, files and personal data."""
    register_my_data("person", _("Person and account"), _person)
    register_my_data("roles", _("Roles"), _roles)
    register_my_data("files", _("Private files"), _files)
    register_my_data("consents", _("Consents"), _consents)
    register_my_data("looks", _("When others saw your whole numbers"), _looks)
