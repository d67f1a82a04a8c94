"""Writes to the index."""

# ruff: noqa: S608 (statements are put together from names of our own tables only)

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.utils import timezone

from portal.search import text
from portal.search.documents import IndexedText, indexed_text
from portal.search.models import SearchChunk, SearchDocument, SearchPosting, order_key
from portal.search.structures import POSTINGS

#: Objects written in one go. Bounds the memory of a rebuild, long bodies included.
BATCH = 100


def root_model(model: type[Model]) -> type[Model]:
    """Return the topmost concrete model whose table *model* extends."""
    concrete = model._meta.concrete_model or model
    parents = [parent for parent, link in concrete._meta.parents.items() if link is not None]
    return root_model(parents[0]) if parents else concrete


def root_type(model: type[Model]) -> ContentType:
    """Return the content type of :func:`root_model`."""
    return ContentType.objects.get_for_model(root_model(model))


def descendant_types(model: type[Model]) -> list[int]:
    """Return the keys of the content types of *model* and everything that extends it."""
    family = [other for other in apps.get_models() if issubclass(other, model)]
    return [found.pk for found in ContentType.objects.get_for_models(*family, model).values()]


def writing_connection() -> BaseDatabaseWrapper:
    """Return the connection to the database of the index."""
    return connections[router.db_for_write(SearchDocument)]


def object_key(instance: Model, connection: BaseDatabaseWrapper) -> str:
    """Return the primary key as text, the way the database itself would write it."""
    return str(instance._meta.pk.get_db_prep_value(instance.pk, connection))


def write(model: type[Model], instances: Iterable[Model], *, mark_seen: bool = False) -> int:
    """Index objects of one model; those whose text did not change are left as they are.

    Args:
        model: of the objects.
        instances: read a hundred at a time.
        mark_seen: also note that the unchanged ones were seen, as a rebuild needs it.

    Returns:
        the number of documents written.
    """
    written = 0
    remaining = iter(instances)
    while batch := list(islice(remaining, BATCH)):
        written += _write_batch(model, batch, mark_seen)
    return written


def _write_batch(model: type[Model], instances: list[Model], mark_seen: bool) -> int:
    connection = writing_connection()
    root = root_type(model)
    own_type = ContentType.objects.get_for_model(model)
    by_key = {object_key(instance, connection): instance for instance in instances}
    known = {
        document.object_id: document
        for document in SearchDocument.objects.using(connection.alias)
        .filter(root_type=root, object_id__in=by_key)
        .only("object_id", "digest", "content_type")
    }
    unchanged: list[int] = []
    changed: list[tuple[SearchDocument, IndexedText]] = []
    for key, instance in by_key.items():
        existing = known.get(key)
        if existing and _is_more_specific(existing.content_type_id, model):
            unchanged.append(existing.pk)
            continue
        content = indexed_text(instance)
        if (
            existing
            and existing.digest == content.digest
            and (existing.content_type_id == own_type.pk)
        ):
            unchanged.append(existing.pk)
            continue
        changed.append((new_document(content, root, own_type, key), content))
    if not changed and not mark_seen:
        return 0
    with transaction.atomic(using=connection.alias):
        if unchanged and mark_seen:
            SearchDocument.objects.using(connection.alias).filter(pk__in=unchanged).update(
                seen_at=timezone.now()
            )
        if changed:
            store(connection, changed, replace=bool(known))
    return len(changed)


def _is_more_specific(content_type_id: int, model: type[Model]) -> bool:
    """Whether the document of an object was written from a model that extends *model*."""
    other = ContentType.objects.get_for_id(content_type_id).model_class()
    return other is not None and other is not model and issubclass(other, model)


def new_document(
    content: IndexedText, root: ContentType, own_type: ContentType, key: str
) -> SearchDocument:
    """Return the unsaved document of some text."""
    return SearchDocument(
        root_type=root,
        content_type=own_type,
        object_id=key,
        order_key=order_key(root, content.moment),
        title=content.title,
        title_normal=text.normalise(content.title),
        autocomplete_normal=text.normalise(content.autocomplete),
        character_count=len(content.title) + len(content.body),
        digest=content.digest,
        seen_at=timezone.now(),
    )


def store(
    connection: BaseDatabaseWrapper,
    documents: list[tuple[SearchDocument, IndexedText]],
    *,
    replace: bool = True,
) -> None:
    """Write documents with their texts and tokens, replacing what was there.

    Args:
        connection: the database of the index.
        documents: unsaved documents with the text they were made from.
        replace: whether any of them may be there already.
    """
    using = connection.alias
    saved = SearchDocument.objects.using(using).bulk_create(
        [document for document, _content in documents],
        update_conflicts=True,
        unique_fields=["root_type", "object_id"],
        update_fields=[
            *("content_type", "order_key", "title", "title_normal", "autocomplete_normal"),
            *("character_count", "digest", "seen_at"),
        ],
    )
    if replace:
        keys = [document.pk for document in saved]
        SearchPosting.objects.using(using).filter(document_id__in=keys)._raw_delete(using)
        SearchChunk.objects.using(using).filter(document_id__in=keys)._raw_delete(using)
    pairs = list(zip(saved, (content for _document, content in documents), strict=True))
    SearchChunk.objects.using(using).bulk_create(
        SearchChunk(document=document, number=number, text=piece, normal=text.normalise(piece))
        for document, content in pairs
        for number, piece in enumerate(text.chunks(content.full_text))
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            _posting_statement(connection),
            list(_posting_rows(connection, pairs)),
        )


def _posting_statement(connection: BaseDatabaseWrapper) -> str:
    placeholder = "array_to_tsvector(%s)" if connection.vendor == "postgresql" else "%s"
    return f"INSERT INTO {POSTINGS} (position, document_id, tokens) VALUES (%s, %s, {placeholder})"


def _posting_rows(
    connection: BaseDatabaseWrapper, pairs: list[tuple[SearchDocument, IndexedText]]
) -> Iterator[tuple[Any, ...]]:
    for document, content in pairs:
        found = sorted(content.tokens())
        tokens = found if connection.vendor == "postgresql" else " ".join(found)
        yield document.position, document.pk, tokens


def remove(instance: Model) -> None:
    """Take an object out of the index."""
    connection = writing_connection()
    SearchDocument.objects.using(connection.alias).filter(
        root_type=root_type(type(instance)), object_id=object_key(instance, connection)
    ).delete()
