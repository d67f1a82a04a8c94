"""The forms of suggestions and of scores."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.files.forms import PrivateFileField
from union.models import ScoreCriterion, SuggestionClass
from union.models.suggestions import LONGEST_TEXT
from union.proposals.congress import typed_numbers
from union.proposals.step_forms import UnitChoiceField, working_units
from union.text_fields import VisibleTextField

MOST_FILES = 5


def _text(label: Any, help_text: Any) -> forms.CharField:
    return VisibleTextField(
        label=label,
        help_text=help_text,
        least=10,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class SuggestionForm(forms.Form):
    """What should be better, and what comes of it."""

    title = VisibleTextField(
        label=pgettext_lazy("suggestion", "Name"),
        help_text=gettext_lazy("What improves, in a few words, without names of people."),
        max_length=60,
    )
    suggestion_class = forms.ModelChoiceField(
        queryset=SuggestionClass.objects.filter(active=True),
        label=pgettext_lazy("suggestion", "Class"),
        empty_label=gettext_lazy("Please choose"),
    )
    unit = UnitChoiceField(
        queryset=working_units(),
        label=gettext_lazy("Unit that reviews it"),
        help_text=gettext_lazy("The unit whose work it improves."),
        empty_label=gettext_lazy("Please choose"),
    )
    present = _text(
        gettext_lazy("How it is now"), gettext_lazy("What goes wrong, how often, what it costs.")
    )
    measures = _text(gettext_lazy("What should change"), gettext_lazy("What to do, with what."))
    expected = _text(
        gettext_lazy("Expected effect"), gettext_lazy("What gets better, how it can be measured.")
    )
    expected_benefit = forms.DecimalField(
        label=gettext_lazy("Expected benefit a year (yuan)"),
        help_text=gettext_lazy("Leave it empty when it saves no money."),
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
    )
    done_already = forms.BooleanField(
        label=gettext_lazy("It is already put into practice"), required=False
    )
    numbers = forms.CharField(
        label=gettext_lazy("Employee numbers of those who suggest it with you"),
        required=False,
        max_length=200,
    )
    attachments = PrivateFileField(
        label=gettext_lazy("Photos or a PDF"), required=False, most=MOST_FILES
    )

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["unit"].queryset = working_units()  # type: ignore[attr-defined]

    def clean_numbers(self) -> list[str]:
        """Return the employee numbers."""
        return typed_numbers(self.cleaned_data["numbers"])


class ScoreForm(forms.Form):
    """Points for each criterion."""

    def __init__(self, *args: Any, criteria: Iterable[ScoreCriterion], **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.criteria = list(criteria)
        for row in self.criteria:
            self.fields[f"points-{row.code}"] = forms.IntegerField(
                label=row.name,
                help_text=_("0 to %(most)d points") % {"most": row.most},
                min_value=0,
                max_value=row.most,
            )
        self.fields["remark"] = forms.CharField(
            label=pgettext_lazy("score", "Remark"),
            required=False,
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def points(self) -> dict[str, int]:
        """Return the points by the code of the criterion."""
        return {row.code: self.cleaned_data[f"points-{row.code}"] for row in self.criteria}
