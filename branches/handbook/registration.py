"""What the handbooks add to the portal: a door, a daily job, an archive source."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from branches.handbook import archive_source, closing
from branches.members.permissions import may_see_rosters
from branches.office import register_door
from portal.roles.daily_jobs import register_daily_job


def register() -> None:
    """Register once, when the application is ready."""
    register_door(_("Handbook"), "branch_handbook", may_see_rosters)
    register_daily_job("branch-handbooks", closing.close_all)
    closing.register()
    archive_source.register()
