"""Reviews of posts, the register of rewards, statistics and what the register hands out."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from honors.awards import reviews, rewards
from honors.awards.listing import Choice
from honors.awards.reviews import Quarter
from honors.awards.statistics import AGE_BANDS, age_band, band_name, figures_of, percent
from honors.models import Award, MaterialReward, PostReview
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from tests.factories.honors import DECIDED, HonorOffice, make_award, post_title, title
from tests.factories.organizations import make_unit

REVOKED: dict[str, Any] = {
    "state": "revoked",
    "state_number": "测党发〔2026〕29号",
    "state_reason": "弄虚作假",
    "state_on": DECIDED,
}
KEPT = {"result": "kept", "violations": 0}


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31)))
def test_every_day_lies_in_its_quarter(day: datetime.date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.next().previous() == quarter
    assert quarter.next().first_day == quarter.last_day + datetime.timedelta(days=1)


@given(st.integers(0, 120))
def test_every_age_lies_in_one_band(age: int) -> None:
    place = age_band(age)
    assert place is not None
    assert (place == 0) or age > AGE_BANDS[place - 1]
    assert (place == len(AGE_BANDS)) or age <= AGE_BANDS[place]
    assert band_name(place)


def test_shares_are_rounded_half_up() -> None:
    assert (percent(1, 3), percent(1, 16), percent(0, 0)) == ("33.3%", "6.3%", "—")


# ---- Reviews


@pytest.fixture
def office(db: None) -> HonorOffice:
    return HonorOffice()


def test_posts_are_reviewed_once_a_quarter(db: None, time_machine: Any) -> None:
    time_machine.move_to("2026-11-21 09:00+08:00")
    office = HonorOffice()
    post = make_award(post_title(), "瓦检一岗")
    quarter = Quarter(2026, 3)
    assert list(reviews.without_review(quarter)) == [post]
    reviews.write(post.pk, quarter, KEPT, office.staff)
    assert not reviews.without_review(quarter).exists()
    with pytest.raises(ChangedMeanwhile):
        reviews.write(post.pk, quarter, KEPT, office.staff)
    with pytest.raises(NotYours):
        reviews.write(post.pk, quarter, KEPT, office.reader)
    for asked in (Quarter(2027, 1), Quarter(2026, 1)):
        with pytest.raises(ValidationError):
            reviews.write(post.pk, asked, KEPT, office.staff)
    for award in (make_award(), make_award(post_title(), "乙岗", **REVOKED)):
        with pytest.raises(NotPossible):
            reviews.write(award.pk, quarter, KEPT, office.staff)
    assert PostReview.objects.count() == 1


def test_a_review_that_asks_for_something_says_what(office: HonorOffice) -> None:
    post = make_award(post_title(), "瓦检一岗", decided_on=datetime.date(2025, 1, 10), year=2025)
    quarter = Quarter.of(timezone.localdate()).previous()
    client = Client()
    client.force_login(office.staff)
    address = f"/honor-roll/reviews/{post.pk}/{quarter.year}/{quarter.number}/"
    assert "瓦检一岗" in client.get("/honor-roll/reviews/").content.decode()
    silent = client.post(address, {"result": "suspend", "violations": "1", "note": ""})
    assert silent.status_code == 422
    assert "请写明需要改进" in silent.content.decode()
    wrong = client.post(address, {"result": "kept", "violations": "-1"})
    assert wrong.status_code == 422
    done = client.post(address, {"result": "suspend", "violations": "2", "note": "夜班脱岗"})
    # Who proposes a suspension goes on to the award, where it is prepared.
    assert done.headers["Location"] == f"/honor-roll/awards/{post.pk}/"
    late = client.post(address, {"result": "kept", "violations": "0"})
    assert late.status_code == 409
    assert client.get(f"/honor-roll/reviews/{post.pk}/2026/9/").status_code == 404


def test_missing_reviews_are_tasks(db: None, time_machine: Any) -> None:
    time_machine.move_to("2026-10-09 09:00+08:00")
    office = HonorOffice()
    assert reviews.tasks(office.staff) is None
    post = make_award(post_title(), "瓦检一岗")
    found = reviews.tasks(office.staff)
    assert found is not None and found.count == 1
    assert found.tasks[0].due_on == datetime.date(2026, 10, 30)
    assert reviews.tasks(office.reader) is None
    reviews.write(post.pk, Quarter(2026, 3), KEPT, office.staff)
    assert reviews.tasks(office.staff) is None


def test_what_is_reviewed_yearly_is_so_in_the_fourth_quarter(office: HonorOffice) -> None:
    assert title("worker-pioneer").review_months == 12
    team = make_award(title("worker-pioneer"), "综掘一班", decided_on=datetime.date(2024, 4, 26))
    assert not reviews.reviewed_in(Quarter(2025, 3)).filter(pk=team.pk).exists()
    assert reviews.reviewed_in(Quarter(2025, 4)).filter(pk=team.pk).exists()


# ---- Rewards


def reward(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "money",
        "description": "奖金",
        "amount": Decimal("2000.00"),
        "handed_on": DECIDED,
        "received_by": "薛大勇",
        **changed,
    }


def test_rewards_are_summed_until_they_are_given_back(office: HonorOffice) -> None:
    award = make_award()
    first = rewards.enter(award.pk, reward(), office.staff)
    rewards.enter(award.pk, reward(amount=None, kind="object"), office.staff)
    assert rewards.totals(rewards.chosen(2026)) == rewards.Totals(2, Decimal("2000.00"))
    with pytest.raises(ValidationError):
        rewards.take_back(first.pk, DECIDED - datetime.timedelta(days=1), office.staff)
    rewards.take_back(first.pk, DECIDED, office.staff)
    with pytest.raises(ChangedMeanwhile):
        rewards.take_back(first.pk, DECIDED, office.staff)
    assert rewards.totals(rewards.chosen(None)) == rewards.Totals(1, Decimal(0))


def test_who_enters_which_reward(office: HonorOffice) -> None:
    award, revoked = make_award(), make_award(**REVOKED)
    with pytest.raises(NotYours):
        rewards.enter(award.pk, reward(), office.approver)
    with pytest.raises(NotPossible):
        rewards.enter(revoked.pk, reward(), office.staff)
    for day in (DECIDED - datetime.timedelta(days=1), datetime.date(2099, 1, 1)):
        with pytest.raises(ValidationError):
            rewards.enter(award.pk, reward(handed_on=day), office.staff)
    assert not MaterialReward.objects.exists()


def test_the_pages_of_rewards(office: HonorOffice) -> None:
    award = make_award(name="薛大勇")
    staff, approver = Client(), Client()
    staff.force_login(office.staff)
    approver.force_login(office.approver)
    address = f"/honor-roll/awards/{award.pk}/reward/"
    values = {**reward(), "handed_on": DECIDED.isoformat()}
    wrong = staff.post(address, {**values, "amount": "很多", "description": "奖金若干"})
    assert wrong.status_code == 422 and "奖金若干" in wrong.content.decode()
    assert staff.post(address, values).status_code == 302
    assert "2000.00" in staff.get("/honor-roll/rewards/").content.decode()
    # Sums are the business of who keeps the register.
    assert approver.get("/honor-roll/rewards/").status_code == 403
    assert "2000.00" not in approver.get(f"/honor-roll/awards/{award.pk}/").content.decode()
    row = MaterialReward.objects.get()
    back = staff.post(f"/honor-roll/rewards/{row.pk}/returned/", {"returned_on": "2026-07-01"})
    assert back.status_code == 302
    sheet = load_workbook(io.BytesIO(staff.get("/honor-roll/rewards/sheet/").getvalue())).active
    assert sheet is not None
    assert sheet["A2"].value == "薛大勇"


# ---- Statistics


def test_figures_count_what_counts(office: HonorOffice) -> None:
    mine = make_unit(name="一矿")
    make_award(name="甲", unit=mine, gender="female", age=35, front_line=True)
    make_award(name="乙", gender="male", age=36, front_line=False)
    make_award(name="丙")
    make_award(post_title(), "瓦检一岗", mine, front_line=True)
    make_award(name="丁", **REVOKED)
    make_award(name="戊", confirmed=False)
    figures = figures_of(Choice())
    assert (figures.total, figures.people) == (4, 3)
    for parts, whole in (
        (figures.by_title, 4),
        (figures.by_unit, 4),
        (figures.by_kind, 4),
        (figures.by_gender, 3),
        (figures.by_age, 3),
    ):
        assert sum(part.count for part in parts) == whole
    assert [part.count for part in figures.by_gender] == [1, 1, 1]
    assert [part.count for part in figures.by_age] == [1, 1, 0, 0, 0, 1]
    assert figures.front_line.share == "66.7%"
    assert figures_of(Choice(year=1999)).total == 0


def test_figures_cost_the_same_for_any_number(office: HonorOffice) -> None:
    client = Client()
    client.force_login(office.auditor)
    counts = []
    for more in (10, 40):
        for number in range(more):
            make_award(unit=make_unit() if number % 9 == 0 else None, age=20 + number)
        client.get("/honor-roll/statistics/")
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/honor-roll/statistics/").content.decode()
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert "按年龄" in page


def test_the_register_is_handed_out_as_it_is_chosen(office: HonorOffice) -> None:
    make_award(name="=HYPERLINK(1)", year=2026)
    make_award(name="乙", year=2025, decided_on=datetime.date(2025, 6, 27), **REVOKED)
    client = Client()
    client.force_login(office.auditor)
    body = client.get("/honor-roll/awards/sheet/").getvalue()
    sheet = load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[3] for row in rows[1:]] == ["=HYPERLINK(1)", "乙"]
    assert sheet["D2"].data_type == "s"
    assert rows[2][8:12] == ("已撤销", "测党发〔2026〕29号", rows[2][10], "弄虚作假")
    chosen = client.get("/honor-roll/awards/sheet/?year=2025").getvalue()
    active = load_workbook(io.BytesIO(chosen)).active
    assert active is not None and active.max_row == 2
    assert Award.objects.count() == 2
