"""What the roster adds to the portal: doors, own data, inventory, exports."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from branches.members import import_rows, personal_data, tasks
from branches.members.permissions import may_see_rosters
from branches.models import PartyMember
from branches.office import register_door
from branches.year.permissions import may_see_year
from portal.roles.daily_jobs import register_daily_job


def _is_member(user: Any) -> bool:
    person_id = getattr(user, "person_id", None)
    return person_id is not None and PartyMember.objects.filter(pk=person_id).exists()


def register() -> None:
    """Register once, when the application is ready."""
    register_door(_("The year at a glance"), "branch_year", may_see_year)
    register_door(_("Indicators of branches"), "branch_indicators", may_see_year)
    register_door(_("Roster of members"), "branch_members", may_see_rosters)
    register_door(_("Transfers"), "branch_transfers", may_see_rosters)
    register_door(_("My membership"), "branch_member_mine", _is_member)
    register_daily_job("roster-files", import_rows.forget_old)
    personal_data.register()
    tasks.register()
