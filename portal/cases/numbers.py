"""Case numbers (受理编号) and tracking codes.

The number is public and opens nothing. The tracking code is a secret of 16 digits (53 bits),
typed on the keypad of a phone; only its keyed digest is stored.
"""

from __future__ import annotations

import datetime
import secrets
import unicodedata

from django.db import transaction
from django.db.models import F

from portal.cases.models import CaseNumber
from portal.personal_data.encryption import blind_index

CODE_DIGITS = 16
GROUP = 4
_LABEL = "case-tracking:"


@transaction.atomic
def next_number(prefix: str, day: datetime.date) -> str:
    """Issue the next number of a prefix in a year, such as YJ-2026-0000418."""
    counter, _created = CaseNumber.objects.get_or_create(prefix=prefix, year=day.year)
    CaseNumber.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    counter.refresh_from_db(fields=["last"])
    return f"{prefix}-{day.year}-{counter.last:07d}"


def new_tracking_code() -> str:
    """Return a new code: 16 random digits."""
    return "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))


def grouped(code: str) -> str:
    """Return a code as people read it: four groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalized_code(typed: str) -> str:
    """Return the digits of what somebody typed: full-width digits, spaces and hyphens allowed."""
    digits = unicodedata.normalize("NFKC", typed)
    return "".join(character for character in digits if character in "0123456789")


def tracking_digest(code: str) -> str:
    """Return what is stored of a code. Its own label keeps it apart from other blind indexes."""
    return blind_index(_LABEL + normalized_code(code))
