"""What changed between two versions of a record: additions and removals, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from portal.archives.sources import ContentPart

#: Sentences longer than this together are compared as wholes, not letter by letter.
LONGEST_COMPARED = 4_000
_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]?")
_WORD = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of text that both versions have, or only one."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class PartDifference:
    """One field or block in two versions.

    Attributes:
        change: "same", "added", "removed" or "changed".
    """

    label: str
    change: str
    before: list[Stretch] = field(default_factory=list)
    after: list[Stretch] = field(default_factory=list)


def differences(
    before: Sequence[ContentPart], after: Sequence[ContentPart]
) -> list[PartDifference]:
    """Compare two versions; fields and blocks belong together by their keys."""
    old = {part.key: part for part in before}
    new = {part.key: part for part in after}
    found = []
    for key in _merged_keys(before, after):
        first, second = old.get(key), new.get(key)
        if first is None and second is not None:
            found.append(
                PartDifference(second.label, "added", after=[Stretch(second.text, changed=True)])
            )
        elif second is None and first is not None:
            found.append(
                PartDifference(first.label, "removed", before=[Stretch(first.text, changed=True)])
            )
        elif first is not None and second is not None:
            same = first.text == second.text
            left, right = compare(first.text, second.text)
            found.append(PartDifference(second.label, "same" if same else "changed", left, right))
    return found


def _merged_keys(before: Sequence[ContentPart], after: Sequence[ContentPart]) -> Iterator[str]:
    """Yield the keys of both in the order of the newer one, removed ones where they stood."""
    kept = {part.key for part in after}
    waiting = [part.key for part in before]
    for part in after:
        if part.key in waiting:
            while waiting[0] != part.key:
                key = waiting.pop(0)
                if key not in kept:
                    yield key
            waiting.pop(0)
        yield part.key
    yield from (key for key in waiting if key not in kept)


def compare(before: str, after: str) -> tuple[list[Stretch], list[Stretch]]:
    """Return both texts cut into what they share and what only one has.

    Sentences are compared first, then the letters of sentences that took each other's place.
    """
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    left: list[Stretch] = []
    right: list[Stretch] = []
    for change, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if change == "equal":
            left.append(Stretch(gone))
            right.append(Stretch(come))
        elif change == "replace" and len(gone) + len(come) <= LONGEST_COMPARED:
            _compare_letters(gone, come, left, right)
        else:
            left.append(Stretch(gone, changed=True))
            right.append(Stretch(come, changed=True))
    return _joined(left), _joined(right)


def _compare_letters(before: str, after: str, left: list[Stretch], right: list[Stretch]) -> None:
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.35:
        # A few shared letters in a new sentence would only confuse.
        left.append(Stretch(before, changed=True))
        right.append(Stretch(after, changed=True))
        return
    for change, i, j, k, m in matcher.get_opcodes():
        left.append(Stretch("".join(old[i:j]), changed=change != "equal"))
        right.append(Stretch("".join(new[k:m]), changed=change != "equal"))


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Put neighbours of one sort together and drop empty ones."""
    found: list[Stretch] = []
    for stretch in stretches:
        if not stretch.text:
            continue
        if found and found[-1].changed == stretch.changed:
            found[-1] = Stretch(found[-1].text + stretch.text, stretch.changed)
        else:
            found.append(stretch)
    return found
