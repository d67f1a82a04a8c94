"""Every message can be filled in, in every language, with nothing but declared variables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string
from django.utils.translation import override

from portal.notifications.channels import CHANNELS
from portal.notifications.messages import message_kinds, problems
from portal.notifications.settings import hours, templates


def messages(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """Every message has declared variables only, the same in every language."""
    found: list[CheckMessage] = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.extend(
                Error(f"Message {kind.code} ({language}): {problem}.", id="notifications.E001")
                for kind in message_kinds()
                for problem in problems(kind)
            )
    return found


def channels(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """The settings of the channels can be used."""
    found: list[CheckMessage] = []
    if unknown := set(settings.NOTIFICATION_CHANNELS) - set(CHANNELS):
        found.append(
            Error(
                f"NOTIFICATION_CHANNELS names {', '.join(sorted(unknown))}.",
                hint=f"Known are {', '.join(CHANNELS)}.",
                id="notifications.E002",
            )
        )
    for read, hint in (
        (hours, "Write SMS_HOURS as 8-21."),
        (templates, "Write SMS_TEMPLATES as correction=SMS_123,news=SMS_124."),
        (lambda: import_string(settings.SMS_BACKEND), "SMS_BACKEND is the path of a class."),
    ):
        try:
            read()
        except (ImportError, ValueError) as error:
            found.append(Error(str(error), hint=hint, id="notifications.E003"))
    return found


def register() -> None:
    """Register with Django's checks, once."""
    checks.register(messages, checks.Tags.compatibility)
    checks.register(channels, checks.Tags.compatibility)
