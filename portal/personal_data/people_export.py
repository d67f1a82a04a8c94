"""The export of the register of people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.personal_data.exports import register_export
from portal.roles.permissions import has_role


def _rows(user: Any, whole_numbers: bool) -> Iterator[list[Any]]:
    from portal.people.models import Person

    people = Person.objects.select_related("unit").order_by("unit__path", "name", "pk")
    for person in people.iterator(chunk_size=500):
        yield [
            person.name,
            person.employee_number or "",
            str(person.unit or ""),
            person.position,
            person.phone if whole_numbers else person.masked_phone,
            person.identity_number if whole_numbers else person.masked_identity_number,
        ]


def register() -> None:
    """Register once, when the application is ready."""
    register_export(
        "people",
        _("Register of people"),
        [
            *(_("name"), _("employee number"), _("unit"), _("position")),
            *(_("phone"), _("identity number")),
        ],
        _rows,
        lambda user: has_role(user, "system_administrator"),
    )
