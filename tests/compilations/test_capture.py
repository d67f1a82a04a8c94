"""A compilation is reviewed, published and captured like every page, with its lists in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portal.archives import file_access
from portal.archives.capture import capture_payload
from portal.archives.models import AccessLevel, FileRole, Record, RecordState
from portal.archives.renders import work_all
from portal.archives.retrieval.versions import content_of
from portal.organizations.models import Unit
from portal.publishing.refusals import NotReviewer
from tests.factories.archives import bare_record, record_of
from tests.factories.compilations import chapter, make_compilation
from tests.factories.organizations import company, make_branch
from tests.factories.pages import approve, make_news_page, submit
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Any) -> None:
    """Files of their own for every test."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"


def test_the_archivist_writes_and_the_party_department_approves() -> None:
    cited = record_of(make_news_page(title="连续安全一千天", live=True, audience="public"))
    archivist = make_user("archivist", unit=company())
    page = make_compilation(
        chapter("怎么安排", [cited], "<p>编者的话</p>"),
        author=archivist,
        live=False,
        audience="public",
    )
    state = submit(page, archivist)
    with pytest.raises(NotReviewer):
        approve(state, archivist)
    approve(state, make_user("party_staff", unit=company()))
    record = record_of(page)
    assert (record.kind, record.access_level) == ("compilation", AccessLevel.OPEN)
    work_all()
    snapshot = file_access.read(record.files.get(role=FileRole.SNAPSHOT)).decode()
    for words in ("怎么安排", "编者的话", "编者按：连续安全一千天", str(cited.pk)):
        assert words in snapshot
    assert record.files.filter(role=FileRole.DOCUMENT_COPY, stored_at__isnull=False).exists()


def test_the_copy_says_what_stood_there_when_it_was_published() -> None:
    cited = bare_record(
        title="选编时的题名",
        access_level=AccessLevel.OPEN,
        state=RecordState.ACCEPTED,
        archive_code="Q001-WS·2026-D10-DQ03-0007",
    )
    page = make_compilation(chapter("一", [cited]), audience="public")
    Record.objects.filter(pk=cited.pk).update(title="后来的题名", state=RecordState.DESTROYED)
    payload = capture_payload(record_of(page))
    (_words, table) = payload["shown"]["following"]
    assert table["value"]["table"]["data"][1][1] == "选编时的题名"
    assert table["value"]["table"]["data"][1][4] == cited.archive_code
    parts = "\n".join(part.text for part in content_of(record_of(page)))
    assert "选编时的题名" in parts
    # Numbers of blocks and records are for machines.
    assert str(cited.pk) not in parts


def test_the_same_compilation_published_again_is_no_new_version() -> None:
    cited = bare_record(title="题名", access_level=AccessLevel.OPEN)
    page = make_compilation(chapter("一", [cited]), audience="public")
    Record.objects.filter(pk=cited.pk).update(title="后来的题名")
    page.get_latest_revision().publish(skip_permission_checks=True)
    assert Record.objects.of_source("page", str(page.pk)).count() == 1


@pytest.fixture
def branch() -> Unit:
    """The unit that answers for the compilation."""
    return make_branch()


def level(*levels: str, units: Any, audience: str, unit: Unit | None) -> str:
    """The level of the record of a compilation that lists records of these levels."""
    records = [
        bare_record(title=f"记录{number}", access_level=one, unit=owner)
        for number, (one, owner) in enumerate(zip(levels, units, strict=True))
    ]
    page = make_compilation(chapter("一", records), audience=audience, unit=unit)
    return str(record_of(page).access_level)


def test_the_record_is_as_closed_as_what_it_names(branch: Unit) -> None:
    other = make_branch()
    assert level("open", units=[other], audience="public", unit=branch) == "open"
    assert level("open", units=[other], audience="employees", unit=branch) == "internal"
    assert level("internal", units=[branch], audience="employees", unit=branch) == "internal"
    assert level("internal", units=[other], audience="employees", unit=branch) == "controlled"
    assert level("internal", units=[other], audience="employees", unit=company()) == "internal"
    # A level that was raised between drafting and approval.
    assert level("internal", units=[branch], audience="public", unit=branch) == "internal"
    assert level("controlled", units=[branch], audience="public", unit=branch) == "controlled"
