"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompilationsConfig(AppConfig):
    """Topical compilations of archive records."""

    name = "portal.compilations"
    label = "compilations"
    verbose_name = _("Topical compilations")
    # The desk of those who write is a room of the archive office; readers have the pages.
    address_prefix = "archives/compilations/"

    def ready(self) -> None:
        """Register section, door, archive rules and the texts of the demo."""
        from portal.compilations import archive_scope, demo, office, sections

        sections.register()
        office.register()
        archive_scope.register()
        demo.register()
