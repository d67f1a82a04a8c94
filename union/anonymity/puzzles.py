"""Proof of work against programs, without knowing who works; a question where no script runs.

A challenge is a random number, how hard it is and until when, signed by the portal and kept
nowhere. It is answered by a number whose SHA-256 begins with so many zero bits, which a phone
finds in about a second, or by the answer to a sum in words. It is good for ten minutes and for
one use: the key of its row is a keyed digest of it, so the database itself refuses the second.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.refusals import Refusal
from union.anonymity.receipts import keyed_digest
from union.models import SpentChallenge

SECONDS = 10 * 60
HOUR = 3600
SALT = "union.anonymity.puzzle"
SPENT_LABEL = "feedback-challenge:v1:"
KEY_BITS = 63
# A number of the answer is no longer than this.
LONGEST_SOLUTION = 20
# So many in an hour are usual; with every doubling the puzzle becomes twice as hard.
USUAL_PER_HOUR = 30
HARDEST_EXTRA_BITS = 4
_WORDS = "零一二三四五六七八九十"


class PuzzleSpent(Refusal):
    """The challenge was used already."""

    status = 409
    title = gettext_lazy("This was sent already")


class PuzzleTooOld(PuzzleSpent):
    """The ten minutes of the challenge ended while the form was read."""

    title = gettext_lazy("Please answer once more")


@dataclass(frozen=True)
class Challenge:
    """One puzzle with its question.

    Attributes:
        token: signed; the browser sends it back.
        nonce: random (hex), part of what is hashed.
        bits: leading zero bits that are asked for.
        question: the sum in words.
    """

    token: str
    nonce: str
    bits: int
    question: str


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _WORDS[ones]
    return ("" if tens == 1 else _WORDS[tens]) + "十" + (_WORDS[ones] if ones else "")


def _sum_of(nonce: str) -> tuple[int, int]:
    """Return the two numbers of the sum; they follow from the random number of the challenge."""
    digest = hashlib.sha256(f"sum:{nonce}".encode()).digest()
    return 2 + digest[0] % 18, 2 + digest[1] % 9


def _bits_now() -> int:
    """Return how hard puzzles are now: harder when more comes in than usual."""
    count = int(cache.get(_count_key(), 0))
    extra = 0
    while count >= USUAL_PER_HOUR * 2 ** (extra + 1) and extra < HARDEST_EXTRA_BITS:
        extra += 1
    return int(settings.OPINION_PUZZLE_BITS) + extra


def _count_key() -> str:
    return f"opinion-puzzles:{int(time.time()) // HOUR}"


def new_challenge() -> Challenge:
    """Return a new challenge; nothing of it is kept."""
    nonce, bits = secrets.token_hex(16), _bits_now()
    until = int(time.time()) + SECONDS
    token = signing.Signer(salt=SALT).sign_object({"n": nonce, "b": bits, "u": until})
    return Challenge(token, nonce, bits, _question(nonce))


def _question(nonce: str) -> str:
    first, second = _sum_of(nonce)
    return _("How much is %(first)s plus %(second)s? Please write the number in digits.") % {
        "first": _in_words(first),
        "second": _in_words(second),
    }


def _opened(token: str) -> dict[str, Any] | None:
    try:
        opened: dict[str, Any] = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return opened if opened.get("u", 0) >= time.time() else None


def known_challenge(token: str) -> Challenge | None:
    """Return the challenge behind a token that is still good; None for any other."""
    opened = _opened(token)
    if opened is None:
        return None
    return Challenge(token, opened["n"], opened["b"], _question(opened["n"]))


def is_solution(nonce: str, bits: int, solution: str) -> bool:
    """Whether a number solves the puzzle."""
    if not solution or len(solution) > LONGEST_SOLUTION or not solution.isascii():
        return False
    digest = hashlib.sha256(f"{nonce}:{solution}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def is_answer(nonce: str, answer: str) -> bool:
    """Whether an answer to the question is right; full-width digits are allowed."""
    plain = "".join(symbol for symbol in answer if symbol.isdecimal())
    if not plain or len(plain) > LONGEST_SOLUTION:
        return False
    return hmac.compare_digest(str(int(plain)), str(sum(_sum_of(nonce))))


def is_solved(token: str, solution: str, answer: str) -> bool:
    """Whether a challenge is still good and was solved, in one way or the other."""
    challenge = known_challenge(token)
    if challenge is None:
        return False
    by_work = is_solution(challenge.nonce, challenge.bits, solution)
    return by_work or is_answer(challenge.nonce, answer)


def spend(token: str) -> None:
    """Use a challenge up, inside the transaction that writes what it was solved for.

    Raises:
        PuzzleSpent: it was used before, by whichever process.
        PuzzleTooOld: it is no challenge of the portal, or none any more.
    """
    opened = _opened(token)
    if opened is None:
        raise PuzzleTooOld(_("The question was too old. Please answer this new one."))
    digest = keyed_digest(SPENT_LABEL, opened["n"])
    key = int.from_bytes(digest[:8], "big") >> (64 - KEY_BITS)
    try:
        with transaction.atomic():
            SpentChallenge(pk=key, day=timezone.localdate()).save(force_insert=True)
    except IntegrityError as error:
        raise PuzzleSpent(
            _(
                "The opinion with this answer has arrived already, and only once. If you did not"
                " see its receipt, please answer the new question and send it again."
            )
        ) from error
    cache.add(_count_key(), 0, HOUR)
    try:
        cache.incr(_count_key())
    except ValueError:
        # The hour ended between the two.
        return


def forget_spent() -> str:
    """Forget challenges of earlier days, which are too old to be used; for the daily jobs."""
    before = timezone.localdate() - datetime.timedelta(days=1)
    count, _rows = SpentChallenge.objects.filter(day__lt=before).delete()
    return f"{count} spent challenges forgotten"
