"""Opinions without a name, from the form to the rating, and what they leave behind."""

from __future__ import annotations

import datetime
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal import anonymous_requests
from portal.archives.inspection.services import inspect
from portal.archives.models import Record
from portal.archives.renders import work_all as make_files
from portal.cases.models import Case, CaseEvent
from portal.files import services as files
from portal.files.models import StoredFile
from tests.factories.opinions import REPLY, category, make_box
from tests.factories.organizations import company
from tests.factories.people import make_user
from tests.factories.unsigned import (
    form_values,
    go_on,
    look,
    post,
    receipt_of,
    released,
    send,
    solved,
)
from tests.factories.uploads import pdf_bytes, photo_bytes
from union.anonymity import receipts, urn
from union.models import (
    FeedbackBoxPage,
    Opinion,
    OpinionMessage,
    QuarantinedItem,
    SpentChallenge,
    WaitingItem,
)
from union.opinions import naming, quarantine, release, sender_views, unsigned

pytestmark = [pytest.mark.django_db]
SECRET = "独一无二的秘密文字甲乙丙丁"


@pytest.fixture(autouse=True)
def quiet_world(db: None, time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.OPINION_PER_COMPUTER = 100
    time_machine.move_to("2026-11-23 10:31:17+08:00")
    company()


@pytest.fixture
def box() -> FeedbackBoxPage:
    return make_box()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything any logger writes, at the finest level."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def staff_step(opinion: Opinion, *codes: str) -> Case:
    """Let the office take the usual steps."""
    from portal.cases import services as cases

    clerk, reviewer = make_user("union_staff"), make_user("union_staff")
    steps: dict[str, tuple[Any, dict[str, str]]] = {
        "accept": (clerk, {}),
        "reply_self": (clerk, {"reply": REPLY}),
        "review_reply": (reviewer, {}),
    }
    for code in codes:
        user, values = steps[code]
        cases.apply(opinion.pk, code, user, values)
    return Case.objects.get(pk=opinion.pk)


def answered() -> tuple[str, Opinion]:
    receipt = send()
    opinion = released(receipt)
    staff_step(opinion, "accept", "reply_self", "review_reply")
    return receipt, opinion


# ---- Sending


def test_the_answer_shows_the_receipt_once_and_is_kept_nowhere(
    client: Client, box: FeedbackBoxPage
) -> None:
    response = post(client, box, **form_values(text=SECRET))
    receipt = receipt_of(response)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    row = WaitingItem.objects.get()
    assert bytes(row.mac) == receipts.waiting_mac(receipt)
    assert receipt.encode() not in bytes(row.sealed)
    assert SECRET.encode() not in bytes(row.sealed)
    assert len(row.sealed) % urn.BLOCK < 64  # whole blocks, nonce and tag
    assert not Case.objects.exists()


def test_leaving_the_receipt_asks_for_its_end(client: Client) -> None:
    receipt = send(client)
    address = reverse("opinion_receipt")
    unkept = client.post(address, {"receipt": receipt, "tail": receipt[-4:]})
    assert unkept.status_code == 422
    assert receipt_of(unkept) == receipt
    wrong = client.post(address, {"receipt": receipt, "kept": "yes", "tail": "0000"})
    assert wrong.status_code == 422
    tail = receipt[-4:].lower()
    left = client.post(address, {"receipt": receipt, "kept": "yes", "tail": tail})
    assert left.status_code == 200
    assert receipt not in left.content.decode()
    assert receipts.grouped(receipt) not in left.content.decode()


def test_a_solved_challenge_is_good_for_one_opinion(client: Client, box: FeedbackBoxPage) -> None:
    values = form_values()
    assert post(client, box, **values).status_code == 200
    again = post(client, box, **{**values, "text": "另一条完全不同的意见，字数足够。"})
    assert again.status_code == 409
    assert "另一条完全不同的意见" in again.content.decode()
    assert WaitingItem.objects.count() == 1
    assert values["challenge"] not in again.content.decode()  # there is a new one


def test_the_same_text_does_not_wait_twice(client: Client, box: FeedbackBoxPage) -> None:
    values = form_values(text="同样的文字，同样的意见箱，只算一次。")
    post(client, box, **values)
    again = post(client, box, **{**values, **solved()})
    assert again.status_code == 409
    assert WaitingItem.objects.count() == 1
    assert SpentChallenge.objects.count() == 1  # what was refused used nothing up


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请写明要反映的内容"),
        (" \n　", "请写明要反映的内容"),
        ("\u200b\u200d\u2060\ufeff" * 9, "请写明要反映的内容"),
        ("太短了", "请至少写10个字"),
        ("长" * 50_000, "有50,000个字"),
    ],
)
def test_bad_text_gets_a_sentence_and_is_still_there(
    client: Client, box: FeedbackBoxPage, text: str, words: str
) -> None:
    response = post(client, box, **solved(category=category().pk, text=text))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert text.strip() in page
    assert not WaitingItem.objects.exists()


