"""A suggestion from its draft to its award: review, effect check, scores by others, register."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.cases.models import Kinship
from portal.cases.refusals import ConditionNotMet, MustBeAnother, NotYourTurn, Recused
from portal.refusals import NotPossible, NotYours, TooLate
from portal.spreadsheets import saved
from tests.factories.organizations import company
from tests.factories.people import make_person, make_user
from tests.factories.suggestions import POINTS, TEXTS, Suggested, suggestion_class
from union.models import Award, AwardTier, BenefitTier, ScoreCriterion, SuggestionScore
from union.suggestions import figures, services
from union.suggestions.scoring import (
    WrongPoints,
    award_tier_of,
    benefit_tier_of,
    mean_of,
    total_of,
)

database = [pytest.mark.database, pytest.mark.django_db]
MOST = {"technique": 30, "benefit": 30, "application": 20, "practicality": 20}


class Criterion:
    def __init__(self, code: str, most: int) -> None:
        self.code, self.most = code, most


CRITERIA = [Criterion(code, most) for code, most in MOST.items()]


class Tier:
    def __init__(self, points: int, benefit: int, amount: int) -> None:
        self.least_points, self.amount = points, Decimal(amount)
        self.least = self.least_benefit = Decimal(benefit)


TIERS = [
    Tier(85, 500_000, 8_000),
    Tier(75, 100_000, 4_000),
    Tier(65, 0, 2_000),
    Tier(50, 0, 300),
]
points = st.fixed_dictionaries({code: st.integers(0, most) for code, most in MOST.items()})
money = st.decimals(0, 10**9, places=2)


@given(points)
def test_points_within_their_most_give_up_to_a_hundred(given_points: dict[str, int]) -> None:
    total = total_of(given_points, CRITERIA)
    assert 0 <= total <= 100
    assert total == sum(given_points.values())


@given(points, st.sampled_from(sorted(MOST)), st.integers(1, 100))
def test_points_outside_are_refused(given_points: dict[str, int], code: str, by: int) -> None:
    for wrong in (
        given_points | {code: MOST[code] + by},
        given_points | {code: -by},
        {key: value for key, value in given_points.items() if key != code},
        given_points | {"another": 1},
    ):
        with pytest.raises(WrongPoints):
            total_of(wrong, CRITERIA)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=20))
def test_the_mean_lies_between_the_scores_whatever_their_order(totals: list[int]) -> None:
    mean = mean_of(totals)
    assert min(totals) <= mean <= max(totals)
    assert mean == mean_of(sorted(totals))
    assert mean.as_tuple().exponent == -2
    assert abs(mean * len(totals) - sum(totals)) <= Decimal("0.005") * len(totals)


@given(money, money, st.decimals(0, 100, places=2))
def test_more_benefit_or_points_never_give_less(
    first: Decimal, second: Decimal, score: Decimal
) -> None:
    low, high = sorted((first, second))
    tier_low, tier_high = (benefit_tier_of(value, TIERS) for value in (low, high))
    assert tier_low is not None and tier_high is not None
    assert tier_low.least <= tier_high.least
    awards = [award_tier_of(score, value, TIERS) for value in (low, high)]
    amounts = [tier.amount if tier else Decimal(0) for tier in awards]
    assert amounts == sorted(amounts)
    best = award_tier_of(Decimal(100), high, TIERS)
    assert best is not None and best.amount >= amounts[1]


def test_a_bound_belongs_to_its_tier() -> None:
    tier = award_tier_of(Decimal(85), Decimal(500_000), TIERS)
    below = award_tier_of(Decimal("84.99"), Decimal(500_000), TIERS)
    assert tier is TIERS[0]
    assert below is TIERS[1]
    assert award_tier_of(Decimal("49.99"), Decimal(10**8), TIERS) is None


@pytest.mark.database
@pytest.mark.django_db
class TestSteps:
    """What is written, and what is refused."""

    def test_the_rows_of_the_migration_give_a_hundred(self) -> None:
        assert {row.code: row.most for row in ScoreCriterion.objects.all()} == MOST
        assert BenefitTier.objects.count() == 3
        assert [tier.name for tier in AwardTier.objects.all()] == [
            "一等奖",
            "二等奖",
            "三等奖",
            "鼓励奖",
        ]
        assert all(row.clause for row in AwardTier.objects.all())

    def test_the_whole_way_ends_in_the_register(self) -> None:
        world = Suggested()
        case = world.to("awarded")
        award = Award.objects.select_related("tier", "benefit_tier").get()
        assert (award.points, award.benefit) == (Decimal("78.00"), Decimal("120000.00"))
        assert (award.tier.name, award.amount) == ("二等奖", Decimal("4000.00"))
        assert award.benefit_tier.name == "年效益10万元至50万元"
        assert award.decided_by == world.chair
        assert "二等奖" in case.closed_file.content

    def test_no_award_without_effect_check_and_scores(self) -> None:
        world = Suggested()
        world.to("implemented")
        with pytest.raises(ConditionNotMet):
            world.step("verify", world.office, verified_benefit=None, verification="")
        with pytest.raises(TooLate):
            services.score(world.pk, world.scorers[0], POINTS)
        world.step("verify", world.office, verified_benefit=Decimal(0), verification="查看属实")
        services.score(world.pk, world.scorers[0], POINTS)
        with pytest.raises(ConditionNotMet, match=r"1.*2"):
            world.step("award", world.chair)

    def test_who_adopted_does_not_check_the_effect_and_who_checked_does_not_award(self) -> None:
        world = Suggested()
        world.step("submit", world.applicant)
        world.step("adopt", world.office, reason="可行")
        world.step("report_done", world.reviewer, reason="已装好")
        with pytest.raises(MustBeAnother):
            world.step("verify", world.office, verified_benefit=Decimal(1), verification="x")

    def test_authors_and_relatives_stand_aside(self) -> None:
        friend, relative = make_user("party_staff"), make_user("party_staff")
        assert friend.person is not None
        world = Suggested(numbers=[friend.person.employee_number])
        world.to("verified")
        Kinship.objects.create(
            person_id=relative.person_id or 0,
            relative_id=world.applicant.person_id or 0,
            kind="spouse",
        )
        for user in (friend, relative):
            with pytest.raises(NotYours):
                services.score(world.pk, user, POINTS)
            with pytest.raises((Recused, NotYourTurn)):
                world.step("award", user)
        assert not SuggestionScore.objects.exists()

    @pytest.mark.parametrize("role", ["employee", "union_chair", "discipline_auditor"])
    def test_only_scorers_score(self, role: str) -> None:
        world = Suggested()
        world.to("verified")
        with pytest.raises(NotYours):
            services.score(world.pk, make_user(role), POINTS)

    def test_a_scorer_has_one_score_and_can_change_it(self) -> None:
        world = Suggested()
        world.to("verified")
        services.score(world.pk, world.scorers[0], POINTS)
        services.score(world.pk, world.scorers[0], {**POINTS, "technique": 30})
        score = SuggestionScore.objects.get()
        assert score.total == 88
        assert {row.criterion.code: row.points for row in score.points.all()}["technique"] == 30
        with pytest.raises(NotPossible):
            services.score(world.pk, world.scorers[1], {**POINTS, "technique": 31})

    def test_what_reaches_no_award_is_closed_without_one(self) -> None:
        world = Suggested()
        world.to("verified")
        world.score_all(dict.fromkeys(MOST, 10))
        with pytest.raises(ConditionNotMet):
            world.step("award", world.chair)
        world.step("close_without", world.chair, reason="得分未达到奖励等级")
        assert not Award.objects.exists()

    def test_deferred_it_is_completed_and_handed_in_once_more(self) -> None:
        world = Suggested()
        number = world.to("deferred").number
        values = {**TEXTS, "suggestion_class": suggestion_class("cost"), "title": "补充测算"}
        services.save(world.applicant, company(), values, case=world.case)
        world.step("resubmit", world.applicant)
        assert (world.case.number, world.case.item, world.case.state) == (
            number,
            "补充测算",
            "submitted",
        )
        with pytest.raises(TooLate):
            services.save(world.applicant, company(), values, case=world.case)

    def test_nobody_suggests_with_somebody_who_does_not_exist(self) -> None:
        with pytest.raises(NotPossible, match="999999"):
            Suggested(numbers=["999999"])

    def test_figures_and_sheet(self) -> None:
        Suggested(title="=1+1").to("awarded")
        Suggested(suggestion_class=suggestion_class("cost")).to("declined")
        year = figures.years()[0]
        total = figures.total(year)
        assert (total.received, total.adopted, total.declined, total.awarded) == (2, 1, 1, 1)
        assert (total.amount, total.adoption) == (Decimal(4000), 50)
        for lines in (figures.by_class(year), figures.by_unit(year)):
            assert sum(line.received for line in lines) == total.received
            assert sum((line.amount for line in lines), Decimal(0)) == total.amount
        book = load_workbook(saved(figures.workbook(year)))
        cell = book["奖励台账"]["B2"]
        assert (cell.value, cell.data_type) == ("=1+1", "s")
        assert book["奖励台账"]["J2"].value == 4000

    def test_the_award_keeps_what_was_decided(self) -> None:
        world = Suggested()
        world.to("awarded")
        AwardTier.objects.filter(name="二等奖").update(amount=Decimal(9))
        assert Award.objects.get().amount == Decimal(4000)
        assert str(make_person("别人")) not in figures.authors_of(world.suggestion)
