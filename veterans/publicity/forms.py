"""The forms of briefings, greetings and consultations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from veterans.models.consultations import LONGEST_COMMENT, Outcome
from veterans.models.publicity import MOST_COMPANIONS, Festival, Receiver


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Please write the day."),
            "invalid": gettext_lazy("Please write the day like 2027-01-01."),
        },
    )


class SignUpForm(forms.Form):
    """How many relatives come along."""

    companions = forms.TypedChoiceField(
        label=gettext_lazy("How many relatives come along?"),
        coerce=int,
        choices=[(str(number), str(number)) for number in range(MOST_COMPANIONS + 1)],
        initial="0",
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose a number, 0 if you come alone."),
            "invalid_choice": gettext_lazy("Please choose one of the numbers offered."),
        },
    )


class GreetingListForm(forms.Form):
    """Which festival of which year."""

    festival = forms.ChoiceField(
        label=gettext_lazy("Festival"),
        choices=Festival.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose the festival.")},
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        min_value=2020,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Please write the year."),
            "invalid": gettext_lazy("Please write the year with four digits."),
        },
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["year"].initial = timezone.localdate().year


class TickForm(forms.Form):
    """One row: how it was handed over."""

    receiver = forms.ChoiceField(
        choices=[("", gettext_lazy("Not yet")), *Receiver.choices], required=False
    )


class CommentForm(forms.Form):
    """What somebody thinks of a draft."""

    text = forms.CharField(
        label=gettext_lazy("Your comment"),
        help_text=gettext_lazy("By name. You can change it once. Which row, what, and why?"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": gettext_lazy("Please write what you think of the draft."),
            "max_length": gettext_lazy("Please write at most %(limit_value)d characters."),
        },
    )


class AnswerForm(forms.Form):
    """What becomes of a comment, and why."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose what becomes of it.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        help_text=gettext_lazy("Everybody who reads the draft reads it."),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Please write the answer.")},
    )


class ConsultationForm(forms.Form):
    """From when to when comments on a draft are taken."""

    first_day = _day(gettext_lazy("First day"))
    last_day = _day(gettext_lazy("Last day"))

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error(
                "last_day", _("The consultation ends before it begins. Please correct one day.")
            )
        return cleaned
