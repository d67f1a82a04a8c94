"""Which cells of a table with totals may be shown (小单元格抑制).

A cell of one to four is hidden. A total minus everything that is shown would give a single hidden
cell away, so others are hidden with it (complementary suppression), until in no line of the table
a hidden value, or a sum of hidden values below the minimum, can be worked out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

# Source: section 3.8 of the case facts: a cell below five people is hidden.
MINIMUM = 5

Key = tuple[Any, ...]


def _lines(keys: Iterable[Key]) -> list[tuple[Key, list[Key]]]:
    """Return each line of a cube as its total and its parts; None in a place is the total."""
    parts: dict[Key, list[Key]] = defaultdict(list)
    for key in keys:
        for place, value in enumerate(key):
            if value is not None:
                parts[(*key[:place], None, *key[place + 1 :])].append(key)
    lines = []
    for total, members in parts.items():
        by_place: dict[int, list[Key]] = defaultdict(list)
        for member in members:
            place = next(
                index
                for index, value in enumerate(total)
                if value is None and member[index] is not None
            )
            by_place[place].append(member)
        lines += [(total, found) for found in by_place.values()]
    return lines


def hidden_cells(
    counts: Mapping[Key, int], also: Iterable[Key] = (), minimum: int = MINIMUM
) -> set[Key]:
    """Return the cells that may not be shown.

    Args:
        counts: how many people or cases are in each cell; a place of a key that is None sums up
            over its dimension.
        also: cells that are hidden for another reason.
        minimum: fewer than so many, but not none, hide a cell.
    """
    hidden = {key for key, count in counts.items() if 0 < count < minimum}
    hidden.update(key for key in also if counts.get(key))
    lines = [
        (total, sorted((part for part in parts if counts[part]), key=lambda part: counts[part]))
        for total, parts in _lines(counts)
    ]
    changed = True
    while changed:
        changed = False
        for total, parts in lines:
            if (more := _one_more(total, parts, hidden, counts, minimum)) is not None:
                hidden.add(more)
                changed = True
    return hidden


def _one_more(
    total: Key,
    parts: list[Key],
    hidden: set[Key],
    counts: Mapping[Key, int],
    minimum: int,
) -> Key | None:
    """Return the cell that has to be hidden besides in one line; None where the line is safe."""
    gone = [part for part in parts if part in hidden]
    if total in hidden:
        # A total whose parts are all shown is no secret.
        return parts[0] if parts and not gone else None
    if not gone:
        return None
    if len(gone) > 1 and sum(counts[part] for part in gone) >= minimum:
        return None
    shown = next((part for part in parts if part not in hidden), None)
    return shown if shown is not None else total
