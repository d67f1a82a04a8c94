"""What the organization of branches adds to the portal: doors, messages, a daily job."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from branches.members.permissions import may_see_rosters
from branches.office import register_door
from branches.organization import reminders
from portal.roles.daily_jobs import register_daily_job


def register() -> None:
    """Register once, when the application is ready."""
    register_door(_("Branches and committees"), "branch_organizations", may_see_rosters)
    reminders.register()
    register_daily_job("branch-elections", reminders.remind_all)
