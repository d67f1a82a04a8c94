"""The forms of the improvement list."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit
from portal.people.models import Person
from union.models import Improvement, ImprovementState, Survey
from union.survey_results.reading import item_name


class ImprovementForm(forms.ModelForm[Improvement]):
    """One line of the list; whoever is responsible is named by employee number."""

    employee_number = forms.CharField(
        label=_("Employee number of the responsible person"), required=False, max_length=20
    )

    class Meta:
        model = Improvement
        fields = ("question", "problem", "measure", "unit", "due_on")
        widgets: ClassVar = {
            "due_on": forms.DateInput(attrs={"type": "date"}),
            "measure": forms.Textarea(attrs={"rows": 3}),
        }

    field_order = ("question", "problem", "measure", "unit", "employee_number", "due_on")

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.survey = survey
        content = survey.result.content
        choices = [(row["code"], row["name"]) for row in content.get("dimensions", [])]
        choices += [(row["item"], item_name(row)) for row in content.get("questions", [])]
        self.fields["question"] = forms.ChoiceField(
            label=_("question or dimension"),
            required=False,
            choices=[("", _("The whole survey")), *choices],
        )
        units: Any = self.fields["unit"]
        units.queryset = Unit.objects.valid_on().order_by("path")
        if self.instance.pk and self.instance.owner:
            self.initial["employee_number"] = self.instance.owner.employee_number

    def clean_due_on(self) -> Any:
        """Refuse a last day that is over, for a new line."""
        day = self.cleaned_data["due_on"]
        if self.instance.pk is None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return day

    def clean_employee_number(self) -> str:
        """Find the person."""
        number: str = self.cleaned_data["employee_number"].strip()
        self.owner = Person.objects.filter(employee_number=number).first() if number else None
        if number and self.owner is None:
            raise forms.ValidationError(_("Nobody has this employee number. Please check it."))
        return number

    def save(self, commit: bool = True) -> Improvement:
        """Put the person into the line."""
        self.instance.owner = self.owner
        return super().save(commit)


class ProgressForm(forms.Form):
    """What is reported of an improvement."""

    state = forms.ChoiceField(
        label=pgettext_lazy("improvement", "state"), choices=ImprovementState.choices
    )
    words = forms.CharField(
        label=_("what was done"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it on the result page. Name no one who is not in office."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)
