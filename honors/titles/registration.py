"""What titles add to the portal: their door."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from honors.office import register_door
from honors.titles.permissions import reads_titles


def register() -> None:
    """Register once, when the application is ready."""
    register_door(_("Titles"), "honor_titles", reads_titles)
