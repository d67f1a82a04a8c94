"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HonorsConfig(AppConfig):
    """Honors."""

    name = "honors"
    label = "honors"
    verbose_name = _("Honors")
    address_prefix = "honor-roll/"

    def ready(self) -> None:
        """Register the section and its demo texts."""
        from honors import archive_scope
        from honors.awards import registration as awards
        from honors.demo import parts as demo_parts
        from honors.rounds import registration as rounds
        from honors.sections import register
        from honors.titles import registration as titles

        register()
        demo_parts.register()
        archive_scope.register()
        rounds.register()
        titles.register()
        awards.register()
