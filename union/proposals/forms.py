"""The forms of delegates and of the office of proposals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.personal_data.forms import PhoneField
from portal.workdays import calendar as workdays
from union.models import CongressSession, CongressTerm, ProposalCategory
from union.models.proposals import LONGEST_TEXT
from union.proposals.step_forms import UnitChoiceField, working_units
from union.text_fields import VisibleTextField

SHORTEST_TEXT = 10
MOST_NUMBERS = 20_000


def _text(label: Any, help_text: Any) -> forms.CharField:
    return VisibleTextField(
        label=label,
        help_text=help_text,
        least=SHORTEST_TEXT,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class ProposalForm(forms.Form):
    """What a delegate proposes."""

    subject = VisibleTextField(
        label=gettext_lazy("Subject"),
        help_text=gettext_lazy("One matter in a few words, without names of people."),
        max_length=60,
    )
    category = forms.ModelChoiceField(
        queryset=ProposalCategory.objects.filter(active=True),
        label=gettext_lazy("Category"),
        empty_label=gettext_lazy("Please choose"),
    )
    reasons = _text(
        pgettext_lazy("proposal", "Reasons"),
        gettext_lazy("What is the case, how many it concerns, why it has to change."),
    )
    measures = _text(
        gettext_lazy("Proposed measures"), gettext_lazy("What should be done, by whom.")
    )
    phone = PhoneField(
        label=pgettext_lazy("proposal", "Phone"),
        help_text=gettext_lazy("For questions of the union; nobody else sees it."),
        required=False,
    )


class OpinionForm(forms.Form):
    """What a helping unit says."""

    opinion = VisibleTextField(
        label=gettext_lazy("Opinion of the helping unit"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class TermForm(forms.ModelForm):
    """A new term."""

    starts_on = _day(gettext_lazy("Starts on"))
    ends_on = _day(gettext_lazy("Ends on"), gettext_lazy("Terms last three to five years."))

    class Meta:
        model = CongressTerm
        fields = ("number", "starts_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", _("The term ends before it begins. Please correct one day."))
        return cleaned


class SessionForm(forms.ModelForm):
    """A session of a term with the days of its collection."""

    opens_on = _day(gettext_lazy("Collection opens on"))
    closes_on = _day(gettext_lazy("Collection closes on"))
    held_on = _day(
        gettext_lazy("Congress meets on"),
        gettext_lazy("Proposals are collected one to two months before."),
    )

    class Meta:
        model = CongressSession
        fields = ("term", "number", "opens_on", "closes_on", "held_on")
        labels = {"term": pgettext_lazy("congress", "Term")}

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order or outside the term."""
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        held, term = cleaned.get("held_on"), cleaned.get("term")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The collection closes before it opens."))
        if closes and not workdays.current().is_working_day(closes):
            # A limit that ends on a day off ends after it (Civil Code, article 203); a working
            # day leaves no doubt.
            self.add_error("closes_on", _("The collection has to close on a working day."))
        if closes and held and held < closes:
            self.add_error("held_on", _("The congress meets before the collection closes."))
        if term and held and not term.starts_on <= held <= term.ends_on:
            self.add_error("held_on", _("The congress meets outside the days of its term."))
        return cleaned


class DelegatesForm(forms.Form):
    """Delegates by their employee numbers, typed or from a workbook."""

    unit = UnitChoiceField(
        queryset=working_units(),
        label=pgettext_lazy("congress", "Delegation"),
        help_text=gettext_lazy("Empty: the unit in which each of them works."),
        empty_label=gettext_lazy("The own unit"),
        required=False,
    )
    numbers = forms.CharField(
        label=gettext_lazy("Employee numbers"),
        help_text=gettext_lazy("One on each line, or separated by commas."),
        required=False,
        max_length=MOST_NUMBERS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    sheet = forms.FileField(
        label=gettext_lazy("Or a workbook with the employee numbers in its first column"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
    valid_from = _day(gettext_lazy("Elected on"))

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["unit"].queryset = working_units()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for numbers in one of the two ways."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("numbers") and not cleaned.get("sheet"):
            self.add_error("numbers", _("Please give at least one employee number."))
        return cleaned


class EndMandateForm(forms.Form):
    """The last day of a mandate."""

    valid_to = _day(gettext_lazy("Last day of the mandate"))
