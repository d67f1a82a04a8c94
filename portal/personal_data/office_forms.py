"""Forms in which reasons are given."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.personal_data.exports import Export
from portal.personal_data.models import REASON_LENGTH
from portal.personal_data.reveals import checked_reason


class ReasonField(forms.CharField):
    """A reason that says something and holds no personal number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Reason"),
            max_length=REASON_LENGTH,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("It is kept in a log that the auditors read."),
            error_messages={"required": _("Please write why you need it.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Return the reason in one line.

        Raises:
            ValidationError: it says nothing.
        """
        return checked_reason(super().clean(value))


class RevealForm(forms.Form):
    """Why somebody needs a whole value."""

    reason = ReasonField()
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_id": uuid.uuid4()})
        super().__init__(*args, **kwargs)


class ExportRequestForm(forms.Form):
    """What is to be exported, and why."""

    kind = forms.ChoiceField(label=_("What"))
    whole_numbers = forms.BooleanField(
        label=_("With whole numbers"),
        required=False,
        help_text=_("Without it, phone, identity and bank card numbers are masked."),
    )
    reason = ReasonField()

    def __init__(self, *args: Any, exports: list[Export], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(export.code, export.title) for export in exports]


class DecisionForm(forms.Form):
    """Approve or refuse."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("approve", pgettext_lazy("export", "Approve")),
            ("refuse", pgettext_lazy("export", "Refuse")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose whether the export is approved.")},
    )
    note = forms.CharField(
        label=_("Remark"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a remark where the request is refused."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "refuse" and not cleaned.get("note"):
            self.add_error("note", _("Please write why the export is refused."))
        return cleaned
