"""Check at the start that packages can be signed."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Info, Tags, Warning
from django.utils import timezone

from portal.archives.packages.certificates import signing_certificate
from portal.archives.packages.refusals import NotSealed

#: A new certificate takes an authority some weeks.
RENEW_DAYS = 60


def package_certificate(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """The certificate that signs packages can be opened, is valid now and for some time."""
    if settings.PACKAGE_CERTIFICATE is None:
        return [
            # Not a fault of the deployment: packages wait, and the office page says why.
            Info(
                "Archive packages cannot be sealed: no certificate is configured.",
                hint="Set PACKAGE_CERTIFICATE and its password; see docs/archive-packages.md.",
                id="archives.I004",
            )
        ]
    try:
        found = signing_certificate()
    except NotSealed as error:
        return [
            Error(
                f"Archive packages cannot be sealed: {error}",
                hint="See docs/archive-packages.md.",
                id="archives.E004",
            )
        ]
    ends = found.certificate.not_valid_after_utc
    if ends - timezone.now() < datetime.timedelta(days=RENEW_DAYS):
        return [
            Warning(
                f"The certificate that signs packages ends on {timezone.localtime(ends):%Y-%m-%d}.",
                hint="Ask the authority for the next one.",
                id="archives.W005",
            )
        ]
    return []


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(package_certificate, Tags.security, deploy=True)
