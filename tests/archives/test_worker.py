"""One bad page, job or record does not stop the worker."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal import leases
from portal.archives import renders
from portal.archives.models import Render, RenderStatus
from portal.archives.schedule import publish_due
from portal.pages.models import NewsPage
from tests.archives.observation import events, stored
from tests.factories.pages import make_news_page

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def quiet_files(monkeypatch, tmp_path, settings) -> None:
    """A worker whose files are made at once: none at all."""
    settings.ARCHIVE_ROOT = tmp_path
    monkeypatch.setattr(renders, "make_files", lambda record: [])


def scheduled(title: str, hours: int) -> Any:
    """A page that goes live some hours from now."""
    page = make_news_page(title=title)
    draft = page.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + datetime.timedelta(hours=hours)
    draft.save_revision().publish()
    return page


@pytest.fixture
def bad_pages(monkeypatch) -> None:
    """Pages called 坏 refuse to go live and to end."""
    went_live, unpublish = NewsPage.went_live, NewsPage.unpublish

    def refuse_to_go_live(page: NewsPage) -> None:
        if page.title == "坏":
            raise RuntimeError("a bad page")
        went_live(page)

    def refuse_to_end(page: NewsPage, *arguments: Any, **options: Any) -> None:
        if page.title == "坏":
            raise RuntimeError("a bad page")
        unpublish(page, *arguments, **options)

    monkeypatch.setattr(NewsPage, "went_live", refuse_to_go_live)
    monkeypatch.setattr("wagtail.models.Page.unpublish", refuse_to_end)


def test_scheduled_pages_after_a_bad_one_are_published(time_machine, bad_pages, caplog):
    time_machine.move_to("2026-11-20 08:00+08:00", tick=False)
    bad, good = scheduled("坏", 1), scheduled("好", 2)
    time_machine.move_to("2026-11-20 11:00+08:00", tick=False)

    assert publish_due() == 1

    assert stored(good).live
    assert events(good) == ["capture"]
    assert not stored(bad).live
    assert events(bad) == []
    assert "a bad page" in caplog.text
    assert publish_due() == 1, "it stays due"


def test_pages_that_expire_after_a_bad_one_end(time_machine, monkeypatch, caplog, request):
    time_machine.move_to("2026-11-20 08:00+08:00", tick=False)
    soon = timezone.now() + datetime.timedelta(hours=1)
    later = timezone.now() + datetime.timedelta(hours=2)
    bad = make_news_page(title="坏", live=True, expire_at=soon)
    good = make_news_page(title="好", live=True, expire_at=later)
    request.getfixturevalue("bad_pages")
    time_machine.move_to("2026-11-20 11:00+08:00", tick=False)

    assert publish_due() == 1

    assert not stored(good).live
    assert stored(good).expired
    assert events(good) == ["capture", "end"]
    assert stored(bad).live
    assert "a bad page" in caplog.text


@pytest.mark.parametrize("broken", ["schedule.publish_due", "store.sweep", "call_command"])
def test_a_job_that_fails_is_logged_and_files_are_still_made(
    broken, monkeypatch, quiet_files, caplog
):
    make_news_page(title="甲", live=True)

    def fail(*arguments: Any, **options: Any) -> None:
        raise RuntimeError("a bad job")

    worker = "portal.archives.management.commands.archive_worker"
    monkeypatch.setattr(f"{worker}.{broken}", fail)

    call_command("archive_worker", "--once")

    assert "a bad job" in caplog.text
    assert not Render.objects.exclude(status=RenderStatus.DONE).exists()


def test_a_poisonous_render_is_put_aside_and_the_next_one_taken(quiet_files):
    pages = [make_news_page(title=title, live=True) for title in ("甲", "乙", "丙")]
    poisonous = Render.objects.filter(record__source_id__in=[page.pk for page in pages[:2]])
    long_ago = timezone.now() - datetime.timedelta(days=1)
    poisonous.update(attempts=leases.MAX_ATTEMPTS, available_at=long_ago)
    Render.objects.exclude(record__source_id__in=[page.pk for page in pages]).update(
        status=RenderStatus.DONE
    )

    taken = leases.take(Render, "a worker")

    assert taken is not None
    assert taken.record.source_id == str(pages[2].pk)
    assert {render.status for render in poisonous} == {RenderStatus.DEAD}
    assert leases.take(Render, "a worker") is None


def test_work_of_each_kind_has_its_turn(monkeypatch, quiet_files):
    waiting = {"long": 3, "short": 1, "bad": 1, "last": 2}
    done: list[str] = []

    def job(code: str) -> Any:
        def work_once(worker: str) -> bool:
            if not waiting[code]:
                return False
            waiting[code] -= 1
            if code == "bad":
                raise RuntimeError("a bad job")
            done.append(code)
            return True

        return work_once

    monkeypatch.setattr(
        "portal.archives.management.commands.archive_worker.WORKER_JOBS",
        {code: job(code) for code in waiting},
    )
    call_command("archive_worker", once=True, no_schedule=True)
    assert done == ["long", "short", "last", "long", "last", "long"]
