"""Checks of the keys behind sensitive fields."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags
from django.core.exceptions import ImproperlyConfigured

from portal.personal_data.encryption import blind_index, decrypt, encrypt

_DEVELOPMENT_MARK = "ZGV2ZWxvcG1lbnQt"  # how the base64 of "development-…" begins


def keys(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """The keys are there, of the right form, and open what they sealed."""
    try:
        if decrypt(encrypt("check")) != "check" or len(blind_index("check")) != 64:
            raise ImproperlyConfigured("The keys do not open what they sealed.")
    except ImproperlyConfigured as error:
        return [
            Error(
                str(error),
                hint=(
                    "A key is 32 random bytes in base64:"
                    ' python -c "import base64, secrets;'
                    ' print(base64.b64encode(secrets.token_bytes(32)).decode())"'
                ),
                id="personal_data.E001",
            )
        ]
    return []


def production_keys(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """The keys of the source code never guard real people's data, and no key has two tasks."""
    found: list[CheckMessage] = []
    every = [*settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEY]
    if any(key.startswith(_DEVELOPMENT_MARK) for key in every):
        found.append(
            Error("A key of development is in use; everybody can read it.", id="personal_data.E002")
        )
    if len(set(every)) != len(every):
        found.append(Error("The same key is used twice.", id="personal_data.E003"))
    return found


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(keys, Tags.security)
    checks.register(production_keys, Tags.security, deploy=True)