def test_emoji_arrive_and_what_nobody_sees_does_not(client: Client, box: FeedbackBoxPage) -> None:
    text = "食堂的饭菜👨‍👩‍👧越来越好了❤️，谢谢师傅们！\u200b\u202e\x00"
    opinion = released(send(client, box, **form_values(text=text)))
    assert opinion.text == "食堂的饭菜👨‍👩‍👧越来越好了❤️，谢谢师傅们！"


def test_ten_pictures_of_which_one_is_none(client: Client, box: FeedbackBoxPage) -> None:
    uploads = [SimpleUploadedFile(f"照片{n}.jpg", photo_bytes(), "image/jpeg") for n in range(9)]
    uploads.insert(4, SimpleUploadedFile("假照片.jpg", b"not a picture at all", "image/jpeg"))
    response = post(client, box, **form_values(text=SECRET), pictures=uploads)
    page = response.content.decode()
    assert response.status_code == 422
    assert "假照片.jpg" in page
    assert "照片3.jpg" not in page
    assert SECRET in page
    assert "请重新选择" in page
    assert not StoredFile.objects.exists()


def test_other_files_than_pictures_are_refused(client: Client, box: FeedbackBoxPage) -> None:
    paper = SimpleUploadedFile("说明.pdf", pdf_bytes(), "application/pdf")
    response = post(client, box, **form_values(), pictures=[paper])
    assert response.status_code == 422
    assert "不是图片" in response.content.decode()


def test_pictures_say_nothing_but_what_can_be_seen(client: Client, box: FeedbackBoxPage) -> None:
    image = Image.new("RGB", (640, 480), "red")
    exif = image.getexif()
    exif[0x010F], exif[0x0132] = "Nokia 张三的手机", "2026:11:22 08:00:00"
    body = io.BytesIO()
    image.save(body, "JPEG", exif=exif)
    upload = SimpleUploadedFile("张三拍的.jpg", body.getvalue(), "image/jpeg")
    opinion = released(send(client, box, **form_values(), pictures=[upload]))
    stored = StoredFile.objects.get(owner_id=str(opinion.pk))
    kept = b"".join(files.read(stored))
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert stored.original_name == "1.jpg"
    assert stored.uploaded_by is None
    assert stored.received_sha256 == stored.sha256  # not that of the photo on the phone
    assert opinion.case.documents.get().title == "图片1"


def test_a_wrong_answer_keeps_what_was_typed(client: Client, box: FeedbackBoxPage) -> None:
    values = {**form_values(text=SECRET), "answer": "9999"}
    response = post(client, box, **values)
    assert response.status_code == 422
    assert "答案不对" in response.content.decode()
    assert SECRET in response.content.decode()
    assert values["challenge"] in response.content.decode()  # the same question, once more


def test_a_question_that_is_too_old_is_replaced(
    client: Client, box: FeedbackBoxPage, time_machine: Any
) -> None:
    values = form_values(text=SECRET)
    time_machine.move_to("2026-11-23 10:45+08:00")
    response = post(client, box, **values)
    assert response.status_code == 422
    assert "已过期" in response.content.decode()
    assert SECRET in response.content.decode()
    assert values["challenge"] not in response.content.decode()


# ---- Nobody is known


