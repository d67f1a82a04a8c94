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
        """Keep the full-text structures in place and the index up to date."""
        from portal.roles.daily_jobs import register_daily_job
        from portal.search.structures import install_after_migrate
        from portal.search.upkeep import daily

        post_migrate.connect(install_after_migrate, sender=self)
        register_daily_job("search-index", daily)
