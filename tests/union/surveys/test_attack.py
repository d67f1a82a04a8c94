"""An attacker with the published figures, linear programming and subtraction finds nobody."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy
import pytest
from scipy.optimize import linprog

from union.surveys.releasing import Cube, cube_of, released

MINIMUM = 5
# The large run of the faults, or a tenth of it.
SURVEYS = 5000 if os.environ.get("PORTAL_FAULTS") == "full" else 500
Row = tuple[str, ...]


def random_rows(chance: random.Random) -> list[Row]:
    """Return the groups of the sheets of a survey as they happen: skewed, with small ones."""
    units = [f"u{number}" for number in range(chance.randint(1, 9))]
    ages = [f"a{number}" for number in range(chance.randint(1, 4))]
    posts = [f"p{number}" for number in range(chance.randint(1, 3))]
    segments = chance.choice((1, 2, 2, 3))
    weights = [chance.paretovariate(0.8) for _unit in units]
    return [
        (chance.choices(units, weights)[0], chance.choice(ages), chance.choice(posts))[:segments]
        for _sheet in range(chance.randint(3, 140))
    ]


class Attacker:
    """Knows the published numbers of answers and the rules, and nothing else.

    The unknowns are the numbers of people in every combination of groups; what is published are
    sums of them. A hidden group whose smallest and largest possible number is the same is found.
    """

    def __init__(self, cube: Cube, found: set[tuple[str | None, ...]]) -> None:
        values = [
            sorted({key[place] for key in cube.sets if key[place] is not None})
            for place in range(cube.places)
        ]
        self.atoms: list[Row] = [()]
        for names in values:
            self.atoms = [(*atom, str(name)) for atom in self.atoms for name in names]
        self.sums = [self._row(key) for key in found]
        self.numbers = [cube.sets[key].bit_count() for key in found]

    def _row(self, key: Sequence[str | None]) -> list[float]:
        return [
            float(all(wanted in (None, got) for wanted, got in zip(key, atom, strict=True)))
            for atom in self.atoms
        ]

    def bounds(self, key: Sequence[str | None]) -> tuple[int, int]:
        """Return the smallest and the largest number of people a cell can have."""
        goal = numpy.array(self._row(key))
        ends = [
            linprog(sign * goal, A_eq=self.sums, b_eq=self.numbers, bounds=(0, None))
            for sign in (1, -1)
        ]
        return round(ends[0].fun), round(-ends[1].fun)


def attacked(
    release: Callable[[Cube], set[tuple[str | None, ...]]], surveys: int
) -> list[tuple[int, object, int]]:
    """Return which small sets are found out in random surveys that are published like this."""
    chance = random.Random(20261122)
    found_out: list[tuple[int, object, int]] = []
    for number in range(surveys):
        rows = random_rows(chance)
        cube = cube_of(rows, crossed=chance.random() < 0.6)
        if not (cells := release(cube)):
            continue
        attacker = Attacker(cube, cells)
        for key in [key for key in cube.sets if key not in cells]:
            least, most = attacker.bounds(key)
            if least == most and 0 < least < MINIMUM:
                found_out.append((number, key, least))
        found_out += [(number, *pair) for pair in differences(cube, cells)]
    return found_out


@pytest.mark.faults
def test_an_attacker_with_the_published_figures_finds_no_cell_below_the_minimum() -> None:
    assert attacked(lambda cube: released(cube, MINIMUM), SURVEYS) == []


def test_the_attacker_finds_people_when_only_small_groups_are_hidden() -> None:
    def only_small_ones_hidden(cube: Cube) -> set[tuple[str | None, ...]]:
        return {key for key, found in cube.sets.items() if found.bit_count() >= MINIMUM}

    assert len(attacked(only_small_ones_hidden, 40)) > 10


def differences(cube: Cube, cells: set[tuple[str | None, ...]]) -> list[tuple[str, int]]:
    """Return the small sets that one published number subtracted from another gives."""
    found = []
    by_line: dict[tuple[object, ...], int] = defaultdict(int)
    for key in cells:
        for place, value in enumerate(key):
            if value is not None and sum(part is not None for part in key) == 1:
                by_line[(place,)] += cube.sets[key].bit_count()
    total = cube.sets[cube.whole].bit_count()
    for line, sum_of_shown in by_line.items():
        if 0 < total - sum_of_shown < MINIMUM:
            found.append((f"rest of {line}", total - sum_of_shown))
    for inner in cells:
        for outer in cells:
            one, other = cube.sets[inner], cube.sets[outer]
            if one & ~other == 0 and 0 < (other & ~one).bit_count() < MINIMUM:
                found.append((f"{outer} without {inner}", (other & ~one).bit_count()))
    return found
