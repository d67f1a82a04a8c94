"""The page of damaged files: who sees it, what it says, and the button that repairs."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.archives import file_access
from portal.archives.fixity import faults, repairs, services
from portal.archives.fixity.reading import Damage
from portal.archives.models import AccessLevel, FixityFault, FixityProblem, RepairOrder
from portal.archives.office import doors_for
from portal.roles.daily_jobs import DAILY_JOBS
from tests.archives.test_fixity import flip, folders, small_files
from tests.factories.archives import bare_record
from tests.factories.people import make_user

__all__ = ["folders"]  # the fixture

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def client_of(*roles: str) -> Client:
    """A browser of somebody with these roles."""
    client = Client()
    client.force_login(make_user(*roles))
    return client


def test_who_sees_the_page_and_who_repairs():
    page, repair = reverse("archive_fixity"), reverse("archive_fixity_repair")
    expected = {
        "archivist": (200, 302),
        "discipline_auditor": (200, 403),
        "part_time_archivist": (403, 403),
        "party_staff": (403, 403),
        "employee": (403, 403),
    }
    for role, statuses in expected.items():
        client = client_of(role)
        assert (client.get(page).status_code, client.post(repair).status_code) == statuses, role
    assert client_of("archivist").get(repair).status_code == 405


def test_damage_is_shown_and_counted_at_the_door():
    record = bare_record(title="第一党小组学习会", access_level=AccessLevel.OPEN)
    (file,) = small_files(1, record)
    archivist = client_of("archivist")
    address = reverse("archive_fixity")
    assert "从未发现受损文件" in archivist.get(address).content.decode()

    flip(file)
    services.read_share(everything=True)
    text = archivist.get(address).content.decode()
    for words in ("第一党小组学习会", "内容有变", file.name, "待处理", "尝试修复"):
        assert words in text
    door = next(door for door in doors_for(make_user("archivist")) if door.code == "fixity")
    assert door.waiting is not None and door.waiting(None) == 1


def test_the_worker_repairs_what_was_ordered_and_the_page_says_so(monkeypatch):
    (file,) = small_files(1, bare_record())
    body = file_access.read(file)
    flip(file)
    services.read_share(everything=True)
    archivist, address = client_of("archivist"), reverse("archive_fixity")
    repair = reverse("archive_fixity_repair")
    with monkeypatch.context() as patched:
        patched.setattr(repairs, "repair", lambda fault: pytest.fail("repaired in the request"))
        answer = archivist.post(repair, follow=True).content.decode()
        assert "一分钟内" in answer and "进行中" in answer and "尝试修复" not in answer
        assert "正在修复" in archivist.post(repair, follow=True).content.decode()
    assert RepairOrder.objects.count() == 1

    call_command("archive_worker", once=True)
    assert RepairOrder.objects.get().finished_at is not None
    shown = archivist.get(address).content.decode()
    assert "请从备份恢复" in shown and "尝试修复" in shown

    file_access.path_of(file).write_bytes(body)
    archivist.post(repair)
    call_command("archive_worker", once=True)
    answer = archivist.get(address).content.decode()
    assert "1 个文件已恢复正常" in answer and "人工恢复" in answer
    assert faults.open_faults() == 0
    assert "没有受损文件" in archivist.post(repair, follow=True).content.decode()


def test_a_repair_goes_on_where_it_stopped_and_tries_no_fault_twice(monkeypatch):
    files = small_files(3, bare_record())
    for file in files:
        faults.note(file, Damage(FixityProblem.MISSING, ""))
    tried: list[int] = []
    monkeypatch.setattr(repairs, "repair", lambda fault: tried.append(fault.pk))
    repairs.order(None)
    repairs.work_ordered(0)
    assert tried == []
    with pytest.raises(ZeroDivisionError), monkeypatch.context() as patched:
        patched.setattr(repairs, "repair", lambda fault: 1 // 0)
        repairs.work_ordered(60)
    repairs.work_ordered(60)
    repairs.work_ordered(60)
    numbers = sorted(FixityFault.objects.values_list("pk", flat=True))
    assert tried == numbers[1:]


def test_a_title_is_shown_only_to_who_may_read_the_record():
    record = bare_record(title="不公开的题名", access_level=AccessLevel.CONTROLLED)
    (file,) = small_files(1, record)
    faults.note(file, Damage(FixityProblem.MISSING, ""))
    seen = client_of("discipline_auditor").get(reverse("archive_fixity")).content.decode()
    from portal.archives.models import Record

    auditor = make_user("discipline_auditor")
    readable = Record.objects.visible_to(auditor).filter(pk=record.pk).exists()
    assert ("不公开的题名" in seen) == readable
    assert str(record.pk) in seen


def test_the_page_costs_the_same_with_20_and_with_200_faults():
    client = client_of("archivist")

    def queries(count: int) -> int:
        files = small_files(count)
        for file in files:
            faults.note(file, Damage(FixityProblem.MISSING, ""))
        client.get(reverse("archive_fixity"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("archive_fixity")).status_code == 200
        return len(captured)

    assert queries(20) == queries(180)
    assert FixityFault.objects.count() == 200


def test_the_daily_job_says_what_it_did():
    small_files(3)
    assert "files read" in DAILY_JOBS["fixity"].run()


def test_a_second_store_inside_the_first_is_refused(settings):
    settings.ARCHIVE_MIRROR_ROOT = settings.ARCHIVE_ROOT / "copies"
    assert [found.id for found in run_checks() if found.id == "archives.E003"] == ["archives.E003"]
    settings.ARCHIVE_MIRROR_ROOT = settings.ARCHIVE_ROOT.parent / "copies"
    assert [found.id for found in run_checks() if found.id == "archives.E003"] == []
