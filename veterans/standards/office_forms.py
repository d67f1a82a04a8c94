"""Forms of the office of standards."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from portal.spreadsheets.forms import WorkbookField
from veterans.models import SupportItem
from veterans.standards.sheets import LARGEST_FILE


class CopyForm(forms.Form):
    """From which day the new version is to be in force."""

    effective_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Please write the first day of the new version."),
            "invalid": gettext_lazy("Please write the day like 2027-01-01."),
        },
    )
    item = forms.ModelChoiceField(
        SupportItem.objects.all(),
        label=gettext_lazy("For which item?"),
        help_text=gettext_lazy("For a new item, take over steps, limits and papers from here."),
        required=False,
        empty_label=gettext_lazy("The same item"),
        error_messages={"invalid_choice": gettext_lazy("There is no such item any more.")},
    )


class ReturnForm(forms.Form):
    """Why a proposed version goes back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Please write why it goes back, so that it can be put right.")
        },
    )


class SheetForm(forms.Form):
    """A workbook with the parts of a version."""

    sheet = WorkbookField(
        largest=LARGEST_FILE,
        help_text=gettext_lazy("As downloaded from a version, changed in Excel or WPS."),
    )
