"""What somebody typed, without characters nobody sees."""

from __future__ import annotations

import unicodedata

# Joins parts of one emoji, and chooses its colourful form; without words around they are nothing.
_OF_EMOJI = frozenset("\u200d\ufe0f")
_LAYOUT = frozenset("\n\t")


def plain_text(typed: str) -> str:
    """Return a text without control and zero-width characters, with plain line ends.

    Invisible characters can hide a mark by which a copied text finds its way back to a person.
    """
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        letter
        for letter in text
        if letter in _LAYOUT
        or letter in _OF_EMOJI
        or unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    ).strip()


def visible_length(text: str) -> int:
    """Return how many characters of a text can be seen."""
    return sum(
        1
        for letter in text
        if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf", "Mn", "Me")
    )
