"""Intact records of several kinds, drafted, reviewed, published and rendered like real ones."""

from __future__ import annotations

from typing import Any

from portal.archives.inspection import package, services
from portal.archives.models import PoolItem, Record, RecordState
from portal.archives.pool import services as pool
from tests.factories.archives import make_pool, record_of
from tests.factories.files import make_document, make_picture, make_sound
from tests.factories.organizations import make_branch, party_committee
from tests.factories.pages import (
    approve,
    make_activity_page,
    make_branch_page,
    make_news_page,
    submit,
)
from tests.factories.people import make_user


def reviewed(page: Any, author: Any, reviewer: Any) -> Any:
    """Put a draft live through the review of a second person."""
    approve(submit(page, author), reviewer)
    return type(page).objects.get(pk=page.pk)


def full_body() -> list[Any]:
    """The body of a page with text, a picture, an attachment and a sound."""
    return [
        ("text", "<p>全体党员逐条对照检查，重温入党誓词。</p>"),
        ("picture", {"image": make_picture(), "alternative_text": "宣誓", "caption": "现场"}),
        ("attachments", {"title": "附件", "attachments": [{"document": make_document()}]}),
        (
            "audio",
            {"caption": "录音", "transcript": "各位同志，早上好。", "media": make_sound()},
        ),
    ]


def staff() -> tuple[Any, Any]:
    """Return who drafts and who reviews."""
    return make_user("party_staff", name="沈维钧"), make_user("party_approver", name="林晓岚")


def full_record(title: str = "采煤一队开展安全生产主题党日") -> Record:
    """Return a record in the pool, with cited files of every kind."""
    author, reviewer = staff()
    page = make_activity_page(
        make_branch_page(make_branch("采煤一队党支部")),
        author,
        title=title,
        body=full_body(),
        summary="重温入党誓词。",
    )
    reviewed(page, author, reviewer)
    make_pool()
    return completed(record_of(page))


def plain_record(title: str = "集团公司召开安全例会", **fields: Any) -> Record:
    """Return a record in the pool without any cited file."""
    author, reviewer = staff()
    page = make_news_page(
        author,
        title=title,
        unit=party_committee(),
        body=[("text", "<p>会议通报了一季度隐患排查情况。</p>")],
        **fields,
    )
    reviewed(page, author, reviewer)
    make_pool()
    return completed(record_of(page))


def completed(record: Record) -> Record:
    """Fill in what an archivist would where no rule proposes it, and describe the package."""
    record = Record.objects.select_related("render").get(pk=record.pk)
    item = PoolItem.objects.get(pk=record.pk)
    if item.archive_class_id is None or not item.period or item.unit_id is None:
        raise AssertionError(f"no rule proposes a class and a period for {record.kind}")
    package.prepare(record)
    return record


def accepted(record: Record) -> Record:
    """Check and accept an item as the archivist does."""
    services.inspect(record)
    pool.accept(record.pk, make_user("archivist"))
    found = Record.objects.select_related("render").get(pk=record.pk)
    assert found.state == RecordState.ACCEPTED
    package.prepare(found)
    return found