def test_account_address_and_browser_go_no_further_than_the_door(
    box: FeedbackBoxPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def look_around(request: Any, *arguments: Any, **keywords: Any) -> Any:
        seen.append((request.user.pk, request.session.session_key, request.COOKIES, request.META))
        return original(request, *arguments, **keywords)

    original = sender_views._form_page
    monkeypatch.setattr(sender_views, "_form_page", look_around)
    signed_in = Client(
        HTTP_USER_AGENT="Firefox of Zhang San",
        HTTP_X_FORWARDED_FOR="10.1.2.3",
        HTTP_REFERER="http://testserver/account/me/",
        HTTP_AUTHORIZATION="Basic abc",
        REMOTE_ADDR="10.9.8.7",
    )
    user = make_user()
    signed_in.force_login(user)
    signed_in.cookies["display_text"] = "large"
    before = dict(Session.objects.values_list("pk", "session_data"))
    page = signed_in.get(reverse("opinion_anonymous", args=[box.pk]))
    (pk, key, cookies, meta) = seen.pop()
    assert (pk, key) == (None, None)
    assert cookies == {"display_text": "large"}
    told = " ".join(str(value) for value in meta.values())
    assert not any(word in told for word in ("Zhang", "10.1.2.3", "10.9.8.7", "/account/", "abc"))
    assert str(user) not in page.content.decode()
    assert dict(Session.objects.values_list("pk", "session_data")) == before


def test_no_question_to_the_database_is_about_sessions_or_accounts(
    box: FeedbackBoxPage, django_assert_max_num_queries: Any
) -> None:
    signed_in = Client()
    signed_in.force_login(make_user())
    with django_assert_max_num_queries(40) as asked:
        post(signed_in, box, **form_values())
    touched = " ".join(query["sql"] for query in asked.captured_queries)
    assert "sessions" not in touched
    assert "people_" not in touched
    assert "usersession" not in touched


def test_every_anonymous_view_is_marked() -> None:
    from union.opinions import urls

    for row in urls.urlpatterns:
        if str(row.pattern).startswith("anonymous/"):
            view: Any = row.callback
            assert view.is_anonymous_view, row.name
            assert view.login_required is False
            assert view.csrf_exempt is True


def test_no_line_of_a_log_is_written(
    client: Client, box: FeedbackBoxPage, logged: io.StringIO
) -> None:
    receipt = send(client, box)
    look(client, receipt)
    look(client, "0000")
    post(client, box, text="x")
    client.get("/participation/opinions/anonymous/4711/")
    client.get("/participation/opinions/anonymous/nowhere/")
    written = logged.getvalue()
    assert "anonymous" not in written
    assert "django.request" not in written
    assert receipt not in written


def test_a_forced_error_leaves_nothing_of_the_text(
    client: Client, box: FeedbackBoxPage, logged: io.StringIO, monkeypatch: Any, settings: Any
) -> None:
    settings.ADMINS = [("Admin", "admin@example.org")]
    client.raise_request_exception = False
    reports: list[Any] = []
    from django.core.signals import got_request_exception

    got_request_exception.connect(lambda **keywords: reports.append(keywords), weak=False)

    def fail(mac: bytes, entry: dict[str, Any]) -> None:
        raise RuntimeError(f"could not store {entry['text']}")

    for debug in (False, True):
        settings.DEBUG = debug
        monkeypatch.setattr(urn, "put", fail)
        response = post(client, box, **form_values(text=SECRET))
        assert response.status_code == 500
        assert SECRET not in response.content.decode()
        assert "RuntimeError" not in response.content.decode()
    from django.core import mail

    assert SECRET not in logged.getvalue()
    assert "RuntimeError" not in logged.getvalue()
    assert not mail.outbox
    assert not reports
    assert not SpentChallenge.objects.exists()  # nothing half-done either
    lines = anonymous_requests.take_failures()
    assert len(lines) == 1
    assert "2 × RuntimeError" in lines[0]
    assert SECRET not in lines[0]


def test_errors_are_logged_an_hour_later_by_their_kind(
    client: Client, box: FeedbackBoxPage, logged: io.StringIO, monkeypatch: Any
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr(unsigned, "send", lambda *_arguments: 1 / 0)
    post(client, box, **form_values(text=SECRET))
    client.get("/language/")
    assert "ZeroDivisionError" not in logged.getvalue()
    monkeypatch.setattr(anonymous_requests, "_failed_at", anonymous_requests._failed_at - 3601)
    client.get("/language/")
    assert "1 × ZeroDivisionError" in logged.getvalue()
    assert SECRET not in logged.getvalue()


# ---- Rates


def test_one_computer_sends_only_a_few_an_hour(
    box: FeedbackBoxPage, settings: Any, time_machine: Any
) -> None:
    settings.OPINION_PER_COMPUTER = 2
    one, other = Client(REMOTE_ADDR="10.0.0.1"), Client(REMOTE_ADDR="10.0.0.2")
    send(one, box)
    send(one, box)
    refused = post(one, box, **form_values(text=SECRET))
    assert refused.status_code == 422
    assert SECRET in refused.content.decode()
    send(other, box)
    time_machine.move_to("2026-11-23 11:40+08:00")
    send(one, box)


def test_the_name_of_a_computer_is_another_every_hour(time_machine: Any) -> None:
    first = anonymous_requests._bucket_of("10.0.0.1")
    assert anonymous_requests._bucket_of("10.0.0.1") == first
    assert anonymous_requests._bucket_of("10.0.0.2") != first
    time_machine.move_to("2026-11-23 11:40+08:00")
    assert anonymous_requests._bucket_of("10.0.0.1") != first


def test_a_flood_is_looked_at_first_and_not_refused(
    client: Client, box: FeedbackBoxPage, settings: Any
) -> None:
    settings.OPINION_PER_HOUR = 1
    send(client, box)
    receipt = send(client, box, **form_values(text=SECRET))
    release.release()
    assert Opinion.objects.count() == 1
    row = QuarantinedItem.objects.get()
    assert "正在等待送达" in look(client, receipt).content.decode()
    quarantine.let_in(row.pk)
    assert Opinion.objects.get(receipt_mac=receipts.opinion_mac(receipt)).text == SECRET
    assert not QuarantinedItem.objects.exists()


# ---- Release


def test_what_waits_is_an_opinion_after_its_release(client: Client) -> None:
    receipt = send(client)
    assert "正在等待送达" in look(client, receipt).content.decode()
    opinion = released(receipt)
    case = opinion.case
    assert (case.state, case.applicant, case.beneficiary) == ("received", None, None)
    assert case.number.startswith("YX-2026-")
    event = CaseEvent.objects.get(case=case)
    assert (event.actor, event.party) == (None, "sender")
    assert timezone.localtime(event.at).time() == datetime.time(0)
    assert opinion.received_on == timezone.localdate()
    assert not WaitingItem.objects.exists()


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        ("2026-11-23 08:59:59+08:00", "2026-11-22T15"),
        ("2026-11-23 09:00:00+08:00", "2026-11-23T09"),
        ("2026-11-23 14:59:00+08:00", "2026-11-23T09"),
        ("2026-11-23 23:59:00+08:00", "2026-11-23T15"),
    ],
)
def test_set_hours(moment: str, slot: str) -> None:
    assert release.latest_slot(datetime.datetime.fromisoformat(moment)) == slot


