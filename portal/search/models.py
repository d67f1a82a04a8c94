"""The search index: one document for each indexed object, its text in pieces, its tokens."""

from __future__ import annotations

import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.search.fields import TokenSetField

#: The lower bits of a position hold the document, the next 28 the minute, the highest 8 the
#: group. Rows of one group are neighbours and in order of time: newest first needs no sort.
DOCUMENT_BITS = 27
MINUTE_BITS = 28
GROUP_COUNT = 256
DOCUMENT_MASK = (1 << DOCUMENT_BITS) - 1

#: Minutes are counted from here; earlier moments count as this one.
FIRST_MOMENT = datetime.datetime(1850, 1, 1, tzinfo=datetime.UTC)
_LAST_MINUTE = (1 << MINUTE_BITS) - 1


def group_of(root_type: ContentType) -> int:
    """Return the group of a family of models (those that share one topmost table)."""
    return root_type.pk % GROUP_COUNT


def order_key(root_type: ContentType, moment: datetime.datetime) -> int:
    """Return the upper bits of a position, which order the documents of a family by time."""
    minutes = int((moment - FIRST_MOMENT).total_seconds() // 60)
    return group_of(root_type) << MINUTE_BITS | min(max(minutes, 0), _LAST_MINUTE)


def position_range(root_type: ContentType) -> tuple[int, int]:
    """Return the first and last position the documents of a family can have."""
    width = MINUTE_BITS + DOCUMENT_BITS
    first = group_of(root_type) << width
    return first, first + (1 << width) - 1


class SearchDocument(models.Model):
    """What the index knows of one object of the portal."""

    root_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=50)
    order_key = models.BigIntegerField()
    title = models.TextField()
    title_normal = models.TextField()
    autocomplete_normal = models.TextField()
    character_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=32)
    seen_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        constraints = [
            models.UniqueConstraint(
                fields=["root_type", "object_id"], name="portal_search_one_document"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def position(self) -> int:
        """The number under which the tokens are filed."""
        return self.order_key << DOCUMENT_BITS | self.pk


class SearchChunk(models.Model):
    """A piece of a document's text, title first: as written and in normal form."""

    document = models.ForeignKey(
        SearchDocument, on_delete=models.CASCADE, related_name="chunks", db_index=False
    )
    number = models.PositiveIntegerField()
    text = models.TextField()
    normal = models.TextField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("search text")
        verbose_name_plural = _("search texts")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="portal_search_chunk_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"


class SearchPosting(models.Model):
    """The tokens of a document, filed under its position.

    The full-text structures over this table (FTS5 with its triggers on SQLite, a GIN index on
    PostgreSQL) are made by :mod:`portal.search.structures`.
    """

    position = models.BigIntegerField(primary_key=True)
    document = models.OneToOneField(
        SearchDocument, on_delete=models.CASCADE, related_name="posting"
    )
    tokens = TokenSetField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("search posting")
        verbose_name_plural = _("search postings")

    def __str__(self) -> str:
        return str(self.position)
