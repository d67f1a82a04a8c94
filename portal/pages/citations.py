"""Which stored files a page cites, in its fields, its blocks and its rich text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME
from wagtail.rich_text import extract_references_from_rich_text

from portal.archives.statements import FixedRead

if TYPE_CHECKING:
    from portal.pages.models import PortalDocument


@dataclass(frozen=True, order=True)
class Citation:
    """One cited file: `picture`, `document` or `media` and its primary key."""

    role: str
    object_id: int


def _roles() -> dict[type[models.Model], str]:
    from portal.pages.models import PortalDocument, PortalImage, PortalMedia

    return {PortalImage: "picture", PortalDocument: "document", PortalMedia: "media"}


def _references(block: blocks.Block, raw: Any) -> Iterator[tuple[Any, Any]]:
    """Yield model and key of everything that a block's stored JSON refers to.

    Like the blocks' own `extract_references`, but without loading every picture and document
    from the database only to learn its key, which the JSON already holds.
    """
    if raw is None:
        return
    if isinstance(block, blocks.StreamBlock):
        for child in raw:
            if child["type"] in block.child_blocks:
                yield from _references(block.child_blocks[child["type"]], child["value"])
    elif isinstance(block, blocks.StructBlock):
        for name, part in block.child_blocks.items():
            yield from _references(part, raw.get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in raw:
            value = item["value"] if isinstance(item, dict) and "value" in item else item
            yield from _references(block.child_block, value)
    elif isinstance(block, blocks.ChooserBlock):
        yield block.model_class, raw
    elif isinstance(block, blocks.RichTextBlock):
        for reference in extract_references_from_rich_text(raw):
            yield reference[0], reference[1]
    elif type(block).extract_references is not blocks.Block.extract_references:
        for reference in block.extract_references(block.to_python(raw)):
            yield reference[0], reference[1]


def _field_references(field: Any, row: models.Model) -> Iterator[tuple[Any, Any]]:
    if isinstance(field, models.ForeignKey):
        yield field.related_model, getattr(row, field.attname)
    elif isinstance(field, StreamField):
        yield from _references(field.stream_block, field.value_from_object(row).raw_data)
    elif hasattr(field, "extract_references"):
        for reference in field.extract_references(field.value_from_object(row)):
            yield reference[0], reference[1]


def children(row: models.Model) -> Iterator[tuple[str, list[models.Model]]]:
    """Yield the parts of a page that lie in tables of their own; editors' comments are none."""
    for relation in get_all_child_relations(row):
        name = relation.get_accessor_name()
        if name != COMMENTS_RELATION_NAME:
            yield name, list(getattr(row, name).all())


def citations(page: models.Model) -> list[Citation]:
    """Return the files a page and its parts cite, each once, sorted by role and key."""
    roles = _roles()
    found: set[Citation] = set()
    for row in [page, *(child for _name, rows in children(page) for child in rows)]:
        for field in row._meta.get_fields():
            for model, key in _field_references(field, row):
                if model in roles and key:
                    found.add(Citation(roles[model], int(key)))
    return sorted(found)


def cited_files(page: models.Model) -> list[tuple[Citation, Any]]:
    """Return the cited files with their rows; one query a role, none for roles not cited."""
    by_role = {role: model for model, role in _roles().items()}
    listed = citations(page)
    rows: dict[Citation, Any] = {}
    for role in {citation.role for citation in listed}:
        keys = [citation.object_id for citation in listed if citation.role == role]
        for row in by_role[role]._default_manager.filter(pk__in=keys):
            rows[Citation(role, row.pk)] = row
    return [(citation, rows[citation]) for citation in listed if citation in rows]


@cache
def _pinned_read(model: Any, count: int) -> FixedRead:
    rows = model._default_manager.order_by()
    return FixedRead(lambda *keys: rows.filter(pk__in=keys), *[int] * count)


def pinned_files(page: models.Model, using: str) -> list[tuple[Citation, Any]]:
    """Return the same as `cited_files`, at the price that a publication can pay."""
    listed = citations(page)
    rows: dict[Citation, Any] = {}
    for model, role in _roles().items():
        keys = [citation.object_id for citation in listed if citation.role == role]
        if keys:
            # The last key again, up to a power of two, so that few statements serve all pages.
            count = 1 << (len(keys) - 1).bit_length()
            keys += keys[-1:] * (count - len(keys))
            for row in _pinned_read(model, count).rows(*keys, using=using):
                rows[Citation(role, row.pk)] = row
    return [(citation, rows[citation]) for citation in listed if citation in rows]


def cited_documents(page: models.Model) -> list[PortalDocument]:
    """Return the documents a page offers for download."""
    return [row for citation, row in cited_files(page) if citation.role == "document"]
