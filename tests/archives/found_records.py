"""Records for tests of the search: rows with their captured content, without a page behind them."""

from __future__ import annotations

import datetime
import itertools
import uuid
from typing import Any

from django.utils import timezone

from portal.archives import ledger
from portal.archives.models import Record, Render
from portal.archives.search import index_record

_numbers = itertools.count(1)


def make_record(title: str = "", *, made: bool = True, **fields: Any) -> Record:
    """Write a record of a news page with its ledger entry.

    Args:
        title: by default one of its own.
        made: whether its files are made, so that it is in the index.
        fields: columns of the record, and `body` (rich text), `people` (action and name pairs)
            and `page_fields` for the captured content.
    """
    number = next(_numbers)
    body = fields.pop("body", "")
    people = fields.pop("people", ())
    page_fields = fields.pop("page_fields", {})
    model = fields.pop("model", "pages.newspage")
    day = fields.setdefault("business_date", datetime.date(2026, 3, 1))
    fields.setdefault("captured_at", timezone.now() - datetime.timedelta(days=30))
    fields.setdefault("source_id", f"made-{number}")
    record = Record.objects.create(
        **{
            "id": uuid.uuid4(),
            "source_kind": "page",
            "version": 1,
            "kind": "news",
            "title": title or f"档案{number}",
            "year": day.year,
            "content_sha256": "0" * 64,
            **fields,
        }
    )
    payload = {
        "record": record.pk,
        "title": record.title,
        "content": {
            "model": model,
            "fields": {
                "body": [{"type": "text", "value": body, "id": "one"}] if body else [],
                **page_fields,
            },
        },
        "shown": {"unit_name": record.unit.name if record.unit else "", "facts": []},
        "process": [
            {"action": action, "account": None, "person": name, "at": None, "remark": ""}
            for action, name in people
        ],
        "files": [],
    }
    ledger.append([ledger.Draft("capture", record.pk, payload)])
    Render.objects.create(
        record=record, status="done" if made else "waiting", available_at=timezone.now()
    )
    if made:
        index_record(record)
    return record
