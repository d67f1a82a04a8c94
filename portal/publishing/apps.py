"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Review and the publish transaction."""

    name = "portal.publishing"
    label = "publishing"
    verbose_name = _("Publishing")

    def ready(self) -> None:
        """Let the page rules of the portal hold for every page object.

        Wagtail asks some rules of plain `Page` objects (copy, bulk actions, templates), which
        would answer by Wagtail's own rules and let a superuser publish.
        """
        from wagtail.models import Page

        from portal.publishing.permissions import page_rules
        from portal.publishing.tasks import review_tasks
        from portal.workspace.tasks import register_tasks

        Page.permissions_for_user = page_rules
        register_tasks("reviews", review_tasks)
