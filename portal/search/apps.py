"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Chinese search."""

    name = "portal.search"
    label = "portal_search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Keep the full-text structures in place."""
        from portal.search.structures import install_after_migrate

        post_migrate.connect(install_after_migrate, sender=self)
