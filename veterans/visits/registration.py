"""What checks on the spot add to the portal: a door of the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.cases.doors import register_case_door
from veterans.visits.views import reads_visits


def register() -> None:
    """Register once, when the application is ready."""
    register_case_door(_("Checks on the spot"), "support_visits", reads_visits)
