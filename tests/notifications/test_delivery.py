"""Sending: once for each row, again after errors, aside when it is hopeless, and never personal."""

from __future__ import annotations

import datetime
import logging
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from portal import leases
from portal.leases import WorkStatus
from portal.notifications import delivery
from portal.notifications.channels import ChannelDown, NotNow, Undeliverable
from portal.notifications.channels.sms import ConsoleGateway
from portal.notifications.delivery import Deliverer
from portal.notifications.models import FailureReason, Message, Outbox
from portal.notifications.services import Recipient, mark_all_read, notify, try_again
from tests.factories.people import make_person, make_user
from tests.infrastructure.at_once import failures, together

pytestmark = [pytest.mark.database, pytest.mark.django_db]

DAY = datetime.date(2026, 11, 30)
CORRECTION = {"item": "住房补贴", "number": "YJ-2026-0001234", "due_on": DAY, "days": 5}
PHONE, EMAIL = "13900000042", "tian@example.com"


def tell(*, phone: str = "", email: str = "", key: str = "case:1:1", **changes: Any) -> Outbox:
    """Write one outgoing message."""
    given: dict[str, Any] = {"code": "trial-correction", "variables": CORRECTION, **changes}
    notify(
        given.pop("code"),
        [Recipient(phone=phone, email=email)],
        given.pop("variables"),
        event_key=key,
        **given,
    )
    row: Outbox = Outbox.objects.order_by("pk").last()
    return row


def again(row: Outbox) -> Outbox:
    """The row as it is now."""
    return Outbox.objects.get(pk=row.pk)


# ---- What goes out


def test_an_email_says_what_happened_and_where_to_read_more() -> None:
    row = tell(email=EMAIL, url="/cases/1/")
    assert Deliverer("worker").work_all() == 1
    (sent,) = mail.outbox
    assert sent.to == [EMAIL]
    assert sent.subject == "【沁岚能源党群之家】请补正材料"
    assert "请在2026年11月30日前完成" in sent.body
    assert "http://localhost:8000/cases/1/" in sent.body
    assert str(sent.message()["Message-ID"]) == f"<{row.reference}@localhost>"
    row = again(row)
    assert (row.status, row.address, row.last_error) == (WorkStatus.DONE, "", "")


def test_an_sms_is_a_template_with_its_parameters(gateway: Any, settings: Any) -> None:
    settings.SMS_TEMPLATES = ["correction=SMS_123", "news=SMS_124"]
    row = tell(phone=PHONE)
    assert Deliverer("worker").work_all() == 1
    assert gateway.sent == [
        (PHONE, "SMS_123", {"number": "YJ-2026-0001234", "days": "5"}, str(row.reference))
    ]
    assert (again(row).receipt, again(row).address) == ("receipt 1", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "trial-sensitive", "variables": {"item": "医疗补助", "number": "7"}},
        {"sensitive": True},
    ],
)
def test_of_a_sensitive_matter_only_the_portal_itself_says_more(
    gateway: Any, changes: dict[str, Any]
) -> None:
    user = make_user(person=make_person(phone=PHONE))
    user.email = EMAIL
    user.save()
    given: dict[str, Any] = {"code": "trial-correction", "variables": CORRECTION, **changes}
    notify(
        given.pop("code"), [Recipient(user=user)], given.pop("variables"), event_key="a", **given
    )
    assert Deliverer("worker").work_all() == 2
    assert [(phone, template, found) for phone, template, found, _ in gateway.sent] == [
        (PHONE, "news", {})
    ]
    (sent,) = mail.outbox
    assert sent.subject == "【沁岚能源党群之家】您有新消息"
    for word in ("补助", "补贴", "受理", "YJ-2026", "补正"):
        assert word not in sent.body
    assert Message.objects.get().words.title in ("医疗补助已受理", "请补正材料")


