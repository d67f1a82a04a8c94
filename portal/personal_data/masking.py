"""How sensitive values look to people who have no need of the whole value.

Source: the masking rules of the personal data chapter of the domain facts: identity
number 3 + 4, phone 3 + 4.
"""

from __future__ import annotations


def masked(value: str, head: int, tail: int) -> str:
    """Return a value with all but its first and last characters replaced by stars."""
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


def masked_identity_number(value: str) -> str:
    """Return an identity number as 140***********0010."""
    return masked(value, 3, 4)


def masked_phone(value: str) -> str:
    """Return a phone number as 139****0001."""
    return masked(value, 3, 4)
