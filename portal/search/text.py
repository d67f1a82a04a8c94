"""How text becomes comparable: normal form, tokens, pieces of long bodies.

One rule decides whether a word is found, on every database: a *stretch* of the query (what
is left between white space and punctuation) is found in a text when the normal form of the
stretch occurs in the normal form of the text. The tokens only lead to candidates quickly.

Normal form
    Width and compatibility forms folded (NFKC), case folded, traditional characters replaced
    by simplified ones, one character at a time, so that the normal form of a part is always a
    part of the normal form of the whole. Punctuation and white space become one space, which
    nothing matches across. A Latin word or number is fenced by :data:`FENCE` on both sides, so
    that "7" is not found in "17"; a plain space between a Latin word and a Chinese character
    is typographic only and dropped ("2026 年" and "2026年" are the same).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import opencc

#: Stands on both sides of every Latin word in the normal form. Never part of a word.
FENCE = "|"

#: Marks that tell tokens of different origin apart. Private characters, which the normal form
#: of a text never contains; both databases take them for letters.
TITLE_MARK = "\ue000"
AUTOCOMPLETE_MARK = "\ue001"
FACET_MARK = "\ue002"

#: Bodies are stored, verified and quoted in pieces of this many characters.
CHUNK_CHARACTERS = 8_000
#: Neighbouring pieces share this many characters.
CHUNK_OVERLAP = 64
#: A stretch of at most this many characters always lies within one piece, typographic spaces
#: included. Longer ones are looked for in parts.
LONGEST_STRETCH = 32
#: PostgreSQL takes tokens of up to 2,046 bytes; longer Latin words are compared by their start.
LONGEST_WORD = 64

# Ideographs of all blocks (extensions and compatibility included), the iteration mark and the
# ideographic zero, which writes years: 二〇二六.
IDEOGRAPHS = "\u4e00-\u9fff々〇\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0003ffff"

_SURROGATE = re.compile("[\ud800-\udfff]")
_WHITE_SPACE = re.compile(r"[^\S\n]+")
_LINE_BREAK = re.compile(r"\s*\n\s*")
# In folded text everything that is no letter and no digit is a space or a line feed.
LATIN = rf"[^ \n{FENCE}{IDEOGRAPHS}]"
_HARD_BREAK = re.compile(r" *\n[ \n]*")
_SPACES = re.compile(r"  +")
_TYPOGRAPHIC_SPACE = re.compile(
    rf" (?:(?<=[{IDEOGRAPHS}] )(?={LATIN})|(?<={LATIN} )(?=[{IDEOGRAPHS}]))"
)
_WORD = re.compile(rf"{LATIN}+")
_PART = re.compile(rf"[{IDEOGRAPHS}]+|{LATIN}+")
_IDEOGRAPH_RUN = re.compile(rf"[{IDEOGRAPHS}]+")
_ALL_IDEOGRAPHS = re.compile(rf"[{IDEOGRAPHS}]+\Z")
_ONE_WORD = re.compile(rf"\{FENCE}{LATIN}+\{FENCE}\Z")


@cache
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _fold_character(character: str) -> str:
    """Return the comparable form of one character: none, one or several characters.

    What is no letter and no digit becomes a space where it may be mere typography, and a line
    feed where it keeps words apart.
    """
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):
        # Zero-width characters, variation selectors and accents that belong to no letter.
        return ""
    if category == "Zs" or character == "\t":
        return " "
    folded = unicodedata.normalize("NFKC", character).casefold()
    folded = unicodedata.normalize("NFKC", folded)
    if not any(part.isalnum() for part in folded):
        return "\n"
    return "".join(
        _simplified().convert(part) if part.isalnum() else "\n"
        for part in folded
        if unicodedata.category(part) not in ("Mn", "Me")
    )


class _FoldingTable(dict[int, str]):
    """A translation table for :meth:`str.translate` that fills itself as characters occur."""

    def __init__(self) -> None:
        super().__init__()
        #: Characters met so far that fold to none or several.
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(folded) != 1:
            self.uneven.add(chr(code))
        self[code] = folded
        return folded


_FOLDING = _FoldingTable()


def clean(text: str) -> str:
    """Return *text* as it is stored and quoted: composed (NFC), white space collapsed.

    Line breaks survive as single line feeds, because they end sentences; everything else
    stays as the author wrote it.
    """
    text = unicodedata.normalize("NFC", text).replace("\x00", " ").replace("\r", "\n")
    # Half of a character pair cannot be stored.
    text = _SURROGATE.sub(" ", text)
    text = _WHITE_SPACE.sub(" ", text)
    return _LINE_BREAK.sub("\n", text).strip()


def fold(text: str) -> str:
    """Return *text* with width, case and traditional forms folded, words not yet fenced."""
    return text.translate(_FOLDING)


def folds_evenly(text: str) -> bool:
    """Whether each character of *text* folds to exactly one, so that positions stay the same."""
    fold(text)
    return _FOLDING.uneven.isdisjoint(text)


def normalise(text: str) -> str:
    """Return the normal form of *text* (see the module's docstring)."""
    folded = fold(unicodedata.normalize("NFC", text))
    separated = _SPACES.sub(" ", _HARD_BREAK.sub("\n", folded))
    joined = _TYPOGRAPHIC_SPACE.sub("", separated)
    return _WORD.sub(rf"{FENCE}\g<0>{FENCE}", joined).replace("\n", " ").strip()


def tokens(normal: str) -> set[str]:
    """Return the tokens of a text in normal form.

    Chinese runs give overlapping pairs and their last character alone, so that every
    character begins exactly one token; Latin words and numbers stay whole.
    """
    found: set[str] = set()
    for run in _IDEOGRAPH_RUN.findall(normal):
        found.update([run[start : start + 2] for start in range(len(run))])
    found.update([word[:LONGEST_WORD] for word in _WORD.findall(normal)])
    return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a query asks for between two separators; it must occur as a whole.

    Attributes:
        normal: its normal form, for example ``第|7|支部``.
        open_end: the last Latin word may go on (autocomplete).
    """

    normal: str
    open_end: bool = False

    @property
    def needle(self) -> str:
        """What must occur in the normal form of a text."""
        if self.open_end and self.normal.endswith(FENCE):
            return self.normal[: -len(FENCE)]
        return self.normal

    @property
    def required_tokens(self) -> list[str]:
        """Tokens every text with this stretch has. Empty for a single Chinese character."""
        found: list[str] = []
        pieces = parts(self.normal)
        for number, part in enumerate(pieces):
            if _ALL_IDEOGRAPHS.match(part):
                found += [part[start : start + 2] for start in range(len(part) - 1)]
            elif not (self.open_end and number == len(pieces) - 1):
                found.append(part[:LONGEST_WORD])
        return list(dict.fromkeys(found))

    @property
    def required_prefix(self) -> str | None:
        """The beginning of one more token every text with this stretch has."""
        pieces = parts(self.normal)
        if not pieces:
            return None
        if self.open_end and not _ALL_IDEOGRAPHS.match(pieces[-1]):
            return pieces[-1][:LONGEST_WORD]
        if len(pieces) == 1 and len(pieces[0]) == 1 and _ALL_IDEOGRAPHS.match(pieces[0]):
            return pieces[0]
        return None

    @property
    def is_exact(self) -> bool:
        """Whether having the tokens already proves the match, so that no text need be read."""
        if _ALL_IDEOGRAPHS.match(self.normal):
            return len(self.normal) <= 2
        if _ONE_WORD.match(self.normal):
            return len(self.normal) <= LONGEST_WORD
        return False


def stretches(query: str, *, open_end: bool = False) -> list[Stretch]:
    """Split a typed query into the stretches that must all be found.

    Args:
        query: what was typed.
        open_end: whether the last Latin word may be unfinished.
    """
    # White space in a query keeps words apart, also where in a text it would be typographic.
    words = [word for typed in query.split() for word in normalise(typed).split(" ") if word]
    found = [
        Stretch(part, open_end=open_end and number == len(words) - 1)
        for number, word in enumerate(words)
        for part in _parts_of(word)
    ]
    return list(dict.fromkeys(found))


def _parts_of(word: str) -> Iterator[str]:
    if len(word) <= LONGEST_STRETCH:
        yield word
        return
    for part in parts(word):
        if not _ALL_IDEOGRAPHS.match(part):
            yield f"{FENCE}{part}{FENCE}"
        elif len(part) <= LONGEST_STRETCH:
            yield part
        else:
            for start in range(0, len(part) - 1, LONGEST_STRETCH - 1):
                yield part[start : start + LONGEST_STRETCH]


def chunks(text: str) -> list[str]:
    """Cut a cleaned text into pieces of :data:`CHUNK_CHARACTERS` that overlap.

    No piece begins or ends inside a Latin word, unless the word is longer than the overlap.
    """
    if len(text) <= CHUNK_CHARACTERS:
        return [text]
    pieces = []
    start = 0
    while True:
        end = _outside_word(text, min(start + CHUNK_CHARACTERS, len(text)))
        pieces.append(text[start:end])
        if end >= len(text):
            return pieces
        start = _outside_word(text, end - CHUNK_OVERLAP)


def _outside_word(text: str, position: int) -> int:
    """Move *position* back, by at most the overlap, so that it does not cut a Latin word."""
    if position >= len(text):
        return len(text)
    for candidate in range(position, position - CHUNK_OVERLAP, -1):
        if not (is_latin(text[candidate]) and is_latin(text[candidate - 1])):
            return candidate
    return position


def is_latin(characters: str) -> bool:
    """Whether a text begins with a letter or digit that is no Chinese character."""
    return bool(_WORD.match(fold(characters)))


def parts(normal: str) -> list[str]:
    """Return the Chinese runs and Latin words of a normal form, in order, without fences."""
    return _PART.findall(normal)
