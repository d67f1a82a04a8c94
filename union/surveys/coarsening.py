"""Groups that are too small are merged before anybody is asked, so that even raw data has none.

Source: sections 2.6 and 2.7 of the facts on surveys: units below the smallest group are merged
upwards or into 其他部门. Pure functions over counts; each returns for every key of what was
counted the group it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

OTHER = "other"
OTHER_UNITS = "其他部门"
OTHER_POSTS = "其他岗位"


@dataclass(frozen=True)
class Group:
    """A group that results may be shown for: its code in the sheets, its name, how many."""

    code: str
    name: str
    invited: int = 0


def merged_units(
    counts: Mapping[tuple[str, ...], int], names: Mapping[str, str], minimum: int
) -> dict[tuple[str, ...], Group]:
    """Merge units below the smallest group into what is left of their parent, then of all.

    The parent of small units becomes a group of its own, "X（其余）", beside its large children;
    what is small at the top goes into 其他部门, and if that is too small itself, the smallest
    other group goes with it.

    Args:
        counts: people by path of codes from the top of the tree to their unit.
        names: names of units by code.
        minimum: the smallest group.

    Returns:
        The group of each path. At most one of them when everything together is too small.
    """
    at: dict[tuple[str, ...], tuple[str, ...]] = {path: path for path in counts}
    members: dict[tuple[str, ...], int] = {path: count for path, count in counts.items() if count}
    merged: set[tuple[str, ...]] = set()

    def move(source: tuple[str, ...], target: tuple[str, ...]) -> None:
        members[target] = members.get(target, 0) + members.pop(source)
        merged.add(target)
        for path, current in at.items():
            if current == source:
                at[path] = target

    while small := [path for path, count in members.items() if path and count < minimum]:
        # The deepest first: its parent may become large enough by it.
        deepest = max(small, key=lambda path: (len(path), -members[path], path))
        move(deepest, deepest[:-1] if len(deepest) > 2 else ())
    while 0 < members.get((), minimum) < minimum and len(members) > 1:
        smallest = min((path for path in members if path), key=lambda p: (members[p], p))
        move(smallest, ())
    groups = {
        path: Group(
            *_unit_group(path, names, is_rest=path in merged),
            invited=count,
        )
        for path, count in members.items()
    }
    return {path: groups[target] for path, target in at.items() if target in groups}


def _unit_group(
    path: tuple[str, ...], names: Mapping[str, str], *, is_rest: bool
) -> tuple[str, str]:
    if not path:
        return OTHER, OTHER_UNITS
    code, name = path[-1], names[path[-1]]
    return (f"{code}-rest", f"{name}（其余）") if is_rest else (code, name)


def merged_neighbours(
    ordered: Sequence[Key],
    counts: Mapping[Key, int],
    minimum: int,
    name: Callable[[Sequence[Key]], tuple[str, str]],
) -> dict[Key, Group]:
    """Merge bands that stand in an order, such as ages, with the smaller of their neighbours.

    Args:
        ordered: the bands in their order.
        name: returns code and name of a run of bands.
    """
    runs: list[list[Key]] = [[band] for band in ordered if counts.get(band, 0)]

    def size(run: list[Key]) -> int:
        return sum(counts[band] for band in run)

    while len(runs) > 1 and min(map(size, runs)) < minimum:
        place = min(range(len(runs)), key=lambda number: size(runs[number]))
        beside = [number for number in (place - 1, place + 1) if 0 <= number < len(runs)]
        other = min(beside, key=lambda number: size(runs[number]))
        first, second = sorted((place, other))
        runs[first : second + 1] = [runs[first] + runs[second]]
    return {band: Group(*name(run), invited=size(run)) for run in runs for band in run}


def merged_kinds(counts: Mapping[str, int], minimum: int) -> dict[str, Group]:
    """Merge kinds without an order, such as posts: the small ones go into 其他岗位.

    Args:
        counts: people by kind; the empty kind counts as 其他岗位.
    """
    large = {kind: count for kind, count in counts.items() if kind and count >= minimum}
    rest = sum(counts.values()) - sum(large.values())
    while 0 < rest < minimum and large:
        smallest = min(large, key=lambda kind: (large[kind], kind))
        rest += large.pop(smallest)
    numbered = {
        kind: Group(f"post-{number}", kind, large[kind])
        for number, kind in enumerate(sorted(large), start=1)
    }
    other = Group(OTHER, OTHER_POSTS, rest)
    return {kind: numbered.get(kind, other) for kind in counts if counts[kind]}
