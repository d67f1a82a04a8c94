"""Numbers as people type them: full-width digits, spaces and hyphens are no mistakes."""

from __future__ import annotations

import unicodedata

#: Hyphens and dashes of keyboards and input methods, besides those NFKC turns into "-".
_DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−﹣－·"))


def plain_number(value: str) -> str:
    """Return a number in half-width characters, without spaces and hyphens, in capitals."""
    narrow = unicodedata.normalize("NFKC", value).translate(_DASHES)
    # What is invisible comes along when a number is copied from a page or a chat.
    visible = (letter for letter in narrow if unicodedata.category(letter) not in ("Cf", "Cc"))
    return "".join("".join(visible).split()).upper()


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of a card number fits (ISO/IEC 7812-1, annex B)."""
    total = 0
    for position, letter in enumerate(reversed(digits)):
        value = int(letter) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
