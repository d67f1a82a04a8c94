"""The base form of the page editor."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm


class PortalPageForm(WagtailAdminPageForm):
    """Wagtail's page form with the portal's rules on schedules."""

    def clean(self) -> dict[str, Any]:
        """Refuse a schedule in the past when it was changed just now."""
        cleaned: dict[str, Any] = super().clean()
        moment = cleaned.get("go_live_at")
        if moment and "go_live_at" in self.changed_data and moment < timezone.now():
            self.add_error(
                "go_live_at",
                _(
                    "This time has passed. Choose a later time, or leave it empty to publish at"
                    " once."
                ),
            )
        return cleaned
