"""What activities add to the portal: messages, tasks, files, the inventory of personal data."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from branches.activities import agenda, files, messages, personal_data, tasks
from branches.activities.permissions import kept_branches, sees_list
from branches.office import register_door
from portal.roles.permissions import has_role, is_external


def _is_member(user: Any) -> bool:
    return has_role(user, "party_member") or sees_list(user)


def _works_here(user: Any) -> bool:
    return getattr(user, "person_id", None) is not None and not is_external(user)


def _plans(user: Any) -> bool:
    return sees_list(user) and kept_branches(user).exists()


def register() -> None:
    """Register once, when the application is ready."""
    agenda.register()
    messages.register()
    tasks.register()
    files.register()
    personal_data.register()
    register_door(_("Activities of branches"), "branch_activities", sees_list)
    register_door(_("Theme day of each month"), "branch_theme_day", _plans)
    register_door(_("My activities"), "my_activities", _works_here)
    register_door(_("Talks"), "branch_talks", _is_member)
