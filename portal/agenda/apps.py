"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    """What a person is expected at, as a month and as a feed for calendar programs."""

    name = "portal.agenda"
    label = "agenda"
    verbose_name = _("Calendar")
