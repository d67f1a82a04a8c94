"""The editor's forms for branch pages."""

from __future__ import annotations

from typing import Any

from portal.pages.forms import PortalPageForm


class ActivityPageForm(PortalPageForm):
    """Keeps the activity behind the page in step with what the editor writes."""

    def save(self, commit: bool = True) -> Any:
        """Fill the responsible unit from the branch above before the page is saved."""
        page = super().save(commit=False)
        if page.unit_id is None and self.parent_page is not None:
            branch = getattr(self.parent_page.specific, "branch", None)
            page.unit = branch
        if commit:
            page.save()
        return page
