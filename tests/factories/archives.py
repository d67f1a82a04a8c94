"""Archive records for tests: captured from real pages, with their files made by the worker."""

from __future__ import annotations

from typing import Any

from portal.archives import renders
from portal.archives.models import ArchiveClass, Record, RecordState
from portal.archives.pool.intake import take_in_all
from portal.publishing.queue import PAGE_SOURCE


def record_of(page: Any) -> Record:
    """Return the newest record of a page."""
    return Record.objects.of_source(PAGE_SOURCE, str(page.pk))[0]


def make_pool() -> None:
    """Make the files of everything captured, and take it into the pool."""
    renders.work_all()
    take_in_all()


def bare_record(**fields: Any) -> Record:
    """Write a record without a page behind it, for tests of lists and numbers."""
    import datetime
    import uuid

    from django.utils import timezone

    from portal.archives.models import Render, RenderStatus

    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "source_kind": "page",
        "source_id": uuid.uuid4().hex,
        "version": 1,
        "kind": "activity",
        "title": "第一党小组学习会",
        "business_date": datetime.date(2026, 5, 6),
        "year": 2026,
        "captured_at": timezone.now(),
        "content_sha256": "0" * 64,
        "state": RecordState.POOL,
        **fields,
    }
    record = Record.objects.create(**values)
    Render.objects.create(record=record, status=RenderStatus.DONE, available_at=timezone.now())
    return record


def archive_class(code: str = "DQ02") -> ArchiveClass:
    """Return one of the default classes."""
    return ArchiveClass.objects.get(pk=code)