def test_the_worker_releases_at_set_hours_once(client: Client, time_machine: Any) -> None:
    release.release_due()
    send(client)
    assert release.release_due() is None
    time_machine.move_to("2026-11-23 15:00:30+08:00")
    done = release.release_due()
    assert done is not None
    assert done.count == 1
    send(client)
    assert release.release_due() is None


def test_three_that_wait_are_released_before(client: Client) -> None:
    release.release_due()
    for _number in range(2):
        send(client)
        assert release.release_due() is None
    send(client)
    done = release.release_due()
    assert done is not None
    assert done.count == 3


def test_a_danger_goes_at_once_and_alone(client: Client, box: FeedbackBoxPage) -> None:
    send(client, box)
    receipt = send(client, box, **form_values("hazard"))
    assert Opinion.objects.get().receipt_mac is not None
    assert bytes(Opinion.objects.get().receipt_mac or b"") == receipts.opinion_mac(receipt)
    assert WaitingItem.objects.count() == 1


def test_integrity_reports_run_through_a_flow_of_their_own(
    client: Client, box: FeedbackBoxPage
) -> None:
    opinion = released(send(client, box, **form_values("integrity")))
    assert opinion.case.flow == "union-opinion-integrity"
    union, discipline = make_user("union_staff"), make_user("discipline_auditor")
    assert not Case.objects.visible_to(union).filter(pk=opinion.pk).exists()
    assert Case.objects.visible_to(discipline).filter(pk=opinion.pk).exists()


