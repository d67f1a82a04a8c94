"""Words inside records."""

from __future__ import annotations

from django.db.models import Q

from portal.archives.querysets import RecordQuerySet


def matching(records: RecordQuerySet, words: str) -> RecordQuerySet:
    """Return the records whose title or document number holds all words."""
    for word in words.split():
        records = records.filter(Q(title__icontains=word) | Q(reference__icontains=word))
    return records
