"""Votes: quorum and majority in whole numbers, explained in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.activities.votes import Result, Tally, is_open, least, outcome, problems, reaches
from branches.models import VoteRule
from branches.models.minutes import VoteBase

MEETING = [
    VoteRule(subject="meeting", step="open", numerator=1, denominator=2, clause="十一条"),
    VoteRule(
        subject="meeting", step="pass", numerator=1, denominator=2, strictly=True, clause="十一条"
    ),
]
ELECTION = [
    VoteRule(subject="election", step="open", numerator=4, denominator=5, clause="选举条例"),
    VoteRule(
        subject="election",
        step="pass",
        numerator=1,
        denominator=2,
        strictly=True,
        base=VoteBase.PRESENT,
        clause="选举条例",
    ),
]


@st.composite
def tallies(draw: Any) -> Tally:
    """Return numbers that fit each other."""
    should = draw(st.integers(1, 200))
    present = draw(st.integers(0, should))
    yes = draw(st.integers(0, present))
    no = draw(st.integers(0, present - yes))
    return Tally(should, present, yes, no, present - yes - no)


@given(tallies())
def test_a_vote_of_a_meeting_needs_half_present_and_more_than_half_in_favour(tally: Tally) -> None:
    found = outcome(tally, MEETING).result
    if tally.present * 2 < tally.should:
        assert found is Result.NOT_OPENED
    elif tally.yes * 2 > tally.should:
        assert found is Result.CARRIED
    else:
        assert found is Result.REJECTED


@given(tallies())
def test_an_election_needs_four_fifths_present_and_more_than_half_of_them(tally: Tally) -> None:
    found = outcome(tally, ELECTION).result
    if tally.present * 5 < tally.should * 4:
        assert found is Result.NOT_OPENED
    else:
        assert (found is Result.CARRIED) == (tally.yes * 2 > tally.present)


@given(st.integers(0, 500), st.integers(1, 500), st.sampled_from([*MEETING, *ELECTION]))
def test_the_least_number_is_the_first_that_is_enough(
    count: int, base: int, rule: VoteRule
) -> None:
    assert reaches(count, base, rule) == (count >= least(base, rule))


@given(tallies(), st.integers(-3, 3))
def test_an_opened_vote_adds_up_or_says_that_it_does_not(tally: Tally, error: int) -> None:
    wrong = Tally(tally.should, tally.present, max(0, tally.yes + error), tally.no, tally.abstain)
    found = problems(wrong, is_open=True)
    assert bool(found) == (wrong.given != wrong.present)


def test_the_words_name_the_numbers_and_the_clause() -> None:
    found = outcome(Tally(should=12, present=5), MEETING)
    assert found.result is Result.NOT_OPENED
    assert len(found.findings) == 1
    assert found.findings[0].clause == "十一条"
    for number in ("12", "5", "6"):
        assert number in found.why


def test_half_present_is_enough_and_half_in_favour_is_not() -> None:
    # 以上含本数，超过不含本数.
    assert outcome(Tally(12, 6, 6, 0, 0), MEETING).result is Result.REJECTED
    assert outcome(Tally(12, 7, 7, 0, 0), MEETING).result is Result.CARRIED
    assert is_open(Tally(12, 6), MEETING)
    assert not is_open(Tally(12, 5), MEETING)


def test_without_a_quorum_no_numbers_are_given() -> None:
    assert problems(Tally(12, 5), is_open=False) == []
    assert len(problems(Tally(12, 5, yes=5), is_open=False)) == 1
    assert problems(Tally(12, 13), is_open=True)


@pytest.mark.django_db
def test_the_rules_of_the_portal_are_rows_with_their_clause() -> None:
    rows = {
        (row.subject, row.step): (row.numerator, row.denominator, row.strictly, row.base)
        for row in VoteRule.objects.all()
    }
    assert rows == {
        ("meeting", "open"): (1, 2, False, "should"),
        ("meeting", "pass"): (1, 2, True, "should"),
        ("election", "open"): (4, 5, False, "should"),
        ("election", "pass"): (1, 2, True, "present"),
    }
    assert not VoteRule.objects.filter(clause="").exists()
