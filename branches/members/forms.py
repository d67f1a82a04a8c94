"""The forms of the roster."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.members.reading import groups_of, members_of
from branches.members.register import ENDS
from branches.models import Activity, BarKind, Start, TrainingKind
from branches.models.activities import NOT_HELD
from portal.office_pages import day_field
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person
from portal.people.validators import validate_identity_number
from portal.personal_data.encryption import blind_index
from portal.personal_data.typed_numbers import plain_number

ACTIVITIES_SHOWN = 30


class NameField(forms.ModelChoiceField):
    """A unit, chosen by its name."""

    def label_from_instance(self, unit: Any) -> str:
        """Return the name."""
        return str(unit.name)


def branches_on(day: Any = None) -> QuerySet[Unit]:
    """Return the branches there are on a day."""
    found: QuerySet[Unit] = Unit.objects.filter(kind=UnitKind.PARTY_BRANCH).valid_on(day)
    return found


def _group_field(branch: Unit) -> NameField:
    return NameField(
        groups_of(branch),
        label=gettext_lazy("Party group"),
        required=False,
        empty_label=gettext_lazy("No group"),
    )


class FindForm(forms.Form):
    """Words by which somebody is found; sent as a form, so that no address holds them."""

    words = forms.CharField(
        label=gettext_lazy("Name, employee number, or a whole identity number or phone"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
        error_messages={"required": gettext_lazy("Please write a name or a number.")},
    )


class DaysForm(forms.Form):
    """Joining and confirming."""

    joined_on = day_field(
        gettext_lazy("Joined on"), help_text=gettext_lazy("Accepted as a probationary member.")
    )
    confirmed_on = day_field(
        gettext_lazy("Confirmed on"),
        required=False,
        help_text=gettext_lazy("Empty during probation."),
    )


class EnterForm(DaysForm):
    """Somebody new in the roster of a branch.

    Args:
        branches: among which the account chooses.
    """

    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the name.")},
    )
    employee_number = forms.CharField(
        label=gettext_lazy("Employee number"), max_length=20, required=False
    )
    identity_number = forms.CharField(
        label=gettext_lazy("Identity number"),
        help_text=gettext_lazy("Only for people without an employee number."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_from = day_field(gettext_lazy("Belongs to the branch since"))
    field_order = ["name", "employee_number", "identity_number", "branch", "group"]
    starts: Any = (Start.REGISTERED, Start.ADMITTED)

    def __init__(self, *args: Any, branches: QuerySet[Unit], **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["branch"] = NameField(
            branches, label=gettext_lazy("Party branch"), empty_label=gettext_lazy("Please choose")
        )
        groups = Unit.objects.filter(kind=UnitKind.PARTY_GROUP).valid_on()
        self.fields["group"] = NameField(
            groups.filter(_below(branches)),
            label=gettext_lazy("Party group"),
            required=False,
            empty_label=gettext_lazy("No group"),
        )
        if self.starts:
            self.fields["start"] = forms.ChoiceField(
                label=gettext_lazy("How"),
                choices=[(one.value, one.label) for one in self.starts],
            )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Find the person behind the numbers, or be ready to enter a new one."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        number = plain_number(values.get("identity_number", ""))
        employee = plain_number(values.get("employee_number", ""))
        if number:
            try:
                validate_identity_number(number)
            except ValidationError as error:
                self.add_error("identity_number", error)
                return values
        if not number and not employee:
            self.add_error(
                "employee_number", _("Please write the employee number or the identity number.")
            )
            return values
        values["person"] = self._person(values["name"].strip(), employee, number)
        return values

    def _person(self, name: str, employee: str, number: str) -> Person | None:
        condition = Q(pk__in=[])
        if employee:
            condition |= Q(employee_number__iexact=employee)
        if number:
            condition |= Q(identity_number_index=blind_index(number))
        people = list(Person.objects.filter(condition))
        if len(people) > 1:
            self.add_error("identity_number", _("The two numbers belong to different people."))
        elif people and people[0].name != name:
            self.add_error("name", _("The register of people has another name for this number."))
        elif people:
            return people[0]
        elif employee:
            self.add_error("employee_number", _("Nobody has this employee number."))
        else:
            return Person(name=name, identity_number=number)
        return None


def _below(branches: QuerySet[Unit]) -> Q:
    condition = Q(pk__in=[])
    for path in branches.values_list("path", flat=True):
        condition |= Q(path__startswith=path)
    return condition


class LetterForm(forms.Form):
    """A letter of introduction."""

    letter_number = forms.CharField(
        label=gettext_lazy("Number of the letter"),
        max_length=40,
        error_messages={"required": gettext_lazy("Please write the number of the letter.")},
    )
    letter_date = day_field(gettext_lazy("Date of the letter"))
    valid_until = day_field(gettext_lazy("Letter valid until"))


class TakeInForm(EnterForm, LetterForm):
    """Somebody who comes from an outside organization."""

    starts = ()
    from_outside = forms.CharField(label=gettext_lazy("From which organization"), max_length=100)
    field_order = [
        *EnterForm.field_order,
        *("joined_on", "confirmed_on", "from_outside"),
        *("letter_number", "letter_date", "valid_until", "valid_from"),
    ]


class SendForm(LetterForm):
    """To another branch, or outside."""

    to_outside = forms.CharField(
        label=gettext_lazy("Or an organization outside"), max_length=100, required=False
    )
    field_order = ["to_branch", "to_outside"]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["to_branch"] = NameField(
            branches_on(),
            label=gettext_lazy("To which branch"),
            required=False,
            empty_label=gettext_lazy("Outside the enterprise"),
        )
        self.order_fields(self.field_order)


class ReceiveForm(forms.Form):
    """A letter has come."""

    day = day_field(pgettext_lazy("letter", "Received on"))

    def __init__(self, *args: Any, branch: Unit | None, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        if branch is not None:
            self.fields["group"] = _group_field(branch)
        self.initial.setdefault("day", timezone.localdate())


class ConfirmForm(forms.Form):
    """A probationary member becomes a full one."""

    day = day_field(gettext_lazy("Confirmed on"))


class CorrectForm(DaysForm):
    """Days that were wrong, and why."""

    probation_until = day_field(gettext_lazy("Probation extended to"), required=False)
    reason = forms.CharField(
        label=pgettext_lazy("register", "Why?"),
        max_length=80,
        error_messages={"required": gettext_lazy("Please write why.")},
    )


class RegroupForm(forms.Form):
    """Another group."""

    day = day_field(gettext_lazy("From which day on"))

    def __init__(self, *args: Any, branch: Unit, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["group"] = _group_field(branch)
        self.order_fields(["group", "day"])


class EndForm(forms.Form):
    """The membership ends."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("register", "Why?"),
        choices=[
            ("", gettext_lazy("Please choose")),
            *((one.value, one.label) for one in ENDS),
        ],
        error_messages={"required": gettext_lazy("Please choose a reason.")},
    )
    day = day_field(pgettext_lazy("membership", "Last day"))


