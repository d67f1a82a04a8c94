"""The inventory of personal data (个人信息清单): which fields, why, on which basis, for how long.

It is generated from the models: every encrypted field is in it, and every other field that an
application names. A test fails when an encrypted field, or one whose name sounds personal, has
no entry, so nobody adds data without saying what for.
Source: PIPL 51 (classification), 54 (audit), 55 (assessment).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.personal_data.fields import BlindIndexField, EncryptedTextField
from portal.personal_data.kinds import SensitiveKind

ORDINARY = "ordinary"
_KINDS: dict[str, Any] = {ORDINARY: _("Ordinary"), **dict(SensitiveKind.choices)}
#: Parts of names that sound like personal data.
SOUNDS_PERSONAL = (
    *("identity_number", "id_number", "phone", "mobile", "bank", "card_number", "birth"),
    *("home_address", "guardian", "salary", "diagnosis"),
)


@dataclass(frozen=True)
class Entry:
    """What was said of one field."""

    kind: str
    purpose: Any
    basis: Any
    retention: Any


@dataclass(frozen=True)
class InventoryRow:
    """One line of the inventory."""

    model: type[models.Model]
    field: Any
    entry: Entry

    @property
    def label(self) -> str:
        """Return the label of the field."""
        return f"{self.model._meta.label}.{self.field.name}"

    @property
    def model_name(self) -> Any:
        """Return the name of the model in words."""
        return self.model._meta.verbose_name

    @property
    def kind_name(self) -> Any:
        """Return the kind in words."""
        return _KINDS[self.entry.kind]

    @property
    def sensitive(self) -> bool:
        """Whether the law calls it sensitive."""
        return self.entry.kind != ORDINARY

    @property
    def encrypted(self) -> bool:
        """Whether the database holds it encrypted."""
        return isinstance(self.field, EncryptedTextField)

    @property
    def can_be_revealed(self) -> bool:
        """Whether somebody may see the whole value, with a reason."""
        from portal.personal_data.reveals import revealable

        return revealable(self.label) is not None


_entries: dict[str, Entry] = {}
_not_personal: dict[str, str] = {}


def register_personal_fields(
    model: str, fields: Mapping[str, str], *, purpose: Any, basis: Any, retention: Any
) -> None:
    """Add fields of a model once, when its application is ready.

    Args:
        model: label, such as people.Person.
        fields: names with their kind: `ORDINARY` or a code of `SensitiveKind`.
        purpose: what the data is needed for.
        basis: the clause that allows it.
        retention: how long it is kept.

    Raises:
        ValueError: a kind is unknown.
    """
    for name, kind in fields.items():
        if kind not in _KINDS:
            raise ValueError(f"{kind} is no kind of personal data.")
        _entries[f"{model}.{name}"] = Entry(kind, purpose, basis, retention)


def register_not_personal(label: str, why: str) -> None:
    """Say once why a field that sounds personal is not, such as the phone of a unit."""
    _not_personal[label] = why


def _fields() -> Iterator[tuple[type[models.Model], Any]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, BlindIndexField):
                yield model, field


def inventory() -> list[InventoryRow]:
    """Return a row for every field with an entry, in the order of models and fields."""
    return [
        InventoryRow(model, field, entry)
        for model, field in _fields()
        if (entry := _entries.get(f"{model._meta.label}.{field.name}")) is not None
    ]


def faults() -> list[str]:
    """Return what is wrong with the inventory, one sentence each."""
    found, present = [], set()
    for model, field in _fields():
        label = f"{model._meta.label}.{field.name}"
        present.add(label)
        entry = _entries.get(label)
        encrypted = isinstance(field, EncryptedTextField)
        named = any(part in field.name for part in SOUNDS_PERSONAL)
        own = not model.__module__.startswith(("django", "wagtail", "allauth"))
        if encrypted and entry is None:
            found.append(f"{label} is encrypted and not in the inventory.")
        elif named and own and entry is None and label not in _not_personal:
            found.append(f"{label} sounds personal and is not in the inventory.")
        elif entry is not None and entry.kind != ORDINARY and not encrypted:
            found.append(f"{label} is sensitive and not encrypted.")
    found += [
        f"{label} is in the inventory and in no model." for label in _entries.keys() - present
    ]
    return found
