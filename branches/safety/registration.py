"""What safety work adds to the portal: doors, tasks, messages, own data, a daily job, evidence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from branches.members.permissions import may_see_rosters
from branches.office import register_door
from branches.safety import evidence, personal_data, pledges, tasks
from portal.roles.daily_jobs import register_daily_job
from portal.roles.permissions import is_external


def _works_here(user: Any) -> bool:
    return getattr(user, "person_id", None) is not None and not is_external(user)


def register() -> None:
    """Register once, when the application is ready."""
    register_door(_("Safety work"), "safety_areas", may_see_rosters)
    register_door(_("My safety work"), "my_safety", _works_here)
    register_daily_job("safety-pledges", pledges.remind_all)
    pledges.register()
    tasks.register()
    personal_data.register()
    evidence.register()