def test_the_console_shows_no_number(caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    ConsoleGateway().send(PHONE, "news", {}, "x")
    assert "139****0042" in caplog.text
    assert PHONE not in caplog.text


# ---- What goes wrong


class FailingMail(EmailBackend):
    """A mail server that fails as it is told, and counts how often it was asked."""

    fails: list[Exception] = []
    asked = 0

    def send_messages(self, messages: Any) -> int:
        FailingMail.asked += 1
        if FailingMail.fails:
            raise FailingMail.fails[0]
        return super().send_messages(messages)


@pytest.fixture
def failing(settings: Any) -> type[FailingMail]:
    """The mail server that fails."""
    settings.EMAIL_BACKEND = f"{__name__}.FailingMail"
    FailingMail.fails, FailingMail.asked = [], 0
    return FailingMail


def test_a_mail_server_that_is_down_holds_up_nothing_and_loses_nothing(
    failing: type[FailingMail], gateway: Any, time_machine: Any
) -> None:
    moment = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
    time_machine.move_to(moment, tick=False)
    rows = [tell(email=f"a{number}@example.com", key=str(number)) for number in range(30)]
    sms = tell(phone=PHONE, key="sms")
    failing.fails = [ConnectionRefusedError(111, "Connection refused")]
    worker = Deliverer("worker")

    worker.work_all()
    assert failing.asked == 1, "the others were not even tried"
    assert again(sms).status == WorkStatus.DONE

    # A day and a half without a mail server.
    for _minute in range(40):
        moment += datetime.timedelta(hours=1)
        time_machine.move_to(moment, tick=False)
        worker.work_all()
    assert failing.asked == 41
    assert {again(row).status for row in rows} == {WorkStatus.WAITING}
    assert max(again(row).attempts for row in rows) == 0, "no attempt was used up"

    failing.fails = []
    moment += datetime.timedelta(minutes=2)
    time_machine.move_to(moment, tick=False)
    worker.work_all()
    assert {again(row).status for row in rows} == {WorkStatus.DONE}
    assert len(mail.outbox) == 30


def test_what_waited_a_week_is_put_aside_as_too_old(
    failing: type[FailingMail], time_machine: Any
) -> None:
    moment = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
    time_machine.move_to(moment, tick=False)
    row = tell(email=EMAIL)
    time_machine.move_to(moment + delivery.EXPIRES + datetime.timedelta(hours=1), tick=False)
    Deliverer("worker").work_all()
    assert failing.asked == 0
    assert (again(row).status, again(row).last_error) == (WorkStatus.DEAD, FailureReason.EXPIRED)
    assert try_again(pk=row.pk) == 1
    Deliverer("worker").work_all()
    assert again(row).status == WorkStatus.DONE, "it counts as new when it is sent again"


def test_a_connection_that_went_idle_is_opened_again(failing: type[FailingMail]) -> None:
    rows = [tell(email=EMAIL, key="1"), tell(email=EMAIL, key="2")]
    worker = Deliverer("worker")
    sender: Any = worker.senders["email"]
    original = sender._send
    calls = []

    def once(message: Any) -> None:
        calls.append(message)
        if len(calls) == 1:
            raise smtplib.SMTPServerDisconnected("idle")
        original(message)

    sender._send = once
    worker.work_all()
    assert {again(row).status for row in rows} == {WorkStatus.DONE}
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({EMAIL: (550, b"no such user tian@example.com")}),
        smtplib.SMTPDataError(554, b"tian@example.com is spam"),
    ],
)
def test_a_refused_address_is_put_aside_at_once_and_named_nowhere(
    failing: type[FailingMail], caplog: Any, error: Exception
) -> None:
    row = tell(email=EMAIL)
    failing.fails = [error]
    Deliverer("worker").work_all()
    assert (again(row).status, again(row).last_error) == (WorkStatus.DEAD, FailureReason.REFUSED)
    assert "tian" not in caplog.text + again(row).last_error


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({EMAIL: (452, b"mailbox of tian@example.com full")}),
        ValueError("tian@example.com"),
    ],
)
def test_one_bad_message_waits_longer_each_time_and_stops_no_other(
    failing: type[FailingMail], caplog: Any, time_machine: Any, error: Exception
) -> None:
    moment = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
    time_machine.move_to(moment, tick=False)
    row = tell(email=EMAIL)
    told: list[int] = []
    delivery.register_dead_letter("test", lambda dead: told.append(dead.pk))
    waits = []
    try:
        for _attempt in range(Outbox.max_attempts or 0):
            failing.fails = [error]
            worker = Deliverer("worker")
            assert worker.work_all() == 1
            failing.fails = []
            other = tell(email="other@example.com", key=str(moment))
            assert worker.work_all() == 1
            assert again(other).status == WorkStatus.DONE
            waits.append((again(row).available_at - timezone.now()).total_seconds())
            moment += datetime.timedelta(seconds=waits[-1] + 1)
            time_machine.move_to(moment, tick=False)
    finally:
        delivery._dead_letter_callbacks.pop("test")
    assert again(row).status == WorkStatus.DEAD
    assert told == [row.pk]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (30, 3600)
    assert "tian" not in caplog.text + again(row).last_error


def test_an_address_that_no_key_opens_stops_nobody(settings: Any, failing: Any) -> None:
    row = tell(email=EMAIL)
    settings.FIELD_ENCRYPTION_KEYS = ["YW5vdGhlci1rZXktb2YtdGhpcnR5LXR3by1ieXRlcy0="]
    other = tell(email="other@example.com", key="2")
    Deliverer("worker").work_all()
    assert again(row).last_error == FailureReason.UNREADABLE
    assert again(other).status == WorkStatus.DONE


