"""Archive search goes by what was captured."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from portal.archives.models import Record
from portal.archives.search import index_record, matching, record_text
from portal.publishing import queue
from tests.search.conftest import Publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def titles(words: str) -> list[str]:
    return sorted(matching(Record.objects.all(), words).values_list("title", flat=True))


def test_a_record_is_found_by_title_at_once_and_by_its_text_when_made(publish: Publish) -> None:
    page = publish("慰问老职工", "春节前慰问了<b>退休</b>职工。")
    assert titles("慰问") == ["慰问老职工"]
    assert titles("退休职工") == []
    record = Record.objects.get(source_id=str(page.pk))
    index_record(record)
    assert titles("退休職工") == ["慰问老职工"]
    assert "public" not in record_text(record)


def test_a_record_keeps_the_words_of_its_own_version(publish: Publish) -> None:
    page = publish("第一版标题")
    index_record(Record.objects.get(source_id=str(page.pk)))
    page.title = "第二版名称"
    page.save()
    queue.flush()
    for record in Record.objects.filter(source_id=str(page.pk)):
        index_record(record)
    assert titles("第一版") == ["第一版标题"]
    assert titles("第二版") == ["第二版名称"]


def test_update_index_takes_records_in(publish: Publish) -> None:
    publish("慰问", "独有词句")
    call_command("update_index", verbosity=0)
    assert titles("独有词句") == ["慰问"]
