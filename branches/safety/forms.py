"""Forms of safety work."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.members.forms import NameField
from branches.members.reading import members_of
from branches.models import (
    AreaGrade,
    AreaKind,
    HazardGrade,
    HazardKind,
    InspectionKind,
    MeritKind,
    PledgeLevel,
    PledgeResult,
)
from portal.files.forms import PrivateFileField
from portal.office_pages import day_field
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person


class NamesField(forms.ModelMultipleChoiceField):
    """Several people, ticked by their names."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        """Return the name."""
        return str(person.name)


def people_of(branch: Unit) -> Any:
    """Return the members of a branch today, by name."""
    return Person.objects.filter(pk__in=members_of(branch).order_by().values("member_id")).order_by(
        "name", "pk"
    )


def _people(branch: Unit, label: Any, **options: Any) -> NamesField:
    return NamesField(
        people_of(branch),
        label=label,
        error_messages={"required": gettext_lazy("Please choose somebody.")},
        **options,
    )


def _words(label: Any, most: int, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class AreaForm(forms.Form):
    """A responsibility area and those who answer for it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    kind = forms.ChoiceField(label=pgettext_lazy("safety area", "Kind"), choices=AreaKind.choices)
    duties = _words(gettext_lazy("What is answered for"), 2000, required=False)
    valid_from = day_field(gettext_lazy("Valid from"), initial=timezone.localdate)

    def __init__(self, *args: Any, branch: Unit, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["people"] = _people(branch, gettext_lazy("Who answers for it"))


class HandOverForm(forms.Form):
    """Who answers for an area from a day on."""

    day = day_field(gettext_lazy("Valid from"), initial=timezone.localdate)

    def __init__(self, *args: Any, branch: Unit, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["people"] = _people(branch, gettext_lazy("Who answers for it"))
        self.order_fields(["people", "day"])


class LastDayForm(forms.Form):
    """The last day of something."""

    day = day_field(pgettext_lazy("membership", "Last day"), initial=timezone.localdate)


class AreaMonthForm(forms.Form):
    """The assessment of an area for a month."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    month = forms.TypedChoiceField(
        label=pgettext_lazy("branch life", "Month"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, 13)],
    )
    grade = forms.ChoiceField(
        label=pgettext_lazy("safety area", "Grade"), choices=AreaGrade.choices
    )
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)


class IssueForm(forms.Form):
    """One pledge for several people."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=PledgeLevel.choices)
    demanded_by = forms.CharField(
        label=gettext_lazy("Made to"),
        max_length=100,
        help_text=gettext_lazy("Who takes the pledge: a name or a post."),
    )
    targets = _words(
        gettext_lazy("Targets"), 4000, rows=6, help_text=gettext_lazy("One target a line.")
    )
    valid_from = day_field(gettext_lazy("Valid from"))
    valid_to = day_field(gettext_lazy("Valid to"))

    def __init__(self, *args: Any, branch: Unit, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["people"] = _people(branch, gettext_lazy("Who makes it"))


class ScanForm(forms.Form):
    """The scan of a pledge that was signed by hand."""

    scan = PrivateFileField(label=gettext_lazy("Scan of the signed pledge"), most=5)


class ResultForm(forms.Form):
    """Whether a pledge was kept."""

    result = forms.ChoiceField(
        label=pgettext_lazy("pledge", "Result"), choices=PledgeResult.choices
    )
    result_words = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed where it was not kept as a whole."),
    )


class InspectionForm(forms.Form):
    """An inspection."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("inspection", "Kind"), choices=InspectionKind.choices
    )
    held_on = day_field(gettext_lazy("Date"), initial=timezone.localdate)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100)
    findings = _words(pgettext_lazy("inspection", "What was found"), 2000, required=False)

    def __init__(self, *args: Any, branch: Unit, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["people"] = _people(branch, gettext_lazy("Who took part"))
        self.order_fields(["kind", "held_on", "place", "people", "findings"])


class HazardForm(forms.Form):
    """A hazard."""

    kind = forms.ChoiceField(label=pgettext_lazy("hazard", "Kind"), choices=HazardKind.choices)
    grade = forms.ChoiceField(label=pgettext_lazy("hazard", "Grade"), choices=HazardGrade.choices)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100)
    description = _words(gettext_lazy("What was seen"), 2000)
    found_on = day_field(gettext_lazy("Found on"), initial=timezone.localdate)
    measure = forms.CharField(label=gettext_lazy("Measure"), max_length=200)
    due_on = day_field(gettext_lazy("To be removed by"))
    source_number = forms.CharField(
        label=gettext_lazy("Number in the safety system"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("The safety system stays the record; its number leads there."),
    )

    def __init__(self, *args: Any, branch: Unit, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["found_by"] = NameField(
            people_of(branch),
            label=gettext_lazy("Found by"),
            empty_label=gettext_lazy("Please choose"),
        )
        self.fields["responsible_unit"] = NameField(
            Unit.objects.filter(kind=UnitKind.ADMINISTRATIVE).valid_on(),
            label=pgettext_lazy("hazard", "Responsible unit"),
            empty_label=gettext_lazy("Please choose"),
        )
        self.order_fields(
            [
                *("kind", "grade", "place", "description", "found_by", "found_on"),
                *("responsible_unit", "measure", "due_on", "source_number"),
            ]
        )


class PersonByNumber(forms.CharField):
    """Somebody of the enterprise, named by the employee number."""

    def clean(self, value: Any) -> Any:
        """Return the person.

        Raises:
            ValidationError: nobody has this number.
        """
        typed = super().clean(value)
        found = Person.objects.filter(employee_number=typed.strip()).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError(gettext_lazy("Nobody has this employee number."))
        return found


class RemovedForm(forms.Form):
    """How a hazard was removed."""

    removed_by = PersonByNumber(
        label=gettext_lazy("Removed by"),
        max_length=20,
        help_text=gettext_lazy("Employee number, of any unit."),
    )
    removed_on = day_field(gettext_lazy("Removed on"), initial=timezone.localdate)
    words = forms.CharField(label=pgettext_lazy("hazard", "What was done"), max_length=400)


class LaterForm(forms.Form):
    """A later last day, with the reason."""

    due_on = day_field(gettext_lazy("To be removed by"))
    words = forms.CharField(label=gettext_lazy("Reason"), max_length=400)


class MeritForm(forms.Form):
    """A line of the ledger."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("safety ledger", "Kind"), choices=MeritKind.choices
    )
    day = day_field(gettext_lazy("Date"), initial=timezone.localdate)
    points = forms.DecimalField(
        label=pgettext_lazy("safety ledger", "Points"),
        min_value=0,
        max_value=1000,
        decimal_places=1,
        required=False,
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount in yuan"),
        min_value=0,
        max_value=Decimal("9999999.99"),
        decimal_places=2,
        required=False,
    )
    reason = forms.CharField(label=pgettext_lazy("safety ledger", "Reason"), max_length=200)
    document = forms.CharField(
        label=pgettext_lazy("document", "Decision"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Its number, such as 沁岚党发〔2026〕15号."),
    )

    def __init__(self, *args: Any, branch: Unit, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["person"] = NameField(
            people_of(branch),
            label=pgettext_lazy("safety ledger", "Person"),
            required=False,
            empty_label=gettext_lazy("The branch as a whole"),
        )
        self.order_fields(["kind", "person", "day", "points", "amount", "reason", "document"])

    def clean(self) -> dict[str, Any]:
        """Empty numbers are nothing."""
        values: dict[str, Any] = super().clean() or {}
        for name in ("points", "amount"):
            if name not in self.errors:
                values[name] = values.get(name) or Decimal(0)
        return values


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