def test_what_fails_goes_back_and_takes_nothing_with_it(
    client: Client, box: FeedbackBoxPage, monkeypatch: Any, logged: io.StringIO
) -> None:
    send(client, box, **form_values(text=SECRET))
    send(client, box)
    original = release.admit

    def fail(entry: dict[str, Any]) -> Any:
        if entry["text"] == SECRET:
            raise RuntimeError(SECRET)
        return original(entry)

    monkeypatch.setattr(release, "admit", fail)
    done = release.release()
    assert (done.count, done.failures) == (1, ("RuntimeError",))
    assert WaitingItem.objects.count() == 1
    assert SECRET not in logged.getvalue()
    monkeypatch.setattr(release, "admit", original)
    assert release.release().count == 1


# ---- The dialogue


@pytest.mark.parametrize("typed", ["lower", "wide", "blanks"])
def test_the_receipt_opens_however_it_is_typed(client: Client, typed: str) -> None:
    receipt = send(client)
    released(receipt)
    shown = receipts.grouped(receipt)
    wide = shown.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    forms = {"lower": shown.lower(), "wide": wide, "blanks": shown.replace("-", " ")}
    page = look(client, forms[typed])
    assert page.status_code == 200
    assert "您写的内容" in page.content.decode()


def test_every_failure_gets_the_same_words_after_the_same_questions(
    client: Client, django_assert_num_queries: Any
) -> None:
    released(send(client))
    pages, lengths = [], set()
    for typed in ("", "x", receipts.new_receipt(), "é" * 300, receipts.new_receipt() + "00"):
        with django_assert_num_queries(3):
            page = look(client, typed)
        assert page.status_code == 422
        words = page.content.decode().replace(typed, "") if typed else page.content.decode()
        pages.append("没有与这个查询码对应的意见" in words)
        lengths.add(len(words) // 400)
    assert all(pages)
    assert len(lengths) <= 2
    assert client.get(reverse("opinion_follow_up")).status_code == 405
    assert client.get(reverse("opinion_receipt")).status_code == 405


def test_messages_go_both_ways_and_the_sender_has_only_days(client: Client) -> None:
    from union.opinions.dialogue import write_as_staff

    receipt = send(client)
    opinion = released(receipt)
    clerk = make_user("union_staff")
    write_as_staff(opinion.pk, clerk, "请问是哪一个食堂？")
    assert "请问是哪一个食堂？" in look(client, receipt).content.decode()
    assert str(clerk) not in look(client, receipt).content.decode()
    sent = go_on(client, receipt, "message", body="是二食堂。")
    assert sent.status_code == 200
    assert "正在等待送达" in sent.content.decode()
    assert OpinionMessage.objects.count() == 1  # it waits like everything else
    release.release()
    last = OpinionMessage.objects.latest("pk")
    assert (last.body, last.staff_user, last.day) == ("是二食堂。", None, timezone.localdate())
    assert not {field.name for field in OpinionMessage._meta.fields} & {"at", "created_at", "time"}


def test_messages_of_one_sender_keep_their_order(client: Client) -> None:
    receipt = send(client)
    opinion = released(receipt)
    others = [send(client) for _number in range(4)]
    for number in range(4):
        go_on(client, receipt, "message", body=f"第{number}句")
    release.release()
    assert [row.body for row in opinion.messages.all()] == [f"第{number}句" for number in range(4)]
    assert len(others) == 4


def test_a_message_with_the_receipt_is_refused(client: Client) -> None:
    receipt = send(client)
    released(receipt)
    body = f"我的码是 {receipts.grouped(receipt).lower()}"
    response = go_on(client, receipt, "message", body=body)
    assert response.status_code == 422
    assert "请删去" in response.content.decode()
    assert not WaitingItem.objects.exists()


def test_neither_rating_nor_reopening_gives_the_receipt_away(client: Client) -> None:
    receipt, _opinion = answered()
    for kind, field in (("rate", "words"), ("reopen", "reason")):
        response = go_on(client, receipt, kind, level="4", **{field: f"码 {receipt} 请回"})
        assert response.status_code == 422
    assert not WaitingItem.objects.exists()


def test_a_danger_does_not_wait_behind_a_flood(
    client: Client, box: FeedbackBoxPage, settings: Any
) -> None:
    settings.OPINION_PER_HOUR = 0
    send(client, box, **form_values("hazard"))
    assert Opinion.objects.count() == 1


def test_the_same_message_twice_waits_once(client: Client) -> None:
    receipt = send(client)
    released(receipt)
    go_on(client, receipt, "message", body="请问有进展吗？")
    again = go_on(client, receipt, "message", body="请问有进展吗？")
    assert again.status_code == 409
    assert WaitingItem.objects.count() == 1


def test_the_sender_rates_by_receipt(client: Client) -> None:
    receipt, opinion = answered()
    page = look(client, receipt).content.decode()
    assert REPLY in page
    assert go_on(client, receipt, "rate").status_code == 422
    assert go_on(client, receipt, "rate", level="4", words="改得好").status_code == 200
    assert Case.objects.get(pk=opinion.pk).state == "answered"
    release.release()
    case = Case.objects.get(pk=opinion.pk)
    assert case.state == "closed"
    assert (case.rating.level, case.rating.words) == (4, "改得好")
    for moment in (case.rating.given_at, case.closed_at):
        assert timezone.localtime(moment).time() == datetime.time(0)


@pytest.mark.django_db(transaction=True)
def test_the_closed_file_of_an_unknown_sender_passes_the_checks_of_the_archive(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    """It knows the day of what the sender did and nobody who did it; that is no fault of it."""
    settings.ARCHIVE_ROOT, settings.PRIVATE_FILES_ROOT = tmp_path / "archive", tmp_path / "private"
    receipt, _opinion = answered()
    go_on(client, receipt, "rate", level="4", words="改得好")
    release.release()
    make_files()
    found = inspect(Record.objects.get(source_kind="case"))
    assert found.passed, found.failed_codes


def test_the_sender_reopens_once(client: Client) -> None:
    receipt, opinion = answered()
    go_on(client, receipt, "reopen", reason="窗口还是十一点就关了。")
    release.release()
    opinion.refresh_from_db()
    case = Case.objects.get(pk=opinion.pk)
    assert (case.state, opinion.level) == ("accepted", 1)
    refused = go_on(client, receipt, "reopen", reason="再来一次。")
    assert refused.status_code == 409


def test_what_came_too_late_is_kept_as_a_message(client: Client) -> None:
    receipt, opinion = answered()
    go_on(client, receipt, "reopen", reason="其实没有解决。")
    go_on(client, receipt, "rate", level="2", words="不太满意")
    release.release()
    assert Case.objects.get(pk=opinion.pk).state in ("accepted", "closed")
    bodies = [message.body for message in opinion.messages.all()]
    assert "不太满意" in bodies or "其实没有解决。" in bodies


def test_only_so_much_of_one_sender_waits(client: Client) -> None:
    receipt = send(client)
    released(receipt)
    for number in range(unsigned.MOST_WAITING):
        assert go_on(client, receipt, "message", body=f"第{number}句").status_code == 200
    last = go_on(client, receipt, "message", body="还有一句没有说完")
    assert last.status_code == 422
    assert "还有一句没有说完" in last.content.decode()
    assert WaitingItem.objects.count() == unsigned.MOST_WAITING


def test_a_receipt_ends_a_year_after_its_matter(client: Client, time_machine: Any) -> None:
    receipt, opinion = answered()
    go_on(client, receipt, "rate", level="4")
    release.release()
    time_machine.move_to("2027-11-20 09:00+08:00")
    naming.forget_receipts()
    assert look(client, receipt).status_code == 200
    time_machine.move_to("2027-11-25 09:00+08:00")
    naming.forget_receipts()
    assert look(client, receipt).status_code == 422
    opinion.refresh_from_db()
    assert opinion.receipt_mac is None
