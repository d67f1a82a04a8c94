"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """The base page, its blocks and the common page types."""

    name = "portal.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Register pages as an archive source and sync the site once all is migrated."""
        from django.apps import apps
        from django.db.models.signals import post_migrate

        from portal.pages import (
            admin_wording,
            archive_scope,
            archive_source,
            file_protection,
            synchronization,
            whole_actions,
        )
        from portal.pages.sections import register_sections

        register_sections()
        archive_source.register()
        archive_scope.register()
        file_protection.connect()
        whole_actions.connect()
        admin_wording.name_fields_and_columns()
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(
            synchronization.after_migrate, sender=last, dispatch_uid="portal.pages.after_migrate"
        )
