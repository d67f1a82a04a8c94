"""Show a whole sensitive value to somebody who says why; every look is written down first."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.personal_data.masking import masked_name
from portal.personal_data.models import REASON_LENGTH, Reveal
from portal.personal_data.refusals import AlreadyShown, DataFrozen, RevealRefused
from portal.personal_data.typed_numbers import plain_number

SHORTEST_REASON = 4
_LONG_NUMBER = re.compile(r"\d{11}")


@dataclass(frozen=True)
class Revealable:
    """One field whose whole value can be shown.

    Attributes:
        may_reveal: whether an account may see it, given the account and the row.
        person_of: whose data a row holds, if that is a person of the portal.
        owner_of: to what a row belongs, for freezes; kind and id.
        person_path: how to get from the row to its person in one query, for select_related.
    """

    model: type[models.Model]
    field: str
    may_reveal: Callable[[Any, Any], bool]
    person_of: Callable[[Any], Any]
    owner_of: Callable[[Any], tuple[str, str] | None]
    person_path: str = ""

    @property
    def label(self) -> str:
        """Return the label of the field, such as people.Person.phone."""
        return f"{self.model._meta.label}.{self.field}"

    @property
    def title(self) -> Any:
        """Return the name of the field as people read it."""
        return self.model._meta.get_field(self.field).verbose_name  # type: ignore[union-attr]


_revealables: dict[str, Revealable] = {}


def register_revealable(
    model: type[models.Model],
    field: str,
    may_reveal: Callable[[Any, Any], bool],
    *,
    person_of: Callable[[Any], Any] = lambda row: None,
    owner_of: Callable[[Any], tuple[str, str] | None] = lambda row: None,
    person_path: str = "",
) -> None:
    """Add a field once, when its application is ready."""
    found = Revealable(model, field, may_reveal, person_of, owner_of, person_path)
    _revealables[found.label] = found


def add_reveal_rule(
    model: type[models.Model], field: str, may_reveal: Callable[[Any, Any], bool]
) -> None:
    """Let others see a registered field, too, once, when their application is ready.

    Raises:
        LookupError: the field is not registered.
    """
    found = _revealables[f"{model._meta.label}.{field}"]
    before = found.may_reveal
    _revealables[found.label] = replace(
        found, may_reveal=lambda user, row: before(user, row) or may_reveal(user, row)
    )


def revealable(label: str) -> Revealable | None:
    """Return the registered field with this label."""
    return _revealables.get(label)


def revealables() -> list[Revealable]:
    """Return all registered fields."""
    return list(_revealables.values())


def reveal_address(instance: models.Model, field: str) -> str:
    """Return where an account is asked for the reason and then sees the value."""
    return reverse("reveal_value", args=[f"{instance._meta.label}.{field}", instance.pk])


def checked_reason(reason: str) -> str:
    """Return a reason that says something and holds no personal number itself.

    Raises:
        ValidationError: it is too short, too long or holds a long number.
    """
    words = " ".join(reason.split())
    if len(words) < SHORTEST_REASON or len(set(words)) < 3:
        raise ValidationError(
            _("Please write why you need it, for example: confirm the account before payment.")
        )
    if len(words) > REASON_LENGTH:
        raise ValidationError(_("Please write the reason in at most 300 characters."))
    if _LONG_NUMBER.search(plain_number(words)):
        raise ValidationError(_("Please leave personal numbers out of the reason."))
    return words


def reveal(
    instance: models.Model,
    field: str,
    user: Any,
    reason: str,
    *,
    request_id: uuid.UUID | None = None,
) -> str:
    """Return a whole value after the look at it was committed to the log.

    Not to be called inside a transaction: what is rolled back would have been seen unlogged.

    Args:
        instance: the row.
        field: a registered field of it.
        user: who looks.
        reason: why.
        request_id: of the form, so that it shows the value once.

    Raises:
        LookupError: the field is not registered.
        RevealRefused: the account may not see it.
        DataFrozen: what the row belongs to is frozen.
        ValidationError: the reason says nothing.
        AlreadyShown: the same form was sent before.
    """
    from portal.personal_data.retention import is_frozen

    found = _revealables[f"{instance._meta.label}.{field}"]
    if not user.is_authenticated or not found.may_reveal(user, instance):
        raise RevealRefused.standard()
    words = checked_reason(reason)
    owner = found.owner_of(instance)
    if owner is not None and is_frozen(*owner):
        raise DataFrozen.standard()
    value = str(getattr(instance, field))
    person = found.person_of(instance)
    try:
        with transaction.atomic(durable=True):
            _write(found.label, str(instance.pk), person, user, words, request_id)
    except IntegrityError as error:
        if request_id and Reveal.objects.filter(request_id=request_id).exists():
            raise AlreadyShown.standard() from error
        raise
    return value


def note_look(label: str, object_id: str, user: Any, reason: str, person: Any = None) -> None:
    """Write down that somebody opened what shows personal data, such as the photo of a card.

    Args:
        label: what was opened, as `revealable_title` knows it.
        object_id: primary key of what was opened.
        user: who looks.
        reason: on what occasion.
        person: whose data it is, where the portal knows.
    """
    _write(label, object_id, person, user, reason, None)


def _write(
    label: str, object_id: str, person: Any, user: Any, reason: str, request_id: uuid.UUID | None
) -> None:
    reader = user.person
    Reveal.objects.create(
        at=timezone.now(),
        user=user,
        name=str(user)[:50],
        unit=str(reader.unit)[:100] if reader and reader.unit_id else "",
        field=label,
        object_id=object_id,
        person_id=person.pk if person else None,
        subject=masked_name(person.name) if person else "",
        reason=reason,
        request_id=request_id or uuid.uuid4(),
    )


_titles: dict[str, Any] = {}


def register_look(label: str, title: Any) -> None:
    """Name something that `note_look` writes down, once, when its application is ready."""
    _titles[label] = title


def revealable_title(label: str) -> Any:
    """Return the name of what was looked at, for the log."""
    found = revealable(label)
    return found.title if found else _titles.get(label, label)