@pytest.mark.parametrize("address", ["", "x", "a@b\nBcc: c@example.com", "甲 <a@example.com>"])
def test_what_is_no_address_is_put_aside(failing: type[FailingMail], address: str) -> None:
    row = tell(email=EMAIL)
    Outbox.objects.filter(pk=row.pk).update(address=address)
    Deliverer("worker").work_all()
    assert (again(row).status, failing.asked) == (WorkStatus.DEAD, 0)


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (ChannelDown(), WorkStatus.WAITING, FailureReason.CHANNEL_DOWN),
        (TimeoutError(), WorkStatus.WAITING, FailureReason.CHANNEL_DOWN),
        (NotNow(), WorkStatus.WAITING, FailureReason.REFUSED),
        (Undeliverable(FailureReason.REFUSED), WorkStatus.DEAD, FailureReason.REFUSED),
        (KeyError(PHONE), WorkStatus.WAITING, FailureReason.FAILED),
    ],
)
def test_a_gateway_that_fails(
    gateway: Any, caplog: Any, error: Exception, status: str, reason: str
) -> None:
    row = tell(phone=PHONE)
    gateway.fails = error
    Deliverer("worker").work_all()
    assert (again(row).status, again(row).last_error) == (status, reason)
    assert PHONE not in caplog.text


def test_a_template_that_the_gateway_does_not_know_is_put_aside(
    gateway: Any, settings: Any
) -> None:
    settings.SMS_TEMPLATES = ["news=SMS_124"]
    row = tell(phone=PHONE)
    Deliverer("worker").work_all()
    assert again(row).last_error == FailureReason.NO_TEMPLATE
    assert gateway.sent == []


# ---- Workers


def test_a_worker_killed_between_sending_and_saying_so_leaves_a_message_that_is_sent_again(
    gateway: Any, monkeypatch: Any, time_machine: Any
) -> None:
    moment = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
    time_machine.move_to(moment, tick=False)
    row = tell(phone=PHONE)

    def killed(*arguments: Any, **values: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(leases, "close", killed)
        Deliverer("first").work_once()
    assert not Deliverer("second").work_once(), "the lease still runs"
    time_machine.move_to(moment + leases.LEASE * 2, tick=False)
    assert Deliverer("second").work_once()
    assert again(row).status == WorkStatus.DONE
    # At least once, and the other side can tell by the reference that it is the same.
    assert [reference for *_others, reference in gateway.sent] == [str(row.reference)] * 2


def test_a_message_on_which_workers_die_is_put_aside(time_machine: Any) -> None:
    moment = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
    time_machine.move_to(moment, tick=False)
    row = tell(email=EMAIL)
    for _attempt in range(Outbox.max_attempts or 0):
        assert leases.take(Outbox, "dies") is not None
        moment += leases.LEASE * 2
        time_machine.move_to(moment, tick=False)
    other = tell(email="other@example.com", key="2")
    Deliverer("worker").work_all()
    assert (again(row).status, again(row).last_error) == (WorkStatus.DEAD, leases.DIED)
    assert again(other).status == WorkStatus.DONE


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_each_message_once(gateway: Any) -> None:
    for number in range(40):
        tell(phone=f"139000000{number:02d}", key=str(number))
    workers = [Deliverer(f"worker {number}") for number in range(4)]
    errors = failures(together(*(worker.work_all for worker in workers)))
    Deliverer("last").work_all()
    assert errors == []
    assert len(gateway.sent) == 40
    assert len({phone for phone, *_others in gateway.sent}) == 40
    assert set(Outbox.objects.values_list("status", "attempts")) == {(WorkStatus.DONE, 1)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", [False, True])
def test_the_worker_process_sends_messages(gateway: Any, monkeypatch: Any, broken: bool) -> None:
    row = tell(phone=PHONE)
    if broken:
        monkeypatch.setattr(Deliverer, "work_once", lambda self: 1 / 0)
    call_command("archive_worker", "--once", "--no-schedule")
    assert again(row).status == (WorkStatus.WAITING if broken else WorkStatus.DONE)


def test_what_was_sent_or_read_long_ago_is_forgotten(
    gateway: Any, time_machine: Any, settings: Any
) -> None:
    time_machine.move_to("2026-11-20 08:00+08:00", tick=False)
    user = make_user(person=make_person(phone=PHONE))
    for key in ("1", "2"):
        notify("trial-correction", [Recipient(user=user)], CORRECTION, event_key=key)
    Deliverer("worker").work_once()
    mark_all_read(user, Message.objects.order_by("pk").values_list("pk", flat=True)[0])
    time_machine.move_to("2027-11-19 08:00+08:00", tick=False)
    assert delivery.tidy().startswith("0 sent and 0 read")
    time_machine.move_to("2027-11-21 08:00+08:00", tick=False)
    assert delivery.tidy().startswith("1 sent and 1 read")
    assert (Outbox.objects.count(), Message.objects.count()) == (1, 1)
