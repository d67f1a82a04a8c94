"""The forms of plans, minutes, votes and attendance."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.activities import kind_fields
from branches.activities.planning import moment
from branches.activities.roster import named_people
from branches.members.reading import groups_of, members_of
from branches.models import (
    Activity,
    ActivityKind,
    Talk,
    ThemeDayRule,
    Vote,
)
from branches.models.talks import TalkKind
from portal.organizations.models import Unit
from portal.people.models import Person

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def people_of(branch: Unit, *others: int | None) -> Any:
    """Return the members of a branch today, and others who are named already."""
    keys = set(members_of(branch).order_by().values_list("member_id", flat=True))
    return Person.objects.filter(pk__in=keys | {key for key in others if key}).order_by(
        "name", "pk"
    )


class PersonChoice(forms.ModelChoiceField):
    """A person by name, with the employee number where two have one name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name and the number."""
        return f"{obj.name}（{obj.employee_number}）" if obj.employee_number else obj.name


class PlanForm(forms.Form):
    """Plan an activity: what, when, where, who leads and who records."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of activity"), choices=ActivityKind.choices)
    topic = forms.CharField(label=pgettext_lazy("activity", "Topic"), max_length=255)
    day = forms.DateField(label=gettext_lazy("Date"), widget=DAY)
    starts = forms.TimeField(label=gettext_lazy("Starts at"), widget=CLOCK)
    ends = forms.TimeField(label=gettext_lazy("Ends at"), widget=CLOCK, required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100)
    group = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Party group"),
        required=False,
        help_text=gettext_lazy("For group meetings: which group meets."),
    )
    host = PersonChoice(Person.objects.none(), label=gettext_lazy("Host"))
    recorder = PersonChoice(
        Person.objects.none(),
        label=gettext_lazy("Recorder"),
        help_text=gettext_lazy("Somebody else than the host: both sign the minutes off."),
    )
    agenda = forms.CharField(
        label=gettext_lazy("Agenda"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One matter a line, in order."),
    )
    guests = forms.CharField(
        label=gettext_lazy("Who sits in"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One a line: members of the branch by name, others of the enterprise by employee "
            "number, people from outside by name."
        ),
    )

    def __init__(self, *args: Any, branch: Unit, activity: Activity | None = None, **kwargs: Any):
        if activity is not None:
            kwargs.setdefault("initial", _planned(activity))
        super().__init__(*args, **kwargs)
        self.branch = branch
        fields: Any = self.fields
        named = (activity.host_id, activity.recorder_id) if activity else ()
        people = people_of(branch, *named)
        fields["host"].queryset = fields["recorder"].queryset = people
        fields["group"].queryset = groups_of(branch)

    def clean(self) -> dict[str, Any]:
        """Refuse one person for both tasks, an end before the start, a group missing."""
        data = super().clean() or {}
        if data.get("host") and data.get("host") == data.get("recorder"):
            self.add_error(
                "recorder", _("Host and recorder are two people: both sign the minutes off.")
            )
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The end lies before the start."))
        if data.get("kind") == ActivityKind.GROUP_MEETING and not data.get("group"):
            self.add_error("group", _("Please choose which group meets."))
        day = data.get("day")
        if day and day > timezone.localdate() + datetime.timedelta(days=366):
            self.add_error("day", _("The date lies more than a year ahead."))
        if day and not self.branch.is_valid_on(day):
            self.add_error(
                "day",
                _("%(branch)s does not exist on this day.") % {"branch": self.branch.name},
            )
        return data

    def clean_guests(self) -> str:
        """Refuse a name that several members have."""
        lines: str = self.cleaned_data["guests"]
        day = self.cleaned_data.get("day") or timezone.localdate()
        ambiguous = named_people(lines, self.branch, day)[2]
        if ambiguous:
            raise ValidationError(
                _("Several people are called %(names)s. Write the employee number instead.")
                % {"names": "、".join(ambiguous)}
            )
        return lines.strip()

    def values(self) -> dict[str, Any]:
        """Return the fields of the activity."""
        data = self.cleaned_data
        ends = data["ends"]
        group = data["group"] if data["kind"] == ActivityKind.GROUP_MEETING else None
        return {
            "kind": data["kind"],
            "topic": data["topic"].strip(),
            "starts_at": moment(data["day"], data["starts"]),
            "ends_at": moment(data["day"], ends) if ends else None,
            "place": data["place"].strip(),
            "group": group,
            "host": data["host"],
            "recorder": data["recorder"],
            "agenda": data["agenda"].strip(),
            "guests": data["guests"],
        }


def _planned(activity: Activity) -> dict[str, Any]:
    starts = timezone.localtime(activity.starts_at) if activity.starts_at else None
    ends = timezone.localtime(activity.ends_at) if activity.ends_at else None
    return {
        "version": activity.version,
        "kind": activity.kind,
        "topic": activity.topic,
        "day": activity.held_on,
        "starts": starts.time() if starts else None,
        "ends": ends.time() if ends else None,
        "place": activity.place,
        "group": activity.group_id,
        "host": activity.host_id,
        "recorder": activity.recorder_id,
        "agenda": activity.agenda,
        "guests": activity.guests,
    }


class MinutesForm(forms.Form):
    """The minutes beside speeches and resolutions; what the kind asks for comes after them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    agenda = forms.CharField(
        label=gettext_lazy("Agenda"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One matter a line, in order."),
    )
    minutes = forms.CharField(
        label=gettext_lazy("Minutes"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("What was reported, discussed and agreed."),
    )
    account = forms.CharField(
        label=gettext_lazy("Text for the page"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Only these words and how many came are published later, nothing else of the record."
        ),
    )

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any):
        kwargs.setdefault(
            "initial",
            {
                "version": activity.version,
                "agenda": activity.agenda,
                "minutes": activity.minutes,
                "account": activity.account,
                **{kind_fields.PREFIX + name: value for name, value in activity.details.items()},
            },
        )
        super().__init__(*args, **kwargs)
        self.kind = activity.kind
        for field in kind_fields.fields_of(activity.kind):
            self.fields[kind_fields.PREFIX + field.name] = kind_fields.form_field(field)

    def facts(self) -> dict[str, Any]:
        """Return the fields of the activity."""
        data = self.cleaned_data
        return {
            "agenda": data["agenda"].strip(),
            "minutes": data["minutes"].strip(),
            "account": data["account"].strip(),
            "details": kind_fields.kept(self.kind, data),
        }


class SpeechForm(forms.Form):
    """The points of one speaker; a row without anything is left out."""

    person = PersonChoice(Person.objects.none(), label=gettext_lazy("Speaker"), required=False)
    points = forms.CharField(
        label=pgettext_lazy("speech", "Points"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["person"].queryset = people

    def clean(self) -> dict[str, Any]:
        """Refuse points without a speaker and a speaker without points."""
        data = super().clean() or {}
        if bool(data.get("person")) != bool((data.get("points") or "").strip()):
            raise ValidationError(_("Choose who spoke and write the points, or leave both empty."))
        return data


class ResolutionForm(forms.Form):
    """What is to be done, by whom, until when; a row without anything is left out."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    problem = forms.CharField(label=gettext_lazy("Problem found"), max_length=300, required=False)
    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=500, required=False)
    responsible = PersonChoice(
        Person.objects.none(), label=gettext_lazy("Responsible person"), required=False
    )
    due_on = forms.DateField(label=gettext_lazy("Due on"), widget=DAY, required=False)

    def __init__(self, *args: Any, people: Any, with_problem: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["responsible"].queryset = people
        if not with_problem:
            del self.fields["problem"]

    def clean(self) -> dict[str, Any]:
        """Refuse a resolution without somebody who answers for it."""
        data = super().clean() or {}
        filled = [data.get(name) for name in ("problem", "responsible", "due_on")]
        if any(filled) and not data.get("text"):
            self.add_error("text", _("Please write what is to be done."))
        if data.get("text") and not data.get("responsible"):
            self.add_error("responsible", _("Please choose who answers for it."))
        if data.get("text") and not data.get("due_on"):
            self.add_error("due_on", _("Please write until when it is done."))
        return data

    def row(self) -> dict[str, Any]:
        """Return the fields of the resolution."""
        return {name: self.cleaned_data[name] for name in self.fields}


class VoteForm(forms.ModelForm):
    """A vote; without a quorum the three numbers stay empty."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Vote
        fields = ["matter", "subject", "method", "present", "yes", "no", "abstain"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("yes", "no", "abstain"):
            self.fields[name].required = False
            self.initial.setdefault(name, None)

    def _number(self, name: str) -> int:
        return self.cleaned_data.get(name) or 0

    def clean_yes(self) -> int:
        """An empty number is none."""
        return self._number("yes")

    def clean_no(self) -> int:
        """An empty number is none."""
        return self._number("no")

    def clean_abstain(self) -> int:
        """An empty number is none."""
        return self._number("abstain")

    def _post_clean(self) -> None:
        """Leave constraints to the service, which knows how many should vote."""

    def values(self) -> dict[str, Any]:
        """Return the fields of the vote."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ThemeDayForm(forms.ModelForm):
    """The rule of a branch's theme day."""

    class Meta:
        model = ThemeDayRule
        fields = [
            *("weekday", "day", "onto_working_day", "starts", "hours", "place", "topic"),
        ]
        widgets = {"starts": CLOCK}
        labels = {
            "weekday": gettext_lazy("Day of the week"),
            "day": gettext_lazy("Which one of the month"),
        }
        help_texts = {
            "weekday": gettext_lazy(
                "Empty: the n-th day of the month. Else the n-th such weekday."
            ),
            "day": gettext_lazy("1 to 31 for a day of the month, 1 to 5 for a weekday."),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse the sixth Friday of a month."""
        data = super().clean() or {}
        if data.get("weekday") is not None and (data.get("day") or 0) > 5:
            self.add_error("day", _("A weekday comes at most five times in a month."))
        return data


class TalkForm(forms.Form):
    """A talk between two."""

    kind = forms.ChoiceField(label=pgettext_lazy("talk", "Kind"), choices=TalkKind.choices)
    talker = PersonChoice(Person.objects.none(), label=gettext_lazy("Who spoke"))
    partner = PersonChoice(Person.objects.none(), label=gettext_lazy("With whom"))
    held_on = forms.DateField(label=gettext_lazy("Date"), widget=DAY)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)
    content = forms.CharField(
        label=gettext_lazy("What was talked about"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, branch: Unit, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["talker"].queryset = fields["partner"].queryset = people_of(branch)


class TalkCorrectionForm(forms.ModelForm):
    """Correct the words of a talk."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Talk
        fields = ["place", "content"]