class BarForm(forms.Form):
    """A time without a vote."""

    kind = forms.ChoiceField(label=pgettext_lazy("no vote", "reason"), choices=BarKind.choices)
    document = forms.CharField(
        label=pgettext_lazy("document", "Decision"), max_length=100, required=False
    )
    valid_from = day_field(gettext_lazy("Valid from"))
    valid_to = day_field(gettext_lazy("Valid to"), required=False)


class LiftForm(forms.Form):
    """The last day without a vote."""

    day = day_field(pgettext_lazy("membership", "Last day"))


class HoursForm(forms.Form):
    """Training hours for several members at once.

    Args:
        branch: whose members are shown.
    """

    activity = forms.ModelChoiceField(
        Activity.objects.none(),
        label=gettext_lazy("Activity"),
        required=False,
        empty_label=gettext_lazy("None of these"),
        help_text=gettext_lazy("Its day and topic are taken over."),
    )
    day = day_field(gettext_lazy("Day"), required=False)
    topic = forms.CharField(
        label=pgettext_lazy("training", "Topic"), max_length=100, required=False
    )
    hours = forms.DecimalField(
        label=pgettext_lazy("training", "Hours"),
        help_text=gettext_lazy("A day has 8 hours, half a day 4."),
        max_digits=4,
        decimal_places=1,
        initial=Decimal("2"),
        error_messages={
            "required": gettext_lazy("Please write the hours."),
            "invalid": gettext_lazy("Please write a number such as 2 or 3.5."),
        },
    )
    kind = forms.ChoiceField(label=pgettext_lazy("training", "Kind"), choices=TrainingKind.choices)
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Who took part"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose who took part.")},
    )

    def __init__(self, *args: Any, branch: Unit, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        today = timezone.localdate()
        held = Activity.objects.filter(branch=branch, held_on__lte=today).exclude(
            state__in=NOT_HELD
        )
        newest = held.order_by("-held_on", "-pk")
        recent = list(newest.values_list("pk", flat=True)[:ACTIVITIES_SHOWN])
        field: Any = self.fields["activity"]
        field.queryset = Activity.objects.filter(pk__in=recent).order_by("-held_on", "-pk")
        people: Any = self.fields["members"]
        people.choices = [
            (str(row.member_id), row.member.person.name) for row in members_of(branch)
        ]

    def clean(self) -> dict[str, Any]:
        """An activity brings its day and topic; otherwise both are typed."""
        values: dict[str, Any] = super().clean() or {}
        activity = values.get("activity")
        if activity is not None:
            values["day"] = activity.held_on
            values["topic"] = activity.topic[:100]
            return values
        if not values.get("day") and "day" not in self.errors:
            self.add_error("day", _("Please enter the day."))
        if not values.get("topic", "").strip():
            self.add_error("topic", _("Please write the topic."))
        return values
