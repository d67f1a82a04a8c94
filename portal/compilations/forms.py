"""The form in which compilations are written."""

from __future__ import annotations

from typing import Any

from portal.compilations import citing
from portal.compilations.blocks import cited_records
from portal.pages.forms import PortalPageForm


class CompilationForm(PortalPageForm):
    """Refuses records that the readers of the page must not find in it.

    Only here and not in the model: a level that is raised between drafting and approval must
    not break the approval, and the page leaves such a record out by itself.
    """

    def clean(self) -> dict[str, Any]:
        """Name every record that does not fit."""
        cleaned = super().clean()
        chapters = cleaned.get("chapters")
        if chapters:
            audience = cleaned.get("audience") or self.instance.default_audience
            if sentences := citing.problems(cited_records(chapters), audience):
                # The editor shows one message for a field.
                self.add_error("chapters", " ".join(sentences))
        return cleaned
