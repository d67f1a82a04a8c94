"""Forms of the review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReviewForm(forms.Form):
    """Approve, or return with a reason. Carries the revision the reviewer saw."""

    APPROVE = "approve"
    RETURN = "return"

    seen_revision = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        max_value=2**63 - 1,
        error_messages={
            name: _("The form lost the draft it belongs to. Please open the review again.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    decision = forms.ChoiceField(
        choices=[(APPROVE, _("Approve and publish")), (RETURN, _("Return for changes"))],
        error_messages={
            "required": _("Please choose: approve or return."),
            "invalid_choice": _("Please choose: approve or return."),
        },
    )
    comment = forms.CharField(
        label=_("Remarks"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return the draft: say what should change."),
    )

    def clean(self) -> dict[str, Any]:
        """A return without a reason helps nobody."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == self.RETURN and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Please say what should change before you return it."))
        return cleaned

    def seen_revision_id(self) -> int | None:
        """The revision the form speaks of, as far as it can be read at all."""
        value = getattr(self, "cleaned_data", {}).get("seen_revision")
        return int(value) if value is not None else None
