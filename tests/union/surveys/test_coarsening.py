"""No group is too small: properties of the merging, whatever the counts."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from union.surveys.coarsening import OTHER, merged_kinds, merged_neighbours, merged_units
from union.surveys.launching import UNKNOWN_AGE, age_name

# Codes are unique in the tree: "AB" stands below "A".
PATHS = st.text("ABC", max_size=3).map(lambda p: ("TOP", *(p[: n + 1] for n in range(len(p)))))
COUNTS = st.dictionaries(PATHS | st.just(()), st.integers(0, 12), min_size=1, max_size=12)


def sizes(groups: dict, counts: dict) -> Counter:
    found: Counter = Counter()
    for key, group in groups.items():
        found[group.code] += counts[key]
    return found


@given(COUNTS, st.integers(3, 9))
def test_units_are_never_below_the_smallest_group(
    counts: dict[tuple[str, ...], int], minimum: int
) -> None:
    """Everybody is in exactly one group, and each is large enough unless all together are not."""
    names = {code: f"单位{code}" for path in counts for code in path}
    groups = merged_units(counts, names, minimum)
    found = sizes(groups, counts)
    assert sum(found.values()) == sum(counts.values())
    assert all(group.invited == found[group.code] for group in groups.values())
    present = [size for size in found.values() if size]
    assert len(present) <= 1 or min(present) >= minimum
    # A group of a unit holds nobody from outside of that unit.
    for path, group in groups.items():
        if group.code != OTHER:
            assert group.code.removesuffix("-rest") in path


@given(st.lists(st.integers(0, 12), min_size=5, max_size=5), st.integers(3, 9))
def test_ages_are_merged_with_their_neighbours(counts: list[int], minimum: int) -> None:
    """Bands stay runs of neighbours."""
    bands = dict(enumerate(counts))
    groups = merged_neighbours(range(UNKNOWN_AGE + 1), bands, minimum, age_name)
    found = sizes(groups, bands)
    assert sum(found.values()) == sum(counts)
    assert len(found) <= 1 or min(found.values()) >= minimum
    order = [groups[band].code for band in range(UNKNOWN_AGE + 1) if band in groups]
    assert len(set(order)) == sum(
        before != after for before, after in zip(["", *order], order, strict=False)
    )


@given(
    st.dictionaries(st.sampled_from(["", "采掘", "机电", "通风", "地面"]), st.integers(0, 12)),
    st.integers(3, 9),
)
def test_posts_are_merged_into_the_others(counts: dict[str, int], minimum: int) -> None:
    """Small kinds of posts go into 其他岗位."""
    groups = merged_kinds(counts, minimum)
    found = sizes(groups, counts)
    assert sum(found.values()) == sum(counts.values())
    assert len(found) <= 1 or min(found.values()) >= minimum


def test_small_units_go_to_what_is_left_of_their_parent() -> None:
    """Two small teams of a mine become its rest beside the large one."""
    counts = {("C", "M", "A"): 20, ("C", "M", "B"): 3, ("C", "M", "D"): 4, ("C", "N"): 2}
    names = {"C": "公司", "M": "青石梁煤矿", "A": "一队", "B": "二队", "D": "三队", "N": "机关"}
    groups = merged_units(counts, names, 5)
    assert groups[("C", "M", "A")].name == "一队"
    assert groups[("C", "M", "B")] == groups[("C", "M", "D")]
    # The office of two would be a group of its own below five: the rest of the mine goes with it.
    assert groups[("C", "N")].name == "其他部门"
    assert groups[("C", "N")] == groups[("C", "M", "B")]


def test_age_bands_have_names() -> None:
    """A run of bands says from when to when."""
    assert age_name([0]) == ("age-0", "35岁及以下")
    assert age_name([1, 2])[1] == "36至55岁"
    assert age_name([3, UNKNOWN_AGE])[1] == "56岁及以上（含未登记）"
    assert age_name([UNKNOWN_AGE])[1] == "年龄未登记"
