"""Hits shown in their context, marked, whatever form the author wrote them in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.search import text

#: Characters shown before and after the first hit.
BEFORE, AFTER = 36, 110

_SENTENCE_END = re.compile(r"[。！？；\n]")


def marking_pattern(stretches: Iterable[text.Stretch]) -> re.Pattern[str] | None:
    """Return the expression that finds the stretches in folded text; None without any."""
    sources = sorted((_source(stretch) for stretch in stretches), key=len, reverse=True)
    return re.compile("|".join(sources)) if sources else None


def _source(stretch: text.Stretch) -> str:
    parts = text.parts(stretch.normal)
    source = " ?".join(re.escape(part) for part in parts)
    if text.is_latin(parts[0]):
        source = rf"(?<!{text.LATIN}){source}"
    if text.is_latin(parts[-1]) and not stretch.open_end:
        source = rf"{source}(?!{text.LATIN})"
    return source


def spans(original: str, pattern: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Return where the pattern matches, as positions in the original text."""
    if pattern is None:
        return []
    folded = text.fold(original)
    found = [match.span() for match in pattern.finditer(folded)]
    if not found or text.folds_evenly(original):
        return found
    # Some characters fold to none or several: find out which one each position came from.
    ends = list(accumulate(len(text.fold(character)) for character in original))
    origins = [
        index
        for index, (start, end) in enumerate(zip([0, *ends], ends, strict=False))
        for _ in range(end - start)
    ]
    return [(origins[start], origins[end - 1] + 1) for start, end in found]


def marked(original: str, pattern: re.Pattern[str] | None) -> SafeString:
    """Return escaped text with every hit in a ``mark`` element."""
    original = unicodedata.normalize("NFC", original)
    return _marked(original, spans(original, pattern), 0, len(original))


def excerpt(original: str, pattern: re.Pattern[str] | None) -> SafeString | None:
    """Return the surroundings of the first hit, hits marked; None when there is no hit.

    Args:
        original: cleaned text, as :func:`portal.search.text.clean` gives it.
        pattern: what to mark.
    """
    found = spans(original, pattern)
    if not found:
        return None
    first, first_end = found[0]
    start = max(first - BEFORE, 0)
    if start:
        # Rather begin with the sentence than in the middle of a word.
        ends = [match.end() for match in _SENTENCE_END.finditer(original, start, first)]
        start = ends[-1] if ends else start
    end = min(max(first + AFTER, first_end), len(original))
    return _window(original, found, start, end)


def beginning(original: str) -> SafeString:
    """Return the first words of a text, for hits that are in the title only."""
    return _window(original, [], 0, min(BEFORE + AFTER, len(original)))


def _window(original: str, found: Sequence[tuple[int, int]], start: int, end: int) -> SafeString:
    inner = _marked(original, found, start, end)
    at_sentence = start == 0 or _SENTENCE_END.match(original[start - 1]) is not None
    return format_html(
        "{}{}{}", "" if at_sentence else "…", inner, "…" if end < len(original) else ""
    )


def _marked(original: str, found: Sequence[tuple[int, int]], start: int, end: int) -> SafeString:
    pieces: list[tuple[str, str]] = []
    position = start
    for first, last in found:
        if first < position or last > end:
            continue
        pieces.append((_line(original[position:first]), _line(original[first:last])))
        position = last
    return format_html(
        "{}{}",
        format_html_join("", "{}<mark>{}</mark>", pieces),
        _line(original[position:end]),
    )


def _line(piece: str) -> str:
    return piece.replace("\n", " ")
