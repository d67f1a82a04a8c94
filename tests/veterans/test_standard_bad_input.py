"""What a draft of a standard may not say, what is warned of, and drafts when a standard changes."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.cases.refusals import AlreadyMoved, ConditionNotMet
from portal.people.models import User
from tests.factories.standards import (
    HOUSING_2025,
    HOUSING_2026,
    draft,
    officer,
    published,
    published_item,
    publisher,
)
from tests.factories.support import ANSWERS, make_draft, make_family, make_journey
from veterans.applications import services
from veterans.applications.changed_standard import changed_standard, go_on_with
from veterans.models import Application, EntitlementRow
from veterans.standards.coverage import gap_warnings
from veterans.standards.services import compute, region_offered, regions_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]
DAY = datetime.date


@pytest.fixture(autouse=True)
def monday(time_machine, tmp_path, settings):
    """A Monday without holidays near it, and folders of its own."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    time_machine.move_to("2026-11-23 09:00+08:00")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- Rows that contradict themselves


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"amount": Decimal(-1)}, "amount"),
        ({"cap_case": Decimal(-1)}, "cap_case"),
        ({"cap_year": Decimal("-0.01")}, "cap_year"),
        ({"amount": Decimal(800), "cap_case": Decimal(700)}, "cap_case"),
        ({"amount": Decimal(800), "cap_year": Decimal(700)}, "cap_year"),
        ({"cap_case": Decimal(900), "cap_year": Decimal(800)}, "cap_year"),
        ({"method": "ratio", "ratio": Decimal("1.5"), "base_field": "price"}, "ratio"),
        ({"method": "ratio", "ratio": Decimal("0.5")}, "base_field"),
        ({"method": "tier", "bands": "5000 0.6\n4000 0.7", "base_field": "price"}, "bands"),
        ({"method": "in-kind", "note": ""}, "note"),
        ({"categories": "V77"}, "categories"),
        ({"quantity": 0}, "quantity"),
    ],
)
def test_a_row_of_amounts_that_cannot_be_is_refused_at_its_field(
    fields: dict[str, Any], at: str
) -> None:
    row = EntitlementRow(
        version=draft(),
        **{"label": "甲", "amount": Decimal(1), "quantity": 1, "clause": "第一条", **fields},
    )
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert at in refused.value.message_dict


# ---- Gaps


def test_a_gap_is_warned_of_and_not_forbidden() -> None:
    published(HOUSING_2025, effective_from=DAY(2026, 11, 23), effective_to=DAY(2026, 12, 31))
    late = draft(HOUSING_2026, effective_from=DAY(2027, 2, 1))
    assert [warning[:22] for warning in gap_warnings(late)] == ["从2027年1月1日到2027年1月31日，"]
    page = client_of(officer()).get(reverse("support_standard", args=[late.pk])).content.decode()
    assert "从2027年1月1日到2027年1月31日" in page
    follows = draft(HOUSING_2026, effective_from=DAY(2027, 1, 1))
    assert gap_warnings(follows) == []


def test_an_end_without_a_follower_is_warned_of() -> None:
    ending = draft(HOUSING_2026, effective_from=DAY(2027, 1, 1), effective_to=DAY(2027, 6, 30))
    (warning,) = gap_warnings(ending)
    assert warning.startswith("从2027年7月1日起")
    assert gap_warnings(draft(HOUSING_2026, effective_from=DAY(2027, 1, 1))) == []


def test_a_local_version_beside_the_general_one_leaves_no_gap() -> None:
    published(HOUSING_2026)
    local = draft(
        HOUSING_2026,
        effective_from=DAY(2027, 1, 1),
        effective_to=DAY(2027, 6, 30),
        region="149902",
        region_name="桐湖市",
    )
    assert gap_warnings(local) == []


# ---- A draft of an application and a standard that is published at midnight


@pytest.fixture
def family() -> User:
    return make_family()


def at_midnight(time_machine: Any) -> None:
    """Let the version of 2027 come into force while somebody is writing."""
    published(HOUSING_2026, effective_from=DAY(2027, 1, 1), document_number="沁岚党发〔2026〕40号")
    time_machine.move_to("2027-01-01 00:00:01+08:00")


