"""What the archive needs after every migrate: a fonds and a scope table."""

from __future__ import annotations

from django.conf import settings

from portal.archives.models import Fonds
from portal.archives.scope.services import install_default


def install_archive_defaults() -> None:
    """Create the fonds and the default scope table where there are none; change nothing else."""
    if not Fonds.objects.exists():
        Fonds.objects.create(
            code=settings.FONDS_CODE, name=settings.SITE_NAME, unit_name=settings.SITE_NAME
        )
    install_default()
