"""What the steps of a suggestion ask for."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy

from portal.cases.forms import StepForm
from union.text_fields import VisibleTextField


class VerifyForm(StepForm):
    """What the effect check found."""

    verified_benefit = forms.DecimalField(
        label=gettext_lazy("Verified benefit a year (yuan)"),
        help_text=gettext_lazy("0 where it saves no money."),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
    )
    verification = VisibleTextField(
        label=gettext_lazy("What the effect check found"),
        help_text=gettext_lazy("How it was measured, over which time, by whom."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
