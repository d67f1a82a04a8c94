"""The worker: every record's files are made once, whatever happens, and are what they should be."""

from __future__ import annotations

import datetime
import io
import re
import shutil
import subprocess
import threading
from functools import partial

import pikepdf
import pytest
from django.db import connections
from django.utils import timezone

from portal import leases
from portal.archives import file_access, renders, store
from portal.archives.models import LedgerEntry, Record, Render, RenderStatus
from portal.archives.renders import RENDITION
from tests.archives.observation import assert_sound, records, stored
from tests.factories.files import make_document, make_picture
from tests.factories.pages import change_draft, make_news_page
from tests.infrastructure.at_once import failures, together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """Files of their own for every test; nothing waits but what the test publishes."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    Render.objects.update(available_at=timezone.now() + datetime.timedelta(days=3650))


@pytest.fixture
def quick(monkeypatch):
    """Nothing is really rendered: the machinery around it is the subject."""

    def make(record: Record) -> list[renders.MadeFile]:
        kept = store.put([str(record.pk).encode()])
        return [renders.MadeFile("snapshot", "页面快照.html", "text/html", kept)]

    monkeypatch.setattr(renders, "make_files", make)


def publish(title: str = "甲") -> Record:
    """Publish a page; return its record."""
    return records(make_news_page(title=title, live=True))[0]


def render_of(record: Record) -> Render:
    """The render as the database has it."""
    return Render.objects.get(record=record)


def entries(record: Record) -> int:
    """How many ledger entries prove the files of a record."""
    return LedgerEntry.objects.filter(record_id=record.pk, kind=RENDITION).count()


# ---- The machinery


def test_a_lease_belongs_to_one_worker_until_it_ends(quick, time_machine):
    time_machine.move_to("2026-11-20 08:00+08:00", tick=False)
    record = publish()
    first = leases.take(Render, "first")
    assert first is not None and first.record_id == record.pk
    assert leases.take(Render, "second") is None

    time_machine.move_to("2026-11-20 08:00:50+08:00", tick=False)
    assert leases.extend(first)
    time_machine.move_to("2026-11-20 08:01:30+08:00", tick=False)
    assert leases.take(Render, "second") is None, "the heartbeat kept the lease"

    time_machine.move_to("2026-11-20 08:02:30+08:00", tick=False)
    second = leases.take(Render, "second")
    assert second is not None and second.attempts == 2
    assert not leases.extend(first)
    with pytest.raises(leases.LeaseLost):
        renders.finish(first, renders.make_files(record))
    renders.finish(second, renders.make_files(record))
    assert render_of(record).status == RenderStatus.DONE
    assert entries(record) == 1


def test_the_heart_beats_while_a_long_render_runs(monkeypatch):
    record = publish()
    monkeypatch.setattr(leases, "LEASE", datetime.timedelta(seconds=0.6))
    render = leases.take(Render, "worker")
    assert render is not None
    before = render_of(record).lease_ends_at
    with leases.heartbeat(render):
        threading.Event().wait(1.0)
        assert leases.take(Render, "other") is None
    after = render_of(record).lease_ends_at
    assert before is not None and after is not None and after > before


def test_a_failure_is_tried_again_with_growing_patience_and_then_put_aside(
    monkeypatch, time_machine
):
    moment = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
    time_machine.move_to(moment, tick=False)
    poison = publish("毒")

    def make(record: Record) -> list[renders.MadeFile]:
        if record.pk == poison.pk:
            raise ValueError("no fonts")
        return []

    monkeypatch.setattr(renders, "make_files", make)
    waits = []
    for attempt in range(1, leases.MAX_ATTEMPTS):
        assert renders.work_once("worker")
        render = render_of(poison)
        assert (render.status, render.attempts) == (RenderStatus.WAITING, attempt)
        assert "ValueError: no fonts" in render.last_error
        assert not renders.work_once("worker"), "it waits"
        waits.append((render.available_at - timezone.now()).total_seconds())
        # Others are not held up by it.
        other = publish(f"好{attempt}")
        assert renders.work_once("worker")
        assert render_of(other).status == RenderStatus.DONE
        moment = render.available_at + datetime.timedelta(seconds=1)
        time_machine.move_to(moment, tick=False)
    assert waits == sorted(waits) and waits[-1] >= 4 * waits[0]

    assert renders.work_once("worker")
    render = render_of(poison)
    assert (render.status, render.attempts) == (RenderStatus.DEAD, leases.MAX_ATTEMPTS)
    assert entries(poison) == 0

    monkeypatch.setattr(renders, "make_files", lambda record: [])
    assert leases.revive(Render.objects.filter(record=poison)) == 1
    assert renders.work_once("worker")
    assert render_of(poison).status == RenderStatus.DONE
    assert entries(poison) == 1


def test_a_record_on_which_workers_die_does_not_stop_the_others(quick, time_machine):
    moment = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
    time_machine.move_to(moment, tick=False)
    deadly = publish("致命")
    for _ in range(leases.MAX_ATTEMPTS):
        assert leases.take(Render, "dies") is not None
        moment += leases.LEASE * 2
        time_machine.move_to(moment, tick=False)
    other = publish("好")
    renders.work_all()
    assert render_of(deadly).status == RenderStatus.DEAD
    assert render_of(other).status == RenderStatus.DONE


def test_workers_at_once_make_each_render_once(quick):
    made = [publish(f"并行{number}") for number in range(12)]
    tried: list[int] = []
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            tried.append(renders.work_all(name))
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    # A worker that finds nothing free stops, so the last ones may be left to the next round.
    renders.work_all()
    assert all(render_of(record).status == RenderStatus.DONE for record in made)
    assert all(render_of(record).attempts == 1 for record in made)
    assert all(entries(record) == 1 for record in made)
    assert_sound()


# ---- What is made


@pytest.fixture
def rendered() -> Record:
    """A record with its files, of a page with text, picture, table, gallery and attachment."""
    table = {
        "data": [["姓名", "工时"], ["田小禾", "12"]],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
    }
    page = make_news_page(
        title="采煤一队开展安全生产主题党日",
        live=True,
        summary="重温入党誓词。",
        picture=make_picture(),
        body=[
            ("text", "<h2>活动情况</h2><p>全体党员<b>逐条对照</b>检查。</p>"),
            ("picture", {"image": make_picture(), "alternative_text": "宣誓", "caption": "现场"}),
            ("table", {"caption": "工时", "table": table}),
            ("quotation", {"text": "安全是天。", "source": "秦伯安"}),
            ("attachments", {"title": "附件", "attachments": [{"document": make_document()}]}),
        ],
    )
    assert renders.work_all() == 1
    record = records(page)[0]
    assert render_of(record).status == RenderStatus.DONE, render_of(record).last_error
    return record


def unembedded_fonts(document: pikepdf.Pdf) -> list[str]:
    """Names of the fonts that are not inside a document."""
    missing = []
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
            continue
        for font in item.get("/DescendantFonts", [item]):
            descriptor = font.get("/FontDescriptor")
            names = ("/FontFile", "/FontFile2", "/FontFile3")
            if descriptor is None or not any(name in descriptor for name in names):
                missing.append(str(font.get("/BaseFont")))
    return missing


def text_of(body: bytes) -> str:
    """The text of a PDF as a reader's program extracts it."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=body, capture_output=True, check=True
    )
    return "".join(done.stdout.decode().split())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_the_document_copy_is_an_archivable_pdf_in_chinese(rendered):
    wanted: dict[str, list[str]] = {
        "pdf": ["采煤一队开展安全生产主题党日", "逐条对照", "田小禾", "安全是天", "工时"],
        "process-sheet": ["采煤一队开展安全生产主题党日", str(rendered.pk).replace("-", "")[:8]],
    }
    for role, words in wanted.items():
        file = rendered.files.get(role=role)
        body = file_access.read(file)
        with pikepdf.open(io.BytesIO(body)) as document:
            with document.open_metadata() as metadata:
                assert metadata.get("pdfaid:part") == "3"
                assert metadata.get("pdfaid:conformance") == "A"
                assert rendered.title in str(metadata.get("dc:title"))
            assert str(document.Root.Lang).lower().startswith("zh")
            assert "/OutputIntents" in document.Root
            assert document.Root.MarkInfo.Marked
            assert not document.is_encrypted
            assert "/JavaScript" not in document.Root.get("/Names", {})
            assert unembedded_fonts(document) == []
        text = text_of(body)
        for word in words:
            assert word in text.replace("-", ""), (role, word)


