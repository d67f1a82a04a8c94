"""Notices have versions, sensitive kinds a consent of their own, and a consent can be withdrawn."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from portal.personal_data import consents
from portal.personal_data.consents import (
    current_notice,
    give_consent,
    has_consent,
    publish_privacy_notice,
    withdraw_consent,
)
from portal.personal_data.models import Consent, PrivacyNotice
from portal.personal_data.refusals import ConsentMissing, NoNotice
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel("2026-11-22 12:00+08:00", tick=False):
        yield


def publish(
    text: str = "我们收集身份证号，用于核对身份。",
    kinds: tuple[str, ...] = ("identity", "bank"),
    day: datetime.date = TODAY,
) -> PrivacyNotice:
    return publish_privacy_notice(
        "housing", title="住房补贴告知书", text=text, sensitive_kinds=kinds, published_on=day
    )


def test_the_same_words_make_no_new_version() -> None:
    first = publish()
    assert publish() == first
    second = publish("另一段话。")
    assert (first.version, second.version) == (1, 2)
    assert publish(kinds=("identity",)).version == 3
    assert PrivacyNotice.objects.get(pk=first.pk).text == "我们收集身份证号，用于核对身份。"


def test_a_version_counts_from_its_day() -> None:
    with pytest.raises(NoNotice):
        current_notice("housing")
    old = publish(day=datetime.date(2026, 1, 1))
    new = publish("新版。", day=datetime.date(2026, 12, 1))
    assert current_notice("housing") == old
    assert current_notice("housing", datetime.date(2026, 12, 1)) == new
    with pytest.raises(NoNotice):
        current_notice("housing", datetime.date(2025, 12, 31))
    with pytest.raises(ValueError, match="later"):
        publish("更早。", day=datetime.date(2026, 2, 1))
    with pytest.raises(ValueError, match="nonsense"):
        publish(kinds=("nonsense",))


def test_a_version_number_is_given_once() -> None:
    notice = publish()
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivacyNotice.objects.create(
            code=notice.code, version=1, title="x", text="x", published_on=TODAY
        )


def test_every_sensitive_kind_is_agreed_to_by_itself() -> None:
    notice = publish()
    with override("zh-hans"), pytest.raises(ConsentMissing) as caught:
        give_consent(notice, ["identity"], owner_kind="test", owner_id="1")
    assert "金融账户" in str(caught.value)
    assert not Consent.objects.exists()
    consent = give_consent(notice, ["bank", "identity", "bank"], owner_kind="test", owner_id="1")
    assert consent.kinds == ["bank", "identity"]
    assert has_consent("test", "1", ["identity"])
    assert not has_consent("test", "1", ["health"])
    assert not has_consent("test", "2")


def test_an_old_version_cannot_be_agreed_to() -> None:
    old = publish()
    publish("新版。")
    with override("zh-hans"), pytest.raises(ConsentMissing, match="已更新"):
        give_consent(old, ["identity", "bank"], owner_kind="test", owner_id="1")


def test_for_a_child_a_guardian_agrees() -> None:
    notice = publish(kinds=("child",))
    with pytest.raises(ConsentMissing):
        give_consent(notice, ["child"], owner_kind="test", owner_id="1", guardian="  ")
    consent = give_consent(notice, ["child"], owner_kind="test", owner_id="1", guardian=" 张三 ")
    assert Consent.objects.get(pk=consent.pk).guardian == "张三"


def test_a_consent_belongs_to_somebody() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        give_consent(publish(kinds=()), [])


def test_a_withdrawal_stops_what_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(consents, "_followers", {})
    consents.register_consent_owner("test", told.append)
    consent = give_consent(publish(), ["identity", "bank"], owner_kind="test", owner_id="1")
    first = withdraw_consent(consent)
    again = withdraw_consent(consent)
    assert first.withdrawn_at == again.withdrawn_at is not None
    assert told == ["1"]
    assert not has_consent("test", "1")


def test_a_withdrawal_that_cannot_be_followed_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(owner_id: str) -> None:
        raise RuntimeError

    monkeypatch.setattr(consents, "_followers", {})
    consents.register_consent_owner("test", fail)
    consent = give_consent(publish(), ["identity", "bank"], owner_kind="test", owner_id="1")
    with pytest.raises(RuntimeError):
        withdraw_consent(consent)
    assert Consent.objects.get().withdrawn_at is None


# ---- Pages


def test_everybody_signed_in_reads_a_notice_and_is_told_of_a_newer_one() -> None:
    client = Client()
    client.force_login(make_user())
    old = publish()
    response = client.get(reverse("privacy_notice_current", args=["housing"]), follow=True)
    text = response.content.decode()
    assert "核对身份" in text
    assert "金融账户" in text
    assert "已有更新" not in text
    publish("新版。")
    future = publish("将来。", day=datetime.date(2026, 12, 1))
    assert "已有更新" in client.get(old.get_absolute_url()).content.decode()
    assert client.get(future.get_absolute_url()).status_code == 404
    assert client.get(reverse("privacy_notice_current", args=["none"])).status_code == 404


def test_only_ones_own_consent_is_withdrawn() -> None:
    user, stranger = make_user(), make_user()
    consent = give_consent(publish(), ["identity", "bank"], person=user.person)
    address = reverse("consent_withdraw", args=[consent.pk])
    client = Client()
    client.force_login(stranger)
    assert client.get(address).status_code == client.post(address).status_code == 404
    assert Consent.objects.get().withdrawn_at is None
    client.force_login(user)
    assert "撤回" in client.get(address).content.decode()
    assert Consent.objects.get().withdrawn_at is None
    client.post(address)
    assert Consent.objects.get().withdrawn_at is not None
    assert "已撤回" in client.get(reverse("my_data")).content.decode()