def test_a_draft_shows_what_changed_and_asks(time_machine: Any, family: User) -> None:
    published(HOUSING_2025, effective_from=DAY(2026, 11, 23))
    application = make_draft(family)
    assert changed_standard(application) is None
    at_midnight(time_machine)
    client = client_of(family)
    page = client.get(reverse("support_application", args=[application.pk])).content.decode()
    assert "标准有变化" in page
    assert "1,400元" in page
    assert "1,500元" in page
    answer = client.post(reverse("support_hand_in", args=[application.pk]))
    assert answer.status_code == 422
    assert "已经生效" in answer.content.decode()

    now = changed_standard(application)
    assert now is not None
    agreed = client.post(
        reverse("support_standard_seen", args=[application.pk]), {"version": now.now.pk}
    )
    assert agreed.status_code == 302
    application = Application.objects.get(pk=application.pk)
    assert changed_standard(application) is None
    # Nothing that was written is lost; only what the new standard asks for is still to do.
    assert application.given_answers == ANSWERS["housing"]
    services.hand_in(application, family)
    application.refresh_from_db()
    assert application.version == now.now


def test_what_was_seen_must_be_what_is_in_force(time_machine: Any, family: User) -> None:
    first = published(HOUSING_2025, effective_from=DAY(2026, 11, 23))
    application = make_draft(family)
    at_midnight(time_machine)
    with pytest.raises(AlreadyMoved):
        go_on_with(application.pk, family, first.pk)
    with pytest.raises(ConditionNotMet):
        services.hand_in(application, family)


def test_a_case_that_was_handed_in_sees_nothing_of_it(time_machine: Any) -> None:
    published(HOUSING_2025, effective_from=DAY(2026, 11, 23))
    user = make_family()
    application = make_draft(user)
    services.hand_in(application, user)
    before = Application.objects.get(pk=application.pk)
    at_midnight(time_machine)
    after = Application.objects.get(pk=application.pk)
    assert changed_standard(after) is None
    assert after.version is not None and before.version is not None
    assert after.version == before.version
    assert after.standard_sha256 == before.version.snapshot_sha256
    answers = after.given_answers
    assert compute(after.version, answers) == compute(before.version, answers)
    assert after.version.standard == before.version.standard


def test_nobody_else_agrees_for_the_applicant(time_machine: Any, family: User) -> None:
    published(HOUSING_2025, effective_from=DAY(2026, 11, 23))
    application = make_draft(family)
    at_midnight(time_machine)
    address = reverse("support_standard_seen", args=[application.pk])
    for user in (officer(), publisher()):
        assert client_of(user).post(address, {"version": 1}).status_code == 404
    assert client_of(family).post(address, {"version": "x"}).status_code == 404


# ---- A region with a standard of its own


def test_the_regional_version_grants_more_where_it_counts() -> None:
    journey = make_journey(item="conscript-family")
    published_item("conscript-family", regional=True)
    item = journey.application.item
    assert regions_of(item, DAY(2026, 11, 23)) == [("149902", "桐湖市")]
    assert region_offered(item, "149902003") == "149902"
    assert region_offered(item, "1499") == region_offered(item, "x") == ""

    services.save_about(
        journey.application.pk,
        journey.applicant,
        {
            **{"for_whom": "self", "relation": "", "name": journey.application.name},
            **{"identity_number": journey.application.identity_number, "phone": "13900000001"},
            "region": "149902",
        },
    )
    journey.application.refresh_from_db()
    journey.to("reviewed")
    journey.application.refresh_from_db()
    version = journey.application.version
    assert version is not None and version.region == "149902"
    assert journey.application.amount == 8000


def test_the_self_check_goes_by_the_region_of_the_home() -> None:
    published_item("conscript-family")
    published_item("conscript-family", regional=True)
    address = reverse("support_self_check", args=["conscript-family"])
    answers = ANSWERS["conscript-family"]
    data = {**answers, "seen": list(answers)}
    client = Client()
    assert client.post(address, data).context["calculation"].amount == 6000
    assert client.post(address, {**data, "region": "149902"}).context["calculation"].amount == 8000
    for odd in ("999999", "x" * 40, "１４９９０２"):
        page = client.get(address, {"region": odd})
        assert page.status_code == 200
        assert page.context["version"].region == ""


def test_the_applicant_is_asked_for_the_region_only_where_it_matters(family: User) -> None:
    published_item("conscript-family")
    application = make_draft(family, item="conscript-family")
    client = client_of(family)
    address = reverse("support_part", args=[application.pk, "about"])
    assert "家在哪里" not in client.get(address).content.decode()
    published_item("conscript-family", regional=True)
    assert "家在哪里" in client.get(address).content.decode()
