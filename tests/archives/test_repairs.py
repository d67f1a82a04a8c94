"""What archive_verify --repair gives back, and what it leaves as a fault."""

from __future__ import annotations

import pytest

from portal import leases
from portal.archives import file_access, renders
from portal.archives.models import Record, Render, RenderStatus
from portal.pages.models import PortalDocument
from tests.archives.test_verification import archive, published, verify
from tests.factories.pages import make_news_page

__all__ = ["archive"]  # the fixture

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_files_that_could_not_be_made_are_a_fault_until_they_are_tried_again(
    tmp_path, settings, monkeypatch
):
    settings.ARCHIVE_ROOT = tmp_path
    monkeypatch.setattr(renders, "make_files", lambda record: [])
    make_news_page(title="甲", live=True)
    record = Record.objects.get(title="甲")
    Render.objects.filter(record=record).update(
        status=RenderStatus.DEAD, attempts=leases.MAX_ATTEMPTS, last_error="no fonts"
    )

    printed, code = verify()
    assert code == 1
    assert f"record:{record.pk}: its files could not be made: no fonts" in printed

    printed, code = verify("--repair")
    assert code == 0
    assert f"record:{record.pk}: its files will be made again" in printed
    renders.work_all()
    assert Render.objects.get(record=record).status == RenderStatus.DONE


def test_lost_and_damaged_originals_come_back_only_with_the_bytes_that_were_published(archive):
    record = published()
    file = record.files.get(role="document")
    stored = file_access.path_of(file)
    body = stored.read_bytes()
    line = f"file:{record.pk}:{file.name}: copied from the library again"

    stored.unlink()
    printed, code = verify("--repair")
    assert (line in printed, code) == (True, 0)
    assert stored.read_bytes() == body

    stored.chmod(0o640)
    stored.write_bytes(b"damaged")
    printed, code = verify("--repair")
    assert (line in printed, code) == (True, 0)
    assert stored.read_bytes() == body

    stored.unlink()
    assert file.source_object_id is not None
    original = PortalDocument.objects.get(pk=file.source_object_id).file
    with open(original.path, "wb") as library:
        library.write(b"other bytes")
    printed, code = verify("--repair")
    assert (line in printed, code) == (False, 1)
    assert "the stored file is missing" in printed
    assert not stored.exists()

    original.storage.delete(original.name)
    assert verify("--repair")[1] == 1
