"""AES-256-GCM for single values, with key rotation.

A stored value is `v1:<key id>:<base64 of nonce, ciphertext and tag>`. The key id is the
first eight hex digits of the key's SHA-256, so old rows stay readable after a new key is
put in front of `FIELD_ENCRYPTION_KEYS`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PREFIX = "v1"
NONCE_BYTES = 12
KEY_BYTES = 32


class UnreadableValue(ValueError):
    """A stored value cannot be decrypted: its key is missing or its bytes were changed."""


def _decoded_key(encoded: str, setting: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"{setting} must hold base64 keys.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{setting} must hold keys of {KEY_BYTES} bytes.")
    return key


@lru_cache(maxsize=4)
def _keys(encoded: tuple[str, ...]) -> dict[str, bytes]:
    if not encoded:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty.")
    keys = [_decoded_key(key, "FIELD_ENCRYPTION_KEYS") for key in encoded]
    return {hashlib.sha256(key).hexdigest()[:8]: key for key in keys}


def encrypt(value: str) -> str:
    """Return the stored form of a value under the newest key."""
    key_id, key = next(iter(_keys(tuple(settings.FIELD_ENCRYPTION_KEYS)).items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, value.encode(), key_id.encode())
    return f"{PREFIX}:{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def is_under_newest_key(stored: str) -> bool:
    """Whether a stored form was made with the first key of the setting."""
    newest = next(iter(_keys(tuple(settings.FIELD_ENCRYPTION_KEYS))))
    return stored.startswith(f"{PREFIX}:{newest}:")


def decrypt(stored: str) -> str:
    """Return the value behind a stored form.

    Raises:
        UnreadableValue: no configured key opens it.
    """
    try:
        prefix, key_id, sealed = stored.split(":", 2)
        if prefix != PREFIX:
            raise UnreadableValue("The stored value has an unknown form.")
        key = _keys(tuple(settings.FIELD_ENCRYPTION_KEYS))[key_id]
        raw = base64.b64decode(sealed, validate=True)
        opened = AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode())
    except (KeyError, InvalidTag) as error:
        raise UnreadableValue("No configured key opens the stored value.") from error
    except ValueError as error:
        raise UnreadableValue("The stored value is damaged.") from error
    return opened.decode()


def wrap(secret: bytes, context: bytes) -> tuple[str, bytes]:
    """Seal a key of another layer under the newest key.

    Args:
        secret: the bytes to protect.
        context: what they belong to; they can be opened with the same words only.

    Returns:
        The key id and nonce, ciphertext and tag in one.
    """
    key_id, key = next(iter(_keys(tuple(settings.FIELD_ENCRYPTION_KEYS)).items()))
    nonce = os.urandom(NONCE_BYTES)
    return key_id, nonce + AESGCM(key).encrypt(nonce, secret, key_id.encode() + context)


def unwrap(key_id: str, sealed: bytes, context: bytes) -> bytes:
    """Return what `wrap` sealed.

    Raises:
        UnreadableValue: the key is not configured, or bytes or context were changed.
    """
    try:
        key = _keys(tuple(settings.FIELD_ENCRYPTION_KEYS))[key_id]
        return AESGCM(key).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], key_id.encode() + context
        )
    except (KeyError, InvalidTag, ValueError) as error:
        raise UnreadableValue("No configured key opens the sealed key.") from error


def key_ids() -> list[str]:
    """Return the ids of the configured keys, the newest first."""
    return list(_keys(tuple(settings.FIELD_ENCRYPTION_KEYS)))


def blind_index(value: str) -> str:
    """Return the keyed digest (64 hex digits) by which an encrypted value can be found."""
    key = _decoded_key(settings.BLIND_INDEX_KEY, "BLIND_INDEX_KEY")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
