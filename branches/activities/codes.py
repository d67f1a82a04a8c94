"""The code on the screen of a meeting, which changes every half minute and is stored nowhere.

It holds the activity and the half minute it was made in, signed with the portal's key. A phone that
read it in time is given a slip for a few minutes, bound to its browser by a cookie, so that there
is time to sign in to the account; the code itself is worthless a minute later.
"""

from __future__ import annotations

import time

from django.core import signing
from django.core.signing import BadSignature, SignatureExpired

#: How long one code is shown, in seconds.
SHOWN_SECONDS = 30
#: How many codes before the one of now are still good: a slow phone, a clock that differs.
TOLERATED = 1
#: How long a phone may take from reading the code to signing in.
SLIP_SECONDS = 300
SLIP_COOKIE = "activity-slip"

_signer = signing.Signer(salt="branches.activities.code", sep=".")
_slips = signing.TimestampSigner(salt="branches.activities.slip", sep=".")


def _slot(moment: float | None) -> int:
    return int((time.time() if moment is None else moment) // SHOWN_SECONDS)


def code_of(activity_id: int, moment: float | None = None) -> str:
    """Return the code of an activity at a moment in seconds since 1970, now by default."""
    return _signer.sign(f"{activity_id}-{_slot(moment)}")


def is_fresh(code: str, activity_id: int, moment: float | None = None) -> bool:
    """Whether a code is one of this activity, shown now or just before."""
    try:
        activity, _dash, slot = _signer.unsign(code).partition("-")
    except BadSignature:
        return False
    if activity != str(activity_id) or not slot.isdecimal():
        return False
    # One ahead is forgiven as well: another node's clock may run before this one.
    return -1 <= _slot(moment) - int(slot) <= TOLERATED


def slip_of(activity_id: int) -> str:
    """Return the slip of a phone that read a code in time."""
    return _slips.sign(str(activity_id))


def slip_holds(slip: str, activity_id: int) -> bool:
    """Whether a slip is for this activity and not too old."""
    try:
        return _slips.unsign(slip, max_age=SLIP_SECONDS) == str(activity_id)
    except (BadSignature, SignatureExpired):
        return False
