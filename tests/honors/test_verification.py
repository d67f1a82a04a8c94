"""Verification: what a code opens, what it does not tell, and how often one may guess."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from honors.certificates.verification import typed_code
from honors.models import AwardState
from tests.factories.honors import DECIDED, HonorOffice, make_award, post_title

FORM = "/honor-roll/verify/"


def test_a_code_is_understood_however_it_is_typed() -> None:
    assert typed_code("ＡＢＣ２ - 3ｄ 4") == "abc23d4"
    assert typed_code("x" * 500) == "x" * 200


@pytest.mark.parametrize("state", AwardState.values)
def test_each_state_is_said_in_words(db: None, state: str) -> None:
    document: dict[str, Any] = {} if state == "valid" else {
        "state_number": "测党发〔2026〕29号", "state_reason": "弄虚作假", "state_on": DECIDED,
    }  # fmt: skip
    award = make_award(post_title(), "瓦检一岗", position="通风队", state=state, **document)
    page = Client().get(award.get_absolute_url()).content.decode()
    words = {"valid": "证书真实有效", "suspended": "该证书已暂停", "revoked": "该证书已撤销"}
    assert words[state] in page
    assert all(other not in page for other in words.values() if other != words[state])
    # What the certificate says, and nothing else.
    assert "瓦检一岗" in page and award.number in page  # type: ignore[operator]
    assert "弄虚作假" not in page and "通风队" not in page
    assert "2026年6月26日" in page


def test_what_waits_is_unknown(db: None) -> None:
    award = make_award(confirmed=False)
    response = Client().get(award.get_absolute_url())
    assert response.status_code == 404
    assert award.subject_name not in response.content.decode()


def test_the_form_leads_to_the_page(db: None) -> None:
    award = make_award()
    code = " ".join(re.findall("....", award.code.upper()))
    response = Client().post(FORM, {"code": code})
    assert response.status_code == 302
    assert response.headers["Location"] == award.get_absolute_url()
    short = Client().post(FORM, {"code": "abc"})
    assert short.status_code == 422
    assert "校验码共24位" in short.content.decode()


def test_who_guesses_is_stopped_and_who_has_a_certificate_is_not(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TRACKING_FAILURES_PER_ADDRESS = 3
    award = make_award()
    visitor = Client()
    for number in range(3):
        assert visitor.get(f"{FORM}{'a' * 23}{number}/").status_code == 404
    stopped = visitor.get(f"{FORM}{'b' * 24}/")
    assert stopped.status_code == 429
    assert "查验次数过多" in stopped.content.decode()
    assert visitor.get(award.get_absolute_url()).status_code == 200


def test_no_browser_or_proxy_keeps_the_answer(db: None) -> None:
    response = Client().get(make_award().get_absolute_url())
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_it_costs_two_queries(db: None) -> None:
    address = make_award().get_absolute_url()
    visitor = Client()
    visitor.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(address).status_code == 200
    assert len(captured) <= 3, [row["sql"] for row in captured.captured_queries]


def test_the_office_hands_out_certificates_and_nobody_else(db: None) -> None:
    office = HonorOffice()
    award = make_award()
    waiting = make_award(confirmed=False)
    for user, status in ((office.auditor, 200), (office.reader, 403)):
        client = Client()
        client.force_login(user)
        assert client.get(f"/honor-roll/awards/{award.pk}/certificate/").status_code == status
    own = make_award(person=office.reader.person, name="田小禾")
    holder = Client()
    holder.force_login(office.reader)
    assert holder.get(f"/honor-roll/awards/{own.pk}/certificate/").status_code == 200
    assert f"/awards/{own.pk}/certificate/" in holder.get("/honor-roll/mine/").content.decode()
    staff = Client()
    staff.force_login(office.staff)
    assert staff.get(f"/honor-roll/awards/{waiting.pk}/certificate/").status_code == 404
    # Only titles with a plate on site have one.
    assert staff.get(f"/honor-roll/awards/{award.pk}/plate/").status_code == 404
    post = make_award(post_title(), "瓦检一岗")
    answer = staff.get(f"/honor-roll/awards/{post.pk}/plate/")
    assert answer.headers["Content-Type"] == "application/pdf"
