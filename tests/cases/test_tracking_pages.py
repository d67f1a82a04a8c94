"""Tracking without an account: one answer for every failure, one case, a quarter of an hour."""

from __future__ import annotations

import datetime
import re
import threading
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from portal.cases import attempts
from portal.cases.numbers import grouped
from portal.notifications.models import Message
from tests.factories.cases import Matter
from tests.factories.people import IDENTITY_NUMBERS, make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TAIL = IDENTITY_NUMBERS[0][-4:]
NO_CASE = "9" * 16


def shape(response: Any) -> tuple[int, str]:
    """Return what somebody sees of an answer: status, words, without the typed code and tokens."""
    text = re.sub(r'\s*value="[^"]*"', "", response.content.decode())
    return response.status_code, text


def test_the_page_is_open_private_and_keeps_nothing(client: Client) -> None:
    response = client.get("/track/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"
    text = response.content.decode()
    assert 'inputmode="numeric"' in text
    assert text.count('autocomplete="off"') >= 2
    assert "sessionid" not in response.cookies
    assert 'src="/static/portal/js/track.js"' in text


@pytest.mark.parametrize(
    "form",
    [
        lambda code: grouped(code),
        lambda code: code,
        lambda code: " ".join(code),
        lambda code: code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
    ids=["grouped", "plain", "spaced", "full-width"],
)
def test_the_code_is_accepted_as_people_type_it(client: Client, matter: Matter, form: Any) -> None:
    matter.to("submitted")
    tail = TAIL.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    response = client.post("/track/", {"code": form(matter.new_code()), "tail": f" {tail} "})
    assert response.status_code == 302
    assert response["Location"] == "/track/case/"
    cookie = response.cookies["tracking"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/track/"
    assert cookie["max-age"] == 900
    assert client.get("/track/case/").status_code == 200


def test_the_page_is_masked(client: Client, matter: Matter) -> None:
    case = matter.to("submitted")
    code = matter.new_code()
    matter.step("ask", matter.clerk, reason="缺身份证复印件", note="邻居说他搬走了")
    client.post("/track/", {"code": code, "tail": TAIL})
    response = client.get("/track/case/")
    text = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert "欧阳**" in text
    assert case.number in text
    assert "缺身份证复印件" in text
    for secret in (
        "欧阳明远",
        "邻居说他搬走了",
        str(matter.clerk),
        IDENTITY_NUMBERS[0],
        TAIL,
        code,
        str(case.pk),
        "/files/",
    ):
        assert secret not in text, secret
    assert 'href="tel:0350-1234567"' in text


def test_every_failure_looks_the_same(client: Client, matter: Matter) -> None:
    matter.to("submitted")
    code = matter.new_code()
    shapes = {
        shape(client.post("/track/", typed))
        for typed in (
            {"code": code, "tail": "0000"},
            {"code": NO_CASE, "tail": TAIL},
            {"code": code[:-1], "tail": TAIL},
            {"code": "", "tail": ""},
            {"code": "字" * 200, "tail": "x" * 50},
            {},
        )
    }
    assert len(shapes) == 1
    assert next(iter(shapes))[0] == 422


def test_five_failures_lock_a_code_for_half_an_hour_without_saying_so(
    client: Client, matter: Matter, time_machine: Any
) -> None:
    matter.to("submitted")
    code = matter.new_code()
    for _attempt in range(5):
        wrong = client.post("/track/", {"code": code, "tail": "0000"})
    right = client.post("/track/", {"code": code, "tail": TAIL})
    assert shape(right) == shape(wrong)
    # The owner's account and the office are not locked out.
    client.force_login(matter.applicant)
    assert client.get(f"/cases/{matter.pk}/").status_code == 200


def test_a_machine_is_stopped_after_twenty_failures(matter: Matter) -> None:
    matter.to("submitted")
    code = matter.new_code()
    busy, other = Client(REMOTE_ADDR="10.0.0.8"), Client(REMOTE_ADDR="10.0.0.9")
    for number in range(20):
        busy.post("/track/", {"code": f"{number:016d}", "tail": "1234"})
    assert busy.post("/track/", {"code": code, "tail": TAIL}).status_code == 422
    assert other.post("/track/", {"code": code, "tail": TAIL}).status_code == 302


def test_one_machine_cannot_slow_down_the_others(
    matter: Matter, settings: Any, monkeypatch: Any
) -> None:
    settings.TRACKING_FAILURES_PER_ADDRESS, settings.TRACKING_FAILURES_IN_ALL = 5, 10
    slept: list[float] = []
    monkeypatch.setattr(attempts.time, "sleep", slept.append)
    matter.to("submitted")
    code = matter.new_code()
    busy = Client(REMOTE_ADDR="10.0.0.8")
    for number in range(30):
        busy.post("/track/", {"code": f"{number:016d}", "tail": "1234"})
    fresh = Client(REMOTE_ADDR="10.0.2.1")
    assert fresh.post("/track/", {"code": code, "tail": TAIL}).status_code == 302
    assert slept == []
    # Nor does it lock a code any more.
    for _attempt in range(5):
        busy.post("/track/", {"code": code, "tail": "0000"})
    assert fresh.post("/track/", {"code": code, "tail": TAIL}).status_code == 302


def test_many_machines_slow_down_everybody_and_shut_out_nobody(
    matter: Matter, settings: Any, monkeypatch: Any
) -> None:
    settings.TRACKING_FAILURES_IN_ALL, settings.TRACKING_DELAY_SECONDS = 6, 3
    slept: list[float] = []
    monkeypatch.setattr(attempts.time, "sleep", slept.append)
    administrator = make_user("system_administrator")
    matter.to("submitted")
    code = matter.new_code()
    for number in range(9):
        Client(REMOTE_ADDR=f"10.0.1.{number}").post("/track/", {"code": NO_CASE, "tail": "1234"})
    assert slept == [3, 3, 3]
    fresh = Client(REMOTE_ADDR="10.0.2.1")
    assert fresh.post("/track/", {"code": code, "tail": TAIL}).status_code == 302
    assert Message.objects.filter(code=attempts.FLOOD).get().user == administrator


def test_only_a_few_wait_at_once(matter: Matter, settings: Any, monkeypatch: Any) -> None:
    settings.TRACKING_FAILURES_IN_ALL = 0
    monkeypatch.setattr(attempts, "_waiting", threading.BoundedSemaphore(1))
    matter.to("submitted")
    code = matter.new_code()
    answers: list[int] = []

    def meanwhile(_seconds: float) -> None:
        other = Client(REMOTE_ADDR="10.0.2.2")
        answers.append(other.post("/track/", {"code": code, "tail": TAIL}).status_code)

    monkeypatch.setattr(attempts.time, "sleep", meanwhile)
    fresh = Client(REMOTE_ADDR="10.0.2.1")
    assert fresh.post("/track/", {"code": code, "tail": TAIL}).status_code == 302
    assert answers == [422]


def test_the_cookie_ends_with_time_with_leaving_and_with_a_new_code(
    matter: Matter, time_machine: Any
) -> None:
    matter.to("submitted")
    code = matter.new_code()

    def entered() -> Client:
        client = Client()
        assert client.post("/track/", {"code": code, "tail": TAIL}).status_code == 302
        assert client.get("/track/case/").status_code == 200
        return client

    left = entered()
    assert left.get("/track/leave/").status_code == 405
    assert left.post("/track/leave/").status_code == 302
    assert left.get("/track/case/").status_code == 302
    forged = entered()
    forged.cookies["tracking"] = forged.cookies["tracking"].value[:-2] + "xx"
    assert forged.get("/track/case/").status_code == 302
    old = entered()
    stolen = old.cookies["tracking"].value
    time_machine.shift(datetime.timedelta(minutes=16))
    late = Client()
    late.cookies["tracking"] = stolen
    assert late.get("/track/case/").status_code == 302
    replaced = entered()
    matter.new_code()
    assert replaced.get("/track/case/").status_code == 302
    assert Client().get("/track/case/").status_code == 302


def test_the_cookie_opens_no_other_page(client: Client, matter: Matter) -> None:
    matter.to("submitted")
    client.post("/track/", {"code": matter.new_code(), "tail": TAIL})
    assert client.get(f"/cases/{matter.pk}/").status_code == 302
    assert client.get("/cases/mine/").status_code == 302
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_nothing_of_an_attempt_is_logged(
    client: Client, matter: Matter, caplog: pytest.LogCaptureFixture
) -> None:
    matter.to("submitted")
    code = matter.new_code()
    client.post("/track/", {"code": code, "tail": TAIL})
    client.post("/track/", {"code": code, "tail": "0000"})
    client.get("/track/case/")
    assert code not in caplog.text
    assert TAIL not in caplog.text


def test_the_slip_is_shown_in_the_answer_and_made_as_pdf(matter: Matter) -> None:
    matter.to("submitted")
    client = Client()
    client.force_login(matter.applicant)
    assert "作废" in client.get(f"/cases/{matter.pk}/code/").content.decode()
    response = client.post(f"/cases/{matter.pk}/code/")
    text = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"
    code = re.findall(r'name="code" value="(\d{16})"', text)[0]
    assert grouped(code) in text
    assert "<svg" in text
    assert "欧阳**" in text
    assert "欧阳明远" not in text.split("<main")[1]
    assert client.post("/track/", {"code": code, "tail": TAIL}).status_code == 302

    address = f"/cases/{matter.pk}/receipt/"
    pdf = client.post(address, {"code": code, "pdf": "yes"})
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert code not in pdf["Content-Disposition"]
    unsaved = client.post(address, {"code": code})
    assert unsaved.status_code == 422
    assert grouped(code) in unsaved.content.decode()
    done = client.post(address, {"code": code, "saved": "yes"})
    assert done["Location"] == f"/cases/{matter.pk}/"
    assert client.get(address).status_code == 405
    assert client.post(address, {"code": NO_CASE, "pdf": "yes"}).status_code == 404
    stored = dict(client.session.items())
    assert code not in str(stored)
    assert grouped(code) not in client.get(f"/cases/{matter.pk}/").content.decode()


def test_the_qr_code_carries_the_code_in_the_fragment_only(matter: Matter) -> None:
    from django.test import RequestFactory

    from portal.cases.views import receipt

    case = matter.to("submitted")
    code = matter.new_code()
    seen: list[str] = []
    original = receipt._picture
    try:
        receipt._picture = lambda text: seen.append(text) or original(text)  # type: ignore[assignment,func-returns-value]
        receipt._context(RequestFactory().get("/"), case, code)
    finally:
        receipt._picture = original
    assert seen == [f"http://testserver/track/#{code}"]


def test_the_office_makes_no_code(matter: Matter) -> None:
    matter.to("submitted")
    client = Client()
    client.force_login(matter.clerk)
    assert client.post(f"/cases/{matter.pk}/code/").status_code == 404
    assert client.post(f"/cases/{matter.pk}/receipt/", {"code": "1"}).status_code == 404
