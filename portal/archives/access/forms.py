"""The form of the access level."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.archives.models import AccessLevel, Record

EXPLANATIONS = {
    AccessLevel.OPEN: _("Everybody who reads records at all."),
    AccessLevel.INTERNAL: _("The responsible unit and the units above it. Kept encrypted."),
    AccessLevel.CONTROLLED: _(
        "The archivist and the discipline auditor only. Kept encrypted, and the search finds it"
        " by title, document number and archive code only."
    ),
}


class AccessLevelForm(forms.Form):
    """Who shall read a record, and why that changes."""

    level = forms.ChoiceField(
        label=pgettext_lazy("archive", "Access level"),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept in the ledger of the record."),
        error_messages={"required": _("Please say why the access level changes.")},
    )
    seen = forms.ChoiceField(choices=AccessLevel.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"level": record.access_level, "seen": record.access_level})
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = [
            (choice.value, f"{choice.label}：{EXPLANATIONS[choice]}") for choice in AccessLevel
        ]
