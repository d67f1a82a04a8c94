"""Entering and confirming awards: two people, one number each, nothing given twice."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from honors.awards import entry
from honors.awards.granting import Winner, conferring_name, grant_awards
from honors.awards.numbers import next_numbers
from honors.awards.people import gender_and_age
from honors.models import Award, NumberSeries, Title
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from tests.factories.honors import DECIDED, DECISION, HonorOffice, make_award, post_title, title
from tests.factories.organizations import company, party_committee
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user
from tests.infrastructure.at_once import failures, together


def typed(**values: Any) -> dict[str, Any]:
    """Return what the form of an award sends."""
    return {
        "title": title().pk,
        "year": 2026,
        "subject_name": "薛大勇",
        "unit": company().pk,
        "decision_number": DECISION,
        "decided_on": DECIDED.isoformat(),
        **values,
    }


@pytest.fixture
def office(db: None) -> HonorOffice:
    return HonorOffice()


@pytest.fixture
def staff(office: HonorOffice) -> Client:
    client = Client()
    client.force_login(office.staff)
    return client


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "请选择称号"),
        ({"year": "二〇二六"}, "请用四位数字填写年份"),
        ({"year": 1900}, ""),
        ({"year": 2027}, ""),
        ({"subject_name": "  "}, "请填写工号或姓名"),
        ({"subject_name": "", "employee_number": "Z99999"}, "没有工号为Z99999的人员"),
        ({"unit": 999999}, "没有这个单位"),
        ({"decision_number": ""}, "请填写文号"),
        ({"decided_on": "2026-13-01"}, ""),
        ({"decided_on": "2099-01-01"}, ""),
        ({"decided_on": "2025-12-31"}, "表彰决定作出于2025年"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(
    staff: Client, changed: dict[str, Any], words: str
) -> None:
    response = staff.post("/honor-roll/awards/new/", typed(**changed))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert DECISION in page or "decision_number" in changed
    assert not Award.objects.exists()


def test_a_collective_title_takes_no_employee_number(staff: Client) -> None:
    person = make_person("薛大勇")
    values = typed(title=post_title().pk, employee_number=person.employee_number)
    page = staff.post("/honor-roll/awards/new/", values)
    assert page.status_code == 422
    assert "不授予个人" in page.content.decode()


def test_a_number_is_given_once(staff: Client) -> None:
    make_award(number="老证-0001")
    page = staff.post("/honor-roll/awards/new/", typed(number="老证-0001"))
    assert page.status_code == 422
    assert "该编号已用于其他证书" in page.content.decode()


def values_of(**changed: Any) -> dict[str, Any]:
    """Return what a form hands to the service."""
    return {
        "title": title(),
        "year": 2026,
        "subject_name": "薛大勇",
        "unit": company(),
        "decision_number": DECISION,
        "decided_on": DECIDED,
        **changed,
    }


def test_two_people_make_an_award(office: HonorOffice) -> None:
    award = entry.enter(values_of(), office.staff)
    with pytest.raises(NotYours):
        entry.confirm(award.pk, office.staff)
    with pytest.raises(NotYours):
        entry.confirm(award.pk, office.reader)
    confirmed = entry.confirm(award.pk, office.approver)
    assert confirmed.number == "QLRY-2026-党-0001"
    assert (confirmed.entered_by, confirmed.confirmed_by) == (office.staff, office.approver)
    with pytest.raises(ChangedMeanwhile):
        entry.confirm(award.pk, office.approver)
    with pytest.raises(ChangedMeanwhile):
        entry.discard(award.pk, office.approver)


def test_whoever_prepares_and_confirms_too_still_needs_a_second_person(office: HonorOffice) -> None:
    both = make_user("party_staff", "party_approver")
    award = entry.enter(values_of(), both)
    with pytest.raises(NotYours):
        entry.confirm(award.pk, both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(
            number="X", confirmed_by=both, confirmed_at=timezone.now()
        )


def test_nobody_confirms_an_award_of_their_own(office: HonorOffice) -> None:
    award = entry.enter(values_of(person=office.approver.person, subject_name=""), office.staff)
    assert award.subject_name == "秦伯安"
    with pytest.raises(NotYours):
        entry.confirm(award.pk, office.approver)


def test_the_same_honor_is_not_given_twice(office: HonorOffice) -> None:
    person = make_person("薛大勇")
    entry.enter(values_of(person=person), office.staff)
    with pytest.raises(NotPossible):
        entry.enter(values_of(person=person), office.staff)
    entry.enter(values_of(), office.staff)
    with pytest.raises(NotPossible):
        entry.enter(values_of(), office.staff)
    entry.enter(values_of(year=2025), office.staff)
    assert Award.objects.count() == 3


def test_union_staff_enter_awards_of_union_titles_only(office: HonorOffice) -> None:
    union = make_user("union_staff")
    with pytest.raises(NotYours):
        entry.enter(values_of(), union)
    award = entry.enter(values_of(title=title("model-worker")), union)
    assert award.conferred_by == "测试能源有限公司工会委员会"


def test_a_title_of_the_party_carries_the_name_of_the_committee(db: None) -> None:
    committee = party_committee()
    assert conferring_name(title()) == committee.name
    named = Title(conferred_by="沁岚能源集团有限公司", organ="party")
    assert conferring_name(named) == "沁岚能源集团有限公司"


def test_days_and_years_have_to_fit(office: HonorOffice) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    for changed in ({"decided_on": tomorrow}, {"year": 2026, "decided_on": DECIDED.replace(2025)}):
        with pytest.raises(ValidationError):
            entry.enter(values_of(**changed), office.staff)


def test_numbers_run_on_without_gaps_and_leave_old_ones_out(db: None) -> None:
    make_award(number="QLRY-2026-党-0002")
    with transaction.atomic():
        assert next_numbers(2026, "党", 2) == ["QLRY-2026-党-0001", "QLRY-2026-党-0003"]
    with pytest.raises(RuntimeError), transaction.atomic():
        next_numbers(2026, "党", 5)
        raise RuntimeError
    assert NumberSeries.objects.get(key="2026-党").last == 3
    assert next_numbers(2026, "工", 1) == ["QLRY-2026-工-0001"]


def test_codes_are_long_and_never_alike(db: None) -> None:
    codes = {make_award().code for _number in range(20)}
    assert len(codes) == 20
    assert {len(code) for code in codes} == {24}
    assert not set("ilo01") & set("".join(codes))


def test_gender_and_age_are_read_from_the_identity_number(db: None) -> None:
    person = make_person(identity_number=IDENTITY_NUMBERS[0])
    assert gender_and_age(person, datetime.date(2026, 3, 11)) == ("male", 40)
    assert gender_and_age(person, datetime.date(2026, 3, 12)) == ("male", 41)
    assert gender_and_age(make_person(), DECIDED) == ("", None)
    assert gender_and_age(None, DECIDED) == ("", None)


def test_a_round_grants_all_or_none(office: HonorOffice) -> None:
    winners = [Winner("甲", company()), Winner("乙", company()), Winner("甲", company())]
    with pytest.raises(NotPossible):
        grant_awards(
            title=title(),
            year=2026,
            winners=winners,
            decision_number=DECISION,
            decided_on=DECIDED,
            by=office.approver,
        )
    assert not Award.objects.exists()
    assert not NumberSeries.objects.exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_sixteen_who_confirm_at_once_give_sixteen_numbers_without_gaps() -> None:
    office = HonorOffice()
    awards = [entry.enter(values_of(subject_name=f"获奖者{n}"), office.staff) for n in range(16)]
    results = together(
        *(lambda pk=award.pk: entry.confirm(pk, office.approver) for award in awards)  # type: ignore[misc]
    )
    assert not failures(results)
    numbers = sorted(str(award.number) for award in Award.objects.all())
    assert numbers == [f"QLRY-2026-党-{n:04d}" for n in range(1, 17)]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_the_same_award_one_is_told() -> None:
    office = HonorOffice()
    other = make_user("party_approver", name="另一位")
    award = entry.enter(values_of(), office.staff)
    results = together(
        lambda: entry.confirm(award.pk, office.approver), lambda: entry.confirm(award.pk, other)
    )
    assert [type(error) for error in failures(results)] == [ChangedMeanwhile]
    assert Award.objects.get().number == "QLRY-2026-党-0001"
