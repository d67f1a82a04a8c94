"""Archive records for tests: captured from real pages, with their files made by the worker."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.utils import timezone

from portal.archives import file_access, renders
from portal.archives.models import (
    ArchiveClass,
    FileRole,
    Inspection,
    InspectionStage,
    PoolItem,
    Record,
    RecordFile,
    RecordState,
    Render,
    RenderStatus,
    ScopeTable,
)
from portal.archives.pool.intake import take_in_all
from portal.publishing.queue import PAGE_SOURCE


def record_of(page: Any) -> Record:
    """Return the newest record of a page."""
    return Record.objects.of_source(PAGE_SOURCE, str(page.pk))[0]


def main_body(record: Record) -> bytes:
    """Return the bytes of a record's text as PDF."""
    return file_access.read(RecordFile.objects.get(record=record, role=FileRole.DOCUMENT_COPY))


def make_pool() -> None:
    """Make the files of everything captured, and take it into the pool."""
    renders.work_all()
    take_in_all()


def bare_record(**fields: Any) -> Record:
    """Write a record without a page behind it, for tests of lists and numbers."""
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


def bare_item(unit: Any, *, checked: bool = True, **fields: Any) -> PoolItem:
    """Write a pool item whose record has no page behind it, checked unless told otherwise."""
    table = ScopeTable.objects.in_force()
    rule = table.rules.filter(kind="activity").last() if table else None
    record_fields = {
        name: fields.pop(name)
        for name in ("title", "kind", "state", "access_level")
        if name in fields
    }
    record = bare_record(unit=unit, **record_fields)
    if checked:
        Inspection.objects.create(
            record=record,
            stage=InspectionStage.FILING,
            verdict="pass",
            inspected_at=timezone.now(),
        )
    values: dict[str, Any] = {
        "archive_class": archive_class(),
        "period": "D30",
        "rule": rule,
        "clause": rule.clause if rule else "",
        "entered_at": timezone.now(),
        "due_on": datetime.date(2027, 1, 8),
        **fields,
    }
    return PoolItem.objects.create(record=record, unit=unit, **values)
