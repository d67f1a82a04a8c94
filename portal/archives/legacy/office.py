"""The door of the catalogues in the archive office, their source and their row in the table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.archives.legacy import source
from portal.archives.models import RetentionPeriod
from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_read_office
from portal.archives.scope.defaults import DefaultRule, register_default_rules


def register() -> None:
    """Register once, when the application is ready."""
    source.register()
    register_default_rules(
        DefaultRule(
            source.LEGACY_KIND,
            "传统载体档案数字化成果（期限以目录为准）",
            "以原档案目录所列类别和保管期限为准；目录未列的，永久",
            "DQ01",
            RetentionPeriod.PERMANENT,
            unverified=True,
        )
    )
    register_door(
        "legacy",
        _("Paper of earlier years"),
        _("Take over catalogues with their scans."),
        "archive_legacy",
        may_read_office,
        group=DoorGroup.FILING,
        position=65,
    )
