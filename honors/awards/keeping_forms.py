"""The forms of what is kept of an award: rewards and reviews."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from honors.awards.forms import PlainCharField
from honors.models import ReviewResult, RewardKind
from portal.office_pages import day_field

MOST_YUAN = Decimal(1_000_000)


class RewardForm(forms.Form):
    """Something that was handed over."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("reward", "What kind"),
        choices=RewardKind.choices,
        error_messages={"required": gettext_lazy("Please choose what it is.")},
    )
    description = PlainCharField(
        label=pgettext_lazy("reward", "What"),
        max_length=100,
        error_messages={"required": gettext_lazy("Please write what was handed over.")},
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount in yuan"),
        required=False,
        min_value=Decimal(0),
        max_value=MOST_YUAN,
        max_digits=10,
        decimal_places=2,
        help_text=gettext_lazy("Of a bonus the sum, of an object its value."),
        error_messages={"invalid": gettext_lazy("Please write an amount such as 2000.")},
    )
    handed_on = day_field(gettext_lazy("Handed over on"))
    received_by = PlainCharField(
        label=gettext_lazy("Signed for by"),
        max_length=50,
        error_messages={"required": gettext_lazy("Please write who signed for it.")},
    )


class ReturnForm(forms.Form):
    """When something was given back."""

    returned_on = day_field(gettext_lazy("Given back on"))


def _figure(label: Any, most: int, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=0,
        max_value=most,
        error_messages={
            "required": gettext_lazy("Please enter a number, 0 for none."),
            "invalid": gettext_lazy("Please enter a whole number."),
        },
    )


class ReviewForm(forms.Form):
    """The review of a post for one quarter."""

    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=ReviewResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose the result.")},
    )
    accident_free_days = _figure(gettext_lazy("Days without accident"), 40_000)
    hazards_found = _figure(gettext_lazy("Hazards found in the quarter"), 100_000)
    violations = _figure(gettext_lazy("Breaches of rules in the quarter"), 1_000, required=True)
    note = PlainCharField(
        label=pgettext_lazy("review of a post", "Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, object]:
        """A post that does not simply keep its title needs a reason."""
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("result") != ReviewResult.KEPT and not cleaned.get("note"):
            self.add_error("note", gettext_lazy("Please write what has to be improved, or why."))
        return cleaned
