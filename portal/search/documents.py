"""What of an object enters the index."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db.models import Manager, Model
from django.utils import timezone
from modelsearch.index import AutocompleteField, RelatedFields, SearchField

from portal.search import text

#: Part of every digest. Raise it when normal form or tokens change: the next ``update_index``
#: then writes every document again.
VERSION = 1

_MOMENT_ATTRIBUTES = ("search_moment", "first_published_at", "created_at", "uploaded_at")


@dataclass(frozen=True, slots=True)
class IndexedText:
    """The searchable text of one object.

    Attributes:
        title: cleaned; the first line of the text.
        body: cleaned; all other search fields, one a line or more.
        autocomplete: cleaned; what is compared while somebody is still typing.
        moment: what newest-first order goes by.
        facets: words such as ``kind:notice`` that searches may ask for.
    """

    title: str
    body: str
    autocomplete: str
    moment: datetime.datetime
    facets: tuple[str, ...] = ()

    @property
    def full_text(self) -> str:
        """Title and body."""
        return f"{self.title}\n{self.body}".strip("\n")

    @property
    def digest(self) -> str:
        """A short digest that changes when anything of this changes."""
        parts = (str(VERSION), self.title, self.body, self.autocomplete, *self.facets)
        joined = "\x00".join([*parts, self.moment.isoformat()])
        return blake2b(joined.encode(errors="replace"), digest_size=16).hexdigest()

    def tokens(self) -> set[str]:
        """Every token the object is filed under."""
        found = text.tokens(text.normalise(self.full_text))
        found.update(text.TITLE_MARK + token for token in text.tokens(text.normalise(self.title)))
        found.update(
            text.AUTOCOMPLETE_MARK + token
            for token in text.tokens(text.normalise(self.autocomplete))
        )
        found.update(facet_token(facet) for facet in self.facets)
        return found


def facet_token(facet: str) -> str:
    """Return the token of a facet, letters and digits only as both databases want it."""
    return text.FACET_MARK + "".join(
        character if character.isalnum() else f"{ord(character):x}" for character in facet
    )


def indexed_text(instance: Model) -> IndexedText:
    """Collect the searchable text of an object from its ``search_fields``.

    A model may say by ``search_moment()`` (a date or a moment) what newest-first order goes by
    and by ``search_facets()`` which facets it has, for example ``["kind:notice"]``.
    """
    titles: list[str] = []
    bodies: list[str] = []
    autocompletes: list[str] = []
    for field in instance.get_search_fields():  # type: ignore[attr-defined]
        for leaf, value in _values(instance, field):
            if isinstance(leaf, AutocompleteField):
                autocompletes.append(value)
            elif field is leaf and leaf.field_name == "title":
                titles.append(value)
            else:
                bodies.append(value)
    facets = instance.search_facets() if hasattr(instance, "search_facets") else ()
    return IndexedText(
        title=text.clean(" ".join(titles)).replace("\n", " "),
        body=text.clean("\n".join(value for value in bodies if value)),
        autocomplete=text.clean("\n".join(autocompletes)),
        moment=_moment(instance),
        facets=tuple(sorted(facets)),
    )


def _values(instance: Any, field: Any) -> Iterator[tuple[Any, str]]:
    if isinstance(field, SearchField | AutocompleteField):
        yield field, _as_text(field.get_value(instance))
    elif isinstance(field, RelatedFields):
        related = field.get_value(instance)
        if related is None:
            return
        members: Iterable[Any] = related.all() if isinstance(related, Manager) else [related]
        for member in members:
            for nested in field.fields:
                yield from _values(member, nested)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _as_text(list(value.values()))
    if isinstance(value, list | tuple | set):
        return "\n".join(_as_text(item) for item in value)
    return str(value)


def _moment(instance: Any) -> datetime.datetime:
    for name in _MOMENT_ATTRIBUTES:
        value = getattr(instance, name, None)
        if callable(value):
            value = value()
        if isinstance(value, datetime.datetime):
            return value if timezone.is_aware(value) else timezone.make_aware(value)
        if isinstance(value, datetime.date):
            return timezone.make_aware(datetime.datetime.combine(value, datetime.time.min))
    # Objects without a date are filed in the order of their keys, before everything dated.
    key = instance.pk if isinstance(instance.pk, int) else 0
    return datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(minutes=key)
