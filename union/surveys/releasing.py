"""Which groups of a survey may be shown, so that nobody can work out a smaller one.

Cells are keys with a place for each segment; None in a place sums over it. Released are the whole,
the groups of each segment, and, where it was declared, the first two segments together.

1. A group below the minimum is hidden; with it others, until what is hidden in one segment is at
   least the minimum and lies in at least two groups.
2. Of two shown sets, the rests of what is hidden included, none lies in the other with fewer than
   the minimum between them.
3. Of two segments together, a unit shows all its cells or none, and the units that show none have,
   for each group of the other segment, nobody or at least the minimum, in two units or more. So
   nothing that the sums give away is smaller.

Source: section 2.7 of the facts on surveys, rules 1 to 5 and 8.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.suppression import Key, hidden_cells

# The sets of sheets in cells, each as a whole number with a bit for each sheet.
Sets = Mapping[Key, int]


@dataclass(frozen=True)
class Cube:
    """The sheets of a closed survey by cell.

    Attributes:
        places: how many segments there are.
        sets: for each cell its sheets.
    """

    places: int
    sets: dict[Key, int] = field(default_factory=dict)

    @property
    def whole(self) -> Key:
        """The key of all sheets."""
        return (None,) * self.places

    def groups(self, place: int) -> list[Key]:
        """Return the cells of one segment."""
        return [key for key in self.sets if _is_group(key) and key[place] is not None]


def _is_group(key: Key) -> bool:
    return sum(value is not None for value in key) == 1


def _is_crossed(key: Key) -> bool:
    return sum(value is not None for value in key) == 2


def cube_of(groups: Sequence[Sequence[str]], *, crossed: bool) -> Cube:
    """Return the cells of sheets.

    Args:
        groups: of each sheet its group in every segment, in the order of the segments.
        crossed: whether the first two segments are also taken together.
    """
    places = len(groups[0]) if groups else 0
    cube = Cube(places)
    sets: dict[Key, int] = defaultdict(int)
    for number, row in enumerate(groups):
        bit = 1 << number
        sets[cube.whole] |= bit
        for place, value in enumerate(row):
            sets[_key(places, {place: value})] |= bit
        if crossed and places > 1:
            sets[_key(places, {0: row[0], 1: row[1]})] |= bit
    cube.sets.update(sets)
    return cube


def _key(places: int, chosen: Mapping[int, str]) -> Key:
    return tuple(chosen.get(place) for place in range(places))


def released(
    cube: Cube, minimum: int, answered: int | None = None, among: Iterable[Key] | None = None
) -> set[Key]:
    """Return the cells that may be shown.

    Args:
        answered: the sheets that answered a question, one bit each; all without it. Where fewer
            answered, fewer cells may be shown.
        among: cells that may be shown at all; every cell without it.
    """
    sets = {
        key: found if answered is None else found & answered for key, found in cube.sets.items()
    }
    counts = {key: found.bit_count() for key, found in sets.items()}
    if counts.get(cube.whole, 0) < minimum:
        return set()
    single = {key: count for key, count in counts.items() if not _is_crossed(key)}
    barred: set[Key] = set() if among is None else set(counts) - set(among)
    while True:
        shown = _shown(single, barred, minimum) | {cube.whole}
        shown |= _shown_together(cube, counts, shown, barred, minimum)
        if (worst := _too_near(cube, sets, shown, minimum)) is None:
            return shown
        barred.add(worst)


def _shown(counts: Mapping[Key, int], barred: Iterable[Key], minimum: int) -> set[Key]:
    hidden = hidden_cells(counts, barred, minimum)
    return {key for key, count in counts.items() if count and key not in hidden}


def _shown_together(
    cube: Cube, counts: Mapping[Key, int], shown: set[Key], barred: set[Key], minimum: int
) -> set[Key]:
    """Return the cells of two segments that may be shown: whole rows of units, or nothing."""
    rows: dict[str, dict[str, Key]] = defaultdict(dict)
    for key in counts:
        if _is_crossed(key) and counts[key]:
            rows[key[0]][key[1]] = key
    others = [key for key in cube.groups(1) if counts[key]] if cube.places > 1 else []
    if not rows or any(key not in shown for key in others):
        return set()
    ready = {
        unit
        for unit, cells in rows.items()
        if _key(cube.places, {0: unit}) in shown
        and all(counts[key] >= minimum and key not in barred for key in cells.values())
    }
    sizes = {unit: sum(counts[key] for key in cells.values()) for unit, cells in rows.items()}
    while ready and not _rest_is_safe(rows, ready, counts, minimum):
        ready.remove(min(ready, key=lambda unit: (sizes[unit], unit)))
    return {key for unit in ready for key in rows[unit].values()}


def _rest_is_safe(
    rows: Mapping[str, Mapping[str, Key]],
    ready: set[str],
    counts: Mapping[Key, int],
    minimum: int,
) -> bool:
    hidden = [cells for unit, cells in rows.items() if unit not in ready]
    sums: dict[str, list[int]] = defaultdict(list)
    for cells in hidden:
        for group, key in cells.items():
            sums[group].append(counts[key])
    return all(len(parts) > 1 and sum(parts) >= minimum for parts in sums.values())


def _rests(cube: Cube, sets: Sets, shown: set[Key]) -> dict[tuple[str, Key], int]:
    """Return what is left of the whole, and of each group, without the shown parts of it."""
    rests: dict[tuple[str, Key], int] = {}
    for place in range(cube.places):
        rest = sets[cube.whole]
        for key in cube.groups(place):
            if key in shown:
                rest &= ~sets[key]
        rests[("rest", _key(cube.places, {place: "*"}))] = rest
    for key in cube.groups(1) if cube.places > 1 else []:
        rest = sets[key]
        for crossed in shown:
            if _is_crossed(crossed) and crossed[1] == key[1]:
                rest &= ~sets[crossed]
        rests[("rest", key)] = rest
    return {name: rest for name, rest in rests.items() if rest}


def _too_near(cube: Cube, sets: Sets, shown: set[Key], minimum: int) -> Key | None:
    """Return the smallest shown cell that, with another set, gives a smaller one away."""
    cells = sorted(shown - {cube.whole}, key=lambda key: (sets[key].bit_count(), str(key)))
    known = [*((key, sets[key]) for key in [*cells, cube.whole])]
    rests = [*_rests(cube, sets, shown).items()]
    for key in cells:
        own = sets[key]
        for other, outer in known:
            if other != key and _gives_away(own, outer, minimum):
                return key
        for _name, rest in rests:
            if _gives_away(own, rest, minimum) or _gives_away(rest, own, minimum):
                return key
    return _near_rests(cube, sets, shown, rests, minimum)


def _near_rests(
    cube: Cube,
    sets: Sets,
    shown: set[Key],
    rests: Sequence[tuple[tuple[str, Key], int]],
    minimum: int,
) -> Key | None:
    """Return the smallest shown group when two rests lie too near to each other."""
    near = any(
        _gives_away(one, other, minimum)
        for name, one in rests
        for other_name, other in rests
        if name != other_name
    )
    if not near:
        return None
    groups = [key for key in shown if key != cube.whole]
    return min(groups, key=lambda key: (sets[key].bit_count(), str(key)), default=None)


def _gives_away(inner: int, outer: int, minimum: int) -> bool:
    """Whether one set lies in the other with somebody, but fewer than the minimum, between."""
    return inner & ~outer == 0 and 0 < (outer & ~inner).bit_count() < minimum
