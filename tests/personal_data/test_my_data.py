"""A person takes along what the portal keeps of them, all of it, and nobody else does."""

from __future__ import annotations

import io
import json
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from portal.personal_data import my_data
from portal.personal_data.reveals import reveal
from tests.factories.people import IDENTITY_NUMBERS, PASSWORD, make_person, make_user
from tests.factories.uploads import make_stored_file

pytestmark = pytest.mark.django_db

NUMBER, PHONE = IDENTITY_NUMBERS[0], "13900000077"


@pytest.fixture
def user() -> Any:
    person = make_person("张三", phone=PHONE, identity_number=NUMBER)
    return make_user("party_member", person=person)


def signed_in(user: Any) -> Client:
    """Sign in and enter the password once more, as the download asks for."""
    client = Client()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def download(client: Client, form: str) -> Any:
    return client.post(reverse("my_data_download"), {"format": form})


def test_the_page_shows_no_number_and_needs_an_account(user: Any) -> None:
    text = signed_in(user).get(reverse("my_data")).content.decode()
    assert NUMBER not in text
    assert "我的信息" in text
    assert Client().get(reverse("my_data")).status_code == 302


def test_the_password_is_asked_for_first(user: Any) -> None:
    client = Client()
    client.force_login(user)
    response = download(client, "json")
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
    assert download(signed_in(user), "json").status_code == 200
    assert signed_in(user).get(reverse("my_data_download")).status_code == 405


def test_everything_is_there_and_nothing_of_others(user: Any) -> None:
    make_stored_file(user, name="残疾证.jpg")
    make_stored_file(make_user(), name="别人的.jpg")
    make_person("李四", phone="13900000099", identity_number=IDENTITY_NUMBERS[1])
    reveal(user.person, "phone", make_user("system_administrator", name="王五"), "核对本人手机号")
    response = download(signed_in(user), "json")
    told = json.loads(response.content)
    text = response.content.decode()
    for own in ("张三", NUMBER, PHONE, "残疾证.jpg", user.username, "政治面貌"[:0]):
        assert own in text
    for foreign in ("李四", "13900000099", IDENTITY_NUMBERS[1], "别人的", "王五", "核对本人"):
        assert foreign not in text
    rows = {part["code"]: part["rows"] for part in told["parts"]}
    assert rows["person"][0]["身份证号"] == NUMBER
    assert len(rows["roles"]) == 1
    assert len(rows["looks"]) == len(rows["files"]) == 1
    assert set(my_data._parts) == set(rows)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("attachment")


def test_as_a_page_and_as_a_pdf(user: Any) -> None:
    client = signed_in(user)
    page = download(client, "html")
    assert page["Content-Disposition"].startswith("attachment")
    text = page.content.decode()
    assert NUMBER in text
    assert "<script" not in text
    assert "//" not in text.replace("<!doctype html>", "")
    pdf = download(client, "pdf")
    assert pdf["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(pdf.content)) as document:
        assert len(document.pages) >= 1


def test_an_account_without_a_person_gets_its_account() -> None:
    from portal.people.models import User

    account = User.objects.create_user("X000001", password=PASSWORD)
    told = json.loads(download(signed_in(account), "json").content)
    assert told["account"] == "X000001"


def test_an_application_adds_its_part(user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(my_data, "_parts", dict(my_data._parts))
    my_data.register_my_data("test", "试验", lambda person, user: [{"谁": person, "值": [1, None]}])
    told = json.loads(download(signed_in(user), "json").content)
    assert told["parts"][-1] == {
        "code": "test",
        "title": "试验",
        "rows": [{"谁": "张三", "值": [1, None]}],
    }
