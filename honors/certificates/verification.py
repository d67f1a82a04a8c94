"""Verification of a certificate (证书查验): what its code leads to, and how often one may guess."""

from __future__ import annotations

import unicodedata

from honors.models import Award
from honors.models.awards import CODE_LENGTH
from portal.cases.attempts import Attempts
from portal.personal_data.encryption import blind_index

PURPOSE = "honor-certificate"


def typed_code(text: str) -> str:
    """Return a code as it is stored, whatever its width, blanks, hyphens and capitals."""
    plain = unicodedata.normalize("NFKC", text[:200]).lower()
    return "".join(sign for sign in plain if sign.isalnum())


class TooManyAttempts(Exception):
    """The machine tried so many unknown codes that it has to wait."""


def find(code: str, address: str) -> Award | None:
    """Return the award a code belongs to; None for an unknown code, which counts as a failure.

    A code that is right always opens, so nobody is kept from checking a certificate in hand.

    Args:
        code: as it stands in the address or was typed.
        address: of the visitor's machine, counted for an hour and stored nowhere else.

    Raises:
        TooManyAttempts: the machine tried too many unknown codes within the hour.
    """
    plain = typed_code(code)
    award = None
    if len(plain) == CODE_LENGTH:
        award = Award.objects.confirmed().filter(code=plain).first()
    if award is not None:
        return award
    attempts = Attempts(PURPOSE, blind_index(f"{PURPOSE}:{plain}"), address)
    if not attempts.wait() or attempts.are_too_many():
        raise TooManyAttempts
    attempts.count_failure()
    return None