def test_the_snapshot_needs_nothing_but_itself(rendered):
    html = file_access.read(rendered.files.get(role="snapshot")).decode()
    assert 'lang="zh' in html
    assert "逐条对照" in html
    assert html.count("data:image/") >= 2
    addresses = re.findall(r"""(?:src|srcset|data|poster)\s*=\s*["']([^"']+)""", html)
    addresses += re.findall(r"""<link[^>]+href\s*=\s*["']([^"']+)""", html)
    addresses += re.findall(r"""url\(\s*["']?([^"')]+)""", html)
    assert [address for address in addresses if not address.startswith("data:")] == []
    assert "<script" not in html


def test_every_file_has_both_digests_and_the_ledger_proves_them(rendered):
    from portal.archives.ledger import payload_of

    entry = LedgerEntry.objects.get(record_id=rendered.pk, kind=RENDITION)
    proven = {
        (file["role"], file["sha256"], file["sm3"], file["size"])
        for file in payload_of(entry.sequence)["files"]
    }
    rows = {(file.role, file.sha256, file.sm3, file.size) for file in rendered.files.all()}
    assert rows == proven
    assert len(rows) == 6
    for file in rendered.files.all():
        again = file_access.digests(file)
        assert (again.sha256, again.sm3, again.size) == (file.sha256, file.sm3, file.size)
    # The test vector of GB/T 32905-2016, appendix A.1.
    known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert store.digests([b"abc"]).sm3 == known


def test_what_is_made_comes_from_what_was_captured_not_from_what_is_live_now():
    page = make_news_page(title="第一版", live=True, body=[("text", "<p>原来的话。</p>")])
    change_draft(stored(page), None, title="第二版", body=[("text", "<p>后来的话。</p>")]).publish()
    renders.work_all()
    first, second = records(page)
    for record, own, other in ((first, "原来的话", "后来的话"), (second, "后来的话", "原来的话")):
        html = file_access.read(record.files.get(role="snapshot")).decode()
        assert own in html
        assert other not in html


# ---- Publishing at once


@pytest.mark.postgresql
def test_single_and_bulk_publications_at_once_neither_deadlock_nor_break_the_chain():
    from django.db import transaction

    pages = [make_news_page(title=f"并发{number}") for number in range(8)]
    own = [make_news_page(title=f"单独{number}") for number in range(12)]

    def publish_all(number: int) -> None:
        # Bulk and single writers want the same pages: rows make them wait, the chain must not.
        if number % 2:
            with transaction.atomic():
                for page in pages:
                    change_draft(stored(page), None, summary=f"批量 {number}").publish()
        else:
            for page in own[number // 2 * 3 : number // 2 * 3 + 3]:
                page.get_latest_revision().publish()
            for page in pages[:3]:
                change_draft(stored(page), None, summary=f"单独 {number}").publish()

    assert failures(together(*(partial(publish_all, number) for number in range(8)))) == []
    assert all(stored(page).live for page in pages + own)
    assert_sound()
