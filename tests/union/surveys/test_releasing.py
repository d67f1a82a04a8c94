"""Nothing below the smallest group can be worked out from what is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from union.surveys.releasing import cube_of, released

MINIMUM = 5
Row = tuple[str, ...]


def rows_of(sizes: Mapping[Any, int]) -> list[Row]:
    """Return one row of groups for each sheet."""
    return [row for row, size in sizes.items() for _number in range(size)]


def shown(sizes: Mapping[Any, int], *, crossed: bool = False) -> set[tuple[str | None, ...]]:
    """Return what is shown of sheets in these numbers."""
    return released(cube_of(rows_of(sizes), crossed=crossed), MINIMUM)


def test_fewer_answers_than_the_minimum_show_nothing() -> None:
    assert shown({("a",): 4}) == set()


def test_large_groups_are_all_shown() -> None:
    assert shown({("a",): 6, ("b",): 5}) == {(None,), ("a",), ("b",)}


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert shown({("a",): 3, ("b",): 6, ("c",): 9}) == {(None,), ("c",)}


def test_two_small_groups_that_are_too_few_together_take_a_third() -> None:
    assert shown({("a",): 1, ("b",): 2, ("c",): 6, ("d",): 9}) == {(None,), ("d",)}


def test_a_breakdown_of_two_of_which_one_is_small_vanishes() -> None:
    assert shown({("a",): 3, ("b",): 40}) == {(None,)}


def test_a_group_within_a_group_of_another_segment_is_not_shown_beside_it() -> None:
    # Everybody of unit a but two is young, and nobody else is: the young subtracted from the
    # unit would show the two.
    found = shown({("a", "young"): 10, ("a", "old"): 2, ("b", "old"): 20})
    assert not {("a", None), (None, "young")} <= found


def test_units_show_all_their_cells_of_two_segments_or_none() -> None:
    sizes = {
        ("a", "young"): 9,
        ("a", "old"): 8,
        ("b", "young"): 3,
        ("b", "old"): 14,
        ("c", "young"): 12,
        ("c", "old"): 6,
        ("d", "young"): 7,
        ("d", "old"): 15,
    }
    found = shown(sizes, crossed=True)
    for unit in "abcd":
        cells = {key for key in found if key[0] == unit and key[1] is not None}
        assert len(cells) in {0, 2}
    assert ("b", "young") not in found


def test_where_few_answered_a_question_fewer_groups_are_shown() -> None:
    cube = cube_of(rows_of({("a",): 8, ("b",): 8, ("c",): 8}), crossed=False)
    base = released(cube, MINIMUM)
    of_a = cube.sets[("a",)]
    answered = (cube.sets[("b",)] | cube.sets[("c",)]) | (of_a & -of_a)
    assert len(base) == 4
    assert released(cube, MINIMUM, answered, base) == {(None,), ("c",)}


GROUPS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz")), min_size=0, max_size=90
)


@given(rows=GROUPS, crossed=st.booleans())
@settings(max_examples=150)
def test_no_two_shown_sets_have_few_people_between_them(rows: list[Row], crossed: bool) -> None:
    cube = cube_of(rows, crossed=crossed)
    sets = [cube.sets[key] for key in released(cube, MINIMUM)]
    assert all(found.bit_count() >= MINIMUM for found in sets)
    for inner in sets:
        for outer in sets:
            if inner & ~outer == 0:
                assert not 0 < (outer & ~inner).bit_count() < MINIMUM


@given(rows=GROUPS, skipping=st.sets(st.integers(0, 89)))
@settings(max_examples=80)
def test_a_question_shows_no_more_than_the_survey(rows: list[Row], skipping: set[int]) -> None:
    cube = cube_of(rows, crossed=True)
    base = released(cube, MINIMUM)
    answered = sum(1 << number for number in range(len(rows)) if number not in skipping)
    found = released(cube, MINIMUM, answered, base)
    assert found <= base
    assert all((cube.sets[key] & answered).bit_count() >= MINIMUM for key in found)
