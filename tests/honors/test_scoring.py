"""The arithmetic of a round holds for every card, every judge and every list. No database."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from honors.rounds.scoring import (
    HUNDRED,
    Candidate,
    faults_of_choice,
    passes_ballot,
    places,
    ranking,
    shortcomings,
    spread,
    total,
)
from honors.rounds.terms import Criterion, Line, Terms, Veto

points = st.lists(st.integers(1, 50), min_size=1, max_size=12)
totals = st.lists(st.decimals(0, 100, places=2, allow_nan=False, allow_infinity=False), max_size=15)
candidates = st.lists(
    st.builds(
        Candidate,
        key=st.none(),
        name=st.just("岗位"),
        mean=st.none() | st.decimals(0, 100, places=2),
        yes=st.integers(0, 9),
        voters=st.integers(3, 9),
        front_line=st.booleans(),
    ),
    max_size=12,
).map(
    lambda rows: [
        Candidate(number, row.name, row.mean, min(row.yes, row.voters), row.voters, row.front_line)
        for number, row in enumerate(rows)
    ]
)


def terms(**fields: object) -> Terms:
    values: dict[str, object] = {
        "basis": "办法",
        "criteria": (Criterion("条件", "", ""),),
        "lines": (Line("业绩", 100, ""),),
        "vetoes": (Veto("处分期内", "", ""),),
        "by_self": False,
        "by_other": True,
        "by_branch": True,
        "posthumous": False,
        "quota": 1,
        "pass_mark": Decimal(85),
        "top_share": None,
        "ballot_share": 50,
        "front_line_share": None,
        "notice_days": 5,
    }
    return Terms(**{**values, **fields})  # type: ignore[arg-type]


@given(points, st.data())
def test_a_sheet_is_between_nothing_and_a_hundred(card: list[int], data: st.DataObject) -> None:
    given_ = [Decimal(data.draw(st.integers(0, 2 * most))) / 2 for most in card]
    found = total(given_, sum(card))
    assert 0 <= found <= HUNDRED
    assert total([Decimal(most) for most in card], sum(card)) == HUNDRED
    assert total([Decimal(0)] * len(card), sum(card)) == 0


@given(totals)
def test_the_mean_lies_between_the_extremes(given_: list[Decimal]) -> None:
    found = spread(given_)
    if not given_:
        assert found is None
        return
    assert found is not None and found.count == len(given_)
    assert found.least <= found.mean <= found.most
    assert 0 <= found.deviation <= found.most - found.least + Decimal("0.01")
    if len(set(given_)) == 1:
        assert found.deviation == 0
    assert spread(list(reversed(given_))) == found


@given(candidates)
def test_better_never_ranks_behind(rows: list[Candidate]) -> None:
    ranks = ranking(rows)
    scored = [row for row in rows if row.mean is not None]
    assert set(ranks) == {row.key for row in scored}
    for one in scored:
        for other in scored:
            assert one.mean is not None and other.mean is not None
            assert (one.mean > other.mean) is (ranks[one.key] < ranks[other.key])


@given(st.decimals(Decimal("0.01"), 100, places=2), st.integers(1, 2_000))
def test_the_best_part_is_never_empty_and_never_more_than_all(share: Decimal, count: int) -> None:
    found = places(share, count)
    assert 1 <= found <= count
    assert found * 100 >= share * count


@given(st.integers(1, 30), st.integers(0, 99))
def test_the_ballot_needs_more_than_the_share(voters: int, share: int) -> None:
    passing = [
        yes
        for yes in range(voters + 1)
        if passes_ballot(Candidate(1, "", None, yes, voters), share)
    ]
    assert passing == [yes for yes in range(voters + 1) if yes > share * voters / 100]


@given(candidates, st.integers(1, 12), st.data())
def test_a_lawful_list_holds_every_bound(
    rows: list[Candidate], seats: int, data: st.DataObject
) -> None:
    chosen = [row for row in rows if data.draw(st.booleans())]
    rules = terms(top_share=Decimal(50), front_line_share=40)
    faults = faults_of_choice(chosen, rows, rules, seats)
    lawful = (
        0 < len(chosen) <= seats
        and all(not shortcomings(row, rows, rules) for row in chosen)
        and sum(row.front_line for row in chosen) * 100 >= 40 * len(chosen)
    )
    assert (not faults) is lawful


def test_what_speaks_against_is_said_in_words() -> None:
    row = Candidate(1, "瓦检岗", Decimal("84.99"), 2, 4)
    found = "；".join(shortcomings(row, [row], terms()))
    assert "84.99" in found and "85" in found and "50%" in found
