"""What the rules add to the portal: a door."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from branches.members.permissions import may_see_rosters
from branches.office import register_door


def register() -> None:
    """Register once, when the application is ready."""
    register_door(_("Rules of branch work"), "branch_rules", may_see_rosters)
