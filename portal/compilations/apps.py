"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompilationsConfig(AppConfig):
    """Topical compilations of archive records."""

    name = "portal.compilations"
    label = "compilations"
    verbose_name = _("Topical compilations")

    def ready(self) -> None:
        """Register section, archive rules and the texts of the demo."""
        from portal.compilations import archive_scope, demo, sections

        sections.register()
        archive_scope.register()
        demo.register()
