"""Receipts (查询码): 16 symbols of Crockford's base 32, 80 bits, kept as a keyed digest only.

The digest is an HMAC-SHA-256 under a key of its own that is not in the database. A slow hash
would be needless at 80 bits and a lever to bring the portal down. The urn uses another label than
the opinion, so that neither can be found from the other without the key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 16
GROUP = 4
KEY_BYTES = 32
OPINION_LABEL, WAITING_LABEL = "feedback:v1:", "feedback-waiting:v1:"
# What people read one for the other.
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
# What nobody types on purpose is cut off before any work is done with it.
LONGEST_TYPED = 100


def new_receipt() -> str:
    """Return a new receipt without hyphens."""
    return "".join(secrets.choice(ALPHABET) for _symbol in range(SYMBOLS))


def grouped(receipt: str) -> str:
    """Return a receipt as people read it: XXXX-XXXX-XXXX-XXXX."""
    return "-".join(receipt[start : start + GROUP] for start in range(0, len(receipt), GROUP))


def normalized(typed: str) -> str:
    """Return what was typed in the form that is digested.

    Full-width characters, lower case, blanks, hyphens and commas of any script are allowed; I and
    L count as 1, O as 0.
    """
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper().translate(_ALIKE)
    return "".join(symbol for symbol in plain if symbol in ALPHABET)


def is_whole(receipt: str) -> bool:
    """Whether a normalised receipt has all its symbols."""
    return len(receipt) == SYMBOLS


def _key() -> bytes:
    try:
        key = base64.b64decode(settings.RECEIPT_PEPPER, validate=True)
    except ValueError as error:
        raise ImproperlyConfigured("RECEIPT_PEPPER must be base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured("RECEIPT_PEPPER must hold 32 bytes.")
    return key


def keyed_digest(label: str, value: str) -> bytes:
    """Return 32 bytes that say nothing without the key."""
    return hmac.new(_key(), (label + value).encode(), hashlib.sha256).digest()


def opinion_mac(receipt: str) -> bytes:
    """Return what an opinion keeps of a normalised receipt."""
    return keyed_digest(OPINION_LABEL, receipt)


def waiting_mac(receipt: str) -> bytes:
    """Return what the urn keeps of a normalised receipt."""
    return keyed_digest(WAITING_LABEL, receipt)


def is_mentioned(receipt: str, text: str) -> bool:
    """Whether a text contains a receipt, which the office would then read.

    Source: SecureDrop refuses a message that contains the code of its source.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_ALIKE)
    return receipt in "".join(symbol for symbol in plain if symbol in ALPHABET)
