"""What is too old is deleted or frozen; what is in dispute stays; the proof holds no data."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from portal.files import owners
from portal.personal_data import retention
from portal.personal_data.consents import give_consent, publish_privacy_notice, withdraw_consent
from portal.personal_data.models import (
    Consent,
    Disposal,
    Freeze,
    RetentionAction,
    RetentionRule,
)
from portal.personal_data.retention import freeze, is_frozen, lift, register_retention, run
from portal.roles.daily_jobs import DAILY_JOBS
from tests.factories.people import make_user
from tests.factories.uploads import make_stored_file

pytestmark = pytest.mark.django_db


class Drawer:
    """Things by their number, each with the day on which its time began."""

    def __init__(self) -> None:
        self.begun: dict[str, datetime.datetime] = {}
        self.broken: set[str] = set()

    def due(self, before: datetime.datetime) -> list[str]:
        return sorted(key for key, begun in self.begun.items() if begun < before)

    def dispose(self, key: str) -> None:
        if key in self.broken:
            raise RuntimeError(key)
        del self.begun[key]


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> Drawer:
    monkeypatch.setattr(retention, "_retentions", {})
    made = Drawer()
    register_retention(
        "drawer",
        title="抽屉",
        clause="某规定第一条",
        keep_days=30,
        owner_kind="thing",
        due=made.due,
        dispose=made.dispose,
    )
    now = timezone.now()
    for key, days in (("old", 31), ("older", 400), ("young", 29)):
        made.begun[key] = now - datetime.timedelta(days=days)
    return made


def test_what_is_too_old_is_deleted_and_the_proof_says_by_which_clause(drawer: Drawer) -> None:
    assert run() == {"drawer": 2}
    assert set(drawer.begun) == {"young"}
    rows = Disposal.objects.order_by("owner_id").values_list("owner_id", "clause", "action")
    assert list(rows) == [
        ("old", "某规定第一条", "delete"),
        ("older", "某规定第一条", "delete"),
    ]
    assert run() == {"drawer": 0}


def test_days_and_clause_are_data(drawer: Drawer) -> None:
    run()
    RetentionRule.objects.filter(code="drawer").update(keep_days=10, clause="新规定")
    assert run() == {"drawer": 1}
    assert Disposal.objects.get(owner_id="young").clause == "新规定"


def test_what_is_in_dispute_stays(drawer: Drawer) -> None:
    auditor = make_user("discipline_auditor")
    freeze("thing", "old", clause="信访核查", by=auditor)
    assert run() == {"drawer": 1}
    assert "old" in drawer.begun
    assert lift("thing", "old", by=auditor)
    assert not lift("thing", "old", by=auditor)
    assert run() == {"drawer": 1}
    assert "old" not in drawer.begun
    freed = Freeze.objects.get()
    assert (freed.frozen_by, freed.lifted_by) == (auditor, auditor)


def test_what_the_law_keeps_is_frozen(drawer: Drawer) -> None:
    run_once = RetentionRule(
        code="drawer",
        title="抽屉",
        clause="会计档案管理办法",
        keep_days=30,
        action=RetentionAction.FREEZE,
    )
    run_once.save()
    assert run() == {"drawer": 2}
    assert set(drawer.begun) == {"old", "older", "young"}
    assert is_frozen("thing", "old")
    assert not is_frozen("thing", "young")
    assert run() == {"drawer": 0}
    assert Disposal.objects.count() == 2


def test_freezing_twice_is_freezing_once() -> None:
    first = freeze("thing", "1", clause="a")
    assert freeze("thing", "1", clause="b") == first
    assert Freeze.objects.count() == 1


def test_one_that_cannot_be_removed_does_not_stop_the_others(
    drawer: Drawer, caplog: pytest.LogCaptureFixture
) -> None:
    drawer.broken.add("old")
    assert run() == {"drawer": 1}
    assert set(drawer.begun) == {"old", "young"}
    assert "drawer" in caplog.text
    assert [row.owner_id for row in Disposal.objects.all()] == ["older"]


def test_no_more_than_so_many_at_once(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 1)
    assert [run()["drawer"] for _day in range(3)] == [1, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_the_proof_is_neither_changed_nor_deleted(drawer: Drawer) -> None:
    run()
    for change in (lambda: Disposal.objects.update(clause="x"), Disposal.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_withdrawn_consents_go_after_three_years() -> None:
    notice = publish_privacy_notice(
        "x", title="x", text="x", sensitive_kinds=[], published_on=timezone.localdate()
    )
    old, young, given = (
        give_consent(notice, [], owner_kind="test", owner_id=str(number)) for number in range(3)
    )
    for consent, days in ((old, 1096), (young, 1000)):
        withdraw_consent(consent)
        Consent.objects.filter(pk=consent.pk).update(
            withdrawn_at=timezone.now() - datetime.timedelta(days=days)
        )
    assert "1 owners" in DAILY_JOBS["retention"].run()
    assert set(Consent.objects.all()) == {young, given}


def test_files_of_what_is_frozen_are_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "_kinds", {})
    owners.register_owner("thing", lambda user, owner: True)
    file = make_stored_file(make_user(), owner=("thing", "1"))
    client = Client()
    client.force_login(make_user())
    assert client.get(file.get_absolute_url()).status_code == 200
    freeze("thing", "1", clause="争议处理")
    refused = client.get(file.get_absolute_url())
    assert refused.status_code == 403
    assert "已冻结" in refused.content.decode()


@pytest.mark.django_db(transaction=True)
def test_rules_come_with_the_first_migrate(capsys: Any) -> None:
    RetentionRule.objects.all().delete()
    call_command("migrate", "personal_data", verbosity=0)
    rule = RetentionRule.objects.get(code="withdrawn-consents")
    assert "第五十六条" in rule.clause
