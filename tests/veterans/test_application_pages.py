"""The screens of an application: what was typed stays, nothing is lost, nothing happens twice."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.cases.models import Case
from portal.files.models import StoredFile
from portal.people.models import User
from tests.factories.people import IDENTITY_NUMBERS, PASSWORD, make_person, make_user
from tests.factories.standards import HOUSING_2026, WIDOW, published
from tests.factories.support import CARD, make_draft, make_journey
from tests.factories.uploads import pdf_bytes, photo_bytes
from veterans.applications import services
from veterans.models import Application

pytestmark = [pytest.mark.django_db(transaction=True)]
ABOUT = {
    "for_whom": "self",
    "relation": "",
    "name": "秦月兰",
    "identity_number": IDENTITY_NUMBERS[1],
    "phone": "13900000007",
}


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def family() -> User:
    published()
    return make_user("military_family", person=make_person("秦月兰"))


@pytest.fixture
def client(family: User) -> Client:
    client = Client()
    client.force_login(family)
    return client


@pytest.fixture
def draft(client: Client, family: User) -> Application:
    response = client.post(reverse("support_start", args=["housing"]))
    assert response.status_code == 302
    return Application.objects.select_related("case").get()


def part(draft: Application, code: str) -> str:
    return reverse("support_part", args=[draft.pk, code])


# ---- Bad input


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("identity_number", "140000197208010026", "校验"),
        ("identity_number", "140000720801002", "15"),
        ("identity_number", "140000209901010010", "日期"),
        ("identity_number", "", "身份证号"),
        ("phone", "1390000", "11"),
        ("name", "", "姓名"),
        ("for_whom", "", "必填"),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(
    client: Client, draft: Application, field: str, typed: str, words: str
) -> None:
    response = client.post(part(draft, "about"), {**ABOUT, field: typed})
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert set(errors) == {field}
    page = response.content.decode()
    assert words in str(errors[field]) or words in page
    for name, value in ABOUT.items():
        if name not in (field, "relation", "for_whom"):
            assert value in page, name
    draft.refresh_from_db()
    assert draft.name == ""


def test_full_width_digits_spaces_and_a_small_x_are_accepted(
    client: Client, draft: Application
) -> None:
    full_width = IDENTITY_NUMBERS[1].translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    typed = {**ABOUT, "identity_number": full_width, "phone": "１３９ ００００-０００７"}
    assert client.post(part(draft, "about"), typed).status_code == 302
    draft.refresh_from_db()
    assert (draft.identity_number, draft.phone) == (IDENTITY_NUMBERS[1], "13900000007")


def test_a_family_member_says_what_he_is_to_the_person(client: Client, draft: Application) -> None:
    response = client.post(part(draft, "about"), {**ABOUT, "for_whom": "family"})
    assert set(response.context["form"].errors) == {"relation"}
    typed = {**ABOUT, "for_whom": "family", "relation": "child"}
    assert client.post(part(draft, "about"), typed).status_code == 302


def test_a_bad_photo_is_refused_and_the_others_stay(client: Client, draft: Application) -> None:
    client.post(part(draft, "about"), ABOUT)
    draft.given_answers = WIDOW
    draft.save()
    address = part(draft, "materials")
    good = SimpleUploadedFile("好.jpg", photo_bytes(), "image/jpeg")
    wanted = client.get(address).context["rows"][0]["material"].code
    assert client.post(address, {"material": wanted, "photos": good}).status_code == 302
    before = StoredFile.objects.count()
    encrypted = pdf_bytes(encryption=pikepdf.Encryption(owner="a", user="b"))
    bad = SimpleUploadedFile("坏.pdf", encrypted, "application/pdf")
    response = client.post(address, {"material": wanted, "photos": bad})
    assert response.status_code == 422
    assert response.context["form"].errors["photos"]
    assert StoredFile.objects.count() == before == 1


def test_an_unfinished_application_names_what_is_missing(
    client: Client, draft: Application
) -> None:
    client.post(part(draft, "about"), ABOUT)
    response = client.post(reverse("support_hand_in", args=[draft.pk]), {"key": uuid.uuid4()})
    assert response.status_code == 422
    assert "请先完成" in response.content.decode()
    assert Case.objects.get().is_draft


# ---- Once and not twice


def test_a_double_click_hands_in_once_and_shows_the_code_once(family: User) -> None:
    draft = make_draft(family)
    client = Client()
    client.force_login(family)
    address = reverse("support_hand_in", args=[draft.pk])
    key = str(uuid.uuid4())
    first = client.post(address, {"key": key})
    again = client.post(address, {"key": key})
    assert first.status_code == 200
    assert "no-store" in first["Cache-Control"]
    assert again.status_code == 302
    assert Case.objects.get().events.count() == 1


def test_starting_twice_leads_to_the_same_draft(client: Client, draft: Application) -> None:
    again = client.post(reverse("support_start", args=["housing"]))
    assert again["Location"] == reverse("support_application", args=[draft.pk])
    assert Application.objects.count() == 1


def test_the_same_person_has_one_application_a_year() -> None:
    journey = make_journey()
    journey.to("submitted")
    other = make_user("military_family", person=make_person("杜文渊"))
    twin = make_draft(other)
    services.save_about(
        twin.pk,
        other,
        {
            **ABOUT,
            "for_whom": "family",
            "relation": "child",
            "identity_number": journey.application.identity_number,
        },
    )
    client = Client()
    client.force_login(other)
    response = client.post(reverse("support_hand_in", args=[twin.pk]), {"key": uuid.uuid4()})
    assert response.status_code == 422
    assert "正在办理中" in response.content.decode()
    assert journey.case.number not in response.content.decode(), "a stranger to that case"


# ---- Whose it is


def test_strangers_find_nothing_and_visitors_are_asked_to_sign_in(draft: Application) -> None:
    addresses = [
        reverse("support_application", args=[draft.pk]),
        reverse("support_check", args=[draft.pk]),
        *(part(draft, code) for code in ("about", "questions", "bank", "materials", "consent")),
    ]
    visitor, stranger = Client(), Client()
    stranger.force_login(make_user("employee"))
    officer = Client()
    officer.force_login(make_user("veterans_officer"))
    for address in addresses:
        assert visitor.get(address).status_code == 302, address
        assert stranger.get(address).status_code == 404, address
        assert officer.get(address).status_code == 404, "a draft is nobody else's business"


def test_what_was_typed_survives_an_expired_session(
    client: Client, draft: Application, family: User
) -> None:
    client.logout()
    response = client.post(part(draft, "about"), ABOUT)
    assert response.status_code == 409
    sign_in = response.context["sign_in_url"]
    client.post(sign_in, {"login": family.username, "password": PASSWORD})
    assert "秦月兰" in client.get(reverse("typed_text")).content.decode()


def test_after_the_hand_in_nothing_can_be_changed(family: User) -> None:
    draft = make_draft(family)
    services.hand_in(draft, family)
    client = Client()
    client.force_login(family)
    response = client.post(part(draft, "bank"), {"bank_name": "别的银行", "bank_card": CARD})
    assert response.status_code == 409
    draft.refresh_from_db()
    assert draft.bank_name != "别的银行"


def test_only_what_is_on_the_list_can_be_corrected() -> None:
    journey = make_journey()
    journey.to("correcting")
    client = Client()
    client.force_login(journey.applicant)
    assert client.post(part(journey.application, "about"), ABOUT).status_code == 409
    bank = {"bank_name": "岚川储蓄银行总行", "bank_card": CARD}
    assert client.post(part(journey.application, "bank"), bank).status_code == 302
    client.post(reverse("support_hand_in", args=[journey.application.pk]))
    assert journey.case.state == "submitted"


def test_a_standard_published_today_changes_nothing_for_yesterday(time_machine: Any) -> None:
    journey = make_journey()
    journey.to("submitted")
    journey.application.refresh_from_db()
    version, sum_of_it = journey.application.version, journey.application.standard_sha256
    time_machine.move_to("2026-12-31 09:00+08:00")
    published(HOUSING_2026, effective_from=datetime.date(2027, 1, 1))
    time_machine.move_to("2027-01-04 09:00+08:00")
    journey.step("accept", journey.office.station)
    journey.step("review", journey.office.reviewer, opinion="supported")
    journey.application.refresh_from_db()
    assert journey.application.version == version
    assert journey.application.standard_sha256 == sum_of_it


def test_the_list_of_parts_costs_the_same_with_many_photos(client: Client, family: User) -> None:
    draft = make_draft(family)
    address = reverse("support_application", args=[draft.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    material = draft.case.documents.first()
    assert material is not None
    for _number in range(6):
        photo = SimpleUploadedFile("又一张.jpg", photo_bytes(), "image/jpeg")
        client.post(part(draft, "materials"), {"material": material.material, "photos": photo})
    client.get(address)  # What waits is counted anew after something was done.
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_nothing_personal_stands_in_an_address(client: Client, draft: Application) -> None:
    client.post(part(draft, "about"), ABOUT)
    page = client.get(reverse("support_application", args=[draft.pk])).content.decode()
    assert IDENTITY_NUMBERS[1] not in page
