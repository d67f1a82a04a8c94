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


def masked_bank_card(value: str) -> str:
    """Return a bank card number as **** **** **** 0018, whatever its length."""
    if not value:
        return ""
    tail = value[-4:] if len(value) > 8 else "*" * len(value[-4:])
    return f"**** **** **** {tail}"


# Surnames of two characters (复姓); every other Chinese surname has one.
_COMPOUND = (
    "欧阳上官司马司徒司空诸葛皇甫尉迟公孙令狐慕容夏侯东方西门南宫独孤长孙宇文轩辕端木百里呼延东郭南门"
    "申屠公羊澹台公冶宗政濮阳淳于单于太叔钟离闻人赫连万俟闾丘鲜于拓跋第五纳兰完颜"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND[place : place + 2] for place in range(0, len(_COMPOUND), 2))


def masked_name(value: str) -> str:
    """Return a name with its surname only: 张*, 欧阳**; one star for each hidden character."""
    name = "".join(value.split())
    shown = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    if len(name) <= shown:
        return "*" * len(name)
    return name[:shown] + "*" * (len(name) - shown)
