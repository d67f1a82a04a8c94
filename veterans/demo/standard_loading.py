"""Write a standard of the demo the way the officer would: drafted, proposed, published."""

from __future__ import annotations

from typing import Any

from portal.organizations.models import Unit
from veterans.demo.items.rows import StandardText
from veterans.models import ItemVersion, SupportItem
from veterans.standards.reading import from_rows
from veterans.standards.services import PART_NAMES, edited, propose, publish_version


def write_item(fields: dict[str, Any], unit: Unit) -> SupportItem:
    """Return the item with this code, made when missing."""
    item, _made = SupportItem.objects.get_or_create(
        code=fields["code"], defaults={**fields, "unit": unit}
    )
    return item


def write_draft(item: SupportItem, text: StandardText, writer: Any) -> ItemVersion:
    """Return a new draft with the rows of a text."""
    version = ItemVersion(item=item, **text.fields)
    version.save()
    for name in PART_NAMES:
        model: Any = ItemVersion._meta.get_field(name).related_model
        for place, row in enumerate(getattr(text, name)):
            model.objects.create(version=version, sort_order=place, **row)
    edited(version, writer)
    return ItemVersion.objects.get(pk=version.pk)


def write_published(
    item: SupportItem, text: StandardText, writer: Any, publisher: Any
) -> ItemVersion:
    """Return the version of a text, published by a second person."""
    version = write_draft(item, text, writer)
    propose(version.pk, writer)
    return publish_version(version.pk, publisher, seen_sha256=from_rows(version).sha256())
