"""The forms of who nominates and of the branch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from honors.models import (
    Nomination,
    NominationKind,
    Round,
    SubjectKind,
)
from honors.models.nominations import LONGEST_DEEDS
from honors.rounds.forms import CHOOSE, NameField, text_field, units_today
from honors.rounds.permissions import branches_of
from honors.rounds.terms import Terms, terms_of
from portal.files.forms import PrivateFileField
from portal.office_pages import day_field
from portal.organizations.models import UnitKind
from portal.people.models import Person, User

SHORTEST_DEEDS = 30


class NominationForm(forms.Form):
    """Who is nominated, and why. Which fields there are depends on the title.

    Args:
        round_: the round.
        user: who nominates.
    """

    front_line = forms.BooleanField(
        label=gettext_lazy("The nominee works at the front line"), required=False
    )
    brief = forms.CharField(
        label=gettext_lazy("Deeds in one line"),
        max_length=100,
        help_text=gettext_lazy("It stands in the public notice. No identity or phone number."),
        error_messages={"required": gettext_lazy("Please say in one line why.")},
    )
    deeds = text_field(
        gettext_lazy("Deeds"),
        8,
        LONGEST_DEEDS,
        min_length=SHORTEST_DEEDS,
        help_text=gettext_lazy("What was done, where, with figures. 30 to 3,000 characters."),
    )
    innovation_before = forms.CharField(
        label=gettext_lazy("Innovation: before"), max_length=300, required=False
    )
    innovation_after = forms.CharField(
        label=gettext_lazy("Innovation: after"), max_length=300, required=False
    )
    materials = PrivateFileField(label=pgettext_lazy("nomination", "Materials"), required=False)

    def __init__(self, *args: Any, round_: Round, user: User, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.round, self.user = round_, user
        terms = terms_of(round_.terms)
        self.of_person = round_.title.subject_kind == SubjectKind.PERSON
        self._add_kinds(terms)
        if self.of_person:
            self._add_person(terms)
        else:
            self._add_subject()
        self.fields["branch"] = NameField(
            units_today(UnitKind.PARTY_BRANCH),
            label=_("Party branch that assesses it"),
            empty_label=CHOOSE,
            error_messages={"required": _("Please choose the branch.")},
        )
        self.order_fields(
            [
                *("kind", "nominee_name", "employee_number", "subject_name", "position", "unit"),
                *("branch", "front_line", "posthumous", "brief", "deeds"),
                *("accident_free_days", "hazards_found"),
                *("innovation_before", "innovation_after", "materials"),
            ]
        )

    def _add_kinds(self, terms: Terms) -> None:
        kinds = []
        if terms.by_self:
            kinds.append((NominationKind.SELF, _("I nominate myself or my own team")))
        if terms.by_other:
            kinds.append((NominationKind.OTHER, _("I nominate others")))
        if terms.by_branch and branches_of(self.user):
            kinds.append((NominationKind.BRANCH, _("Our branch nominates")))
        self.fields["kind"] = forms.ChoiceField(
            label=_("Who nominates"),
            choices=[(kind.value, label) for kind, label in kinds],
            widget=forms.RadioSelect,
            error_messages={"required": _("Please choose who nominates.")},
        )

    def _add_person(self, terms: Terms) -> None:
        self.fields["nominee_name"] = forms.CharField(
            label=_("Name of the nominee"),
            max_length=50,
            required=False,
            help_text=_("Leave name and number empty when you nominate yourself."),
        )
        self.fields["employee_number"] = forms.CharField(
            label=_("Employee number of the nominee"), max_length=20, required=False
        )
        if terms.posthumous:
            self.fields["posthumous"] = forms.BooleanField(label=_("Posthumous"), required=False)

    def _add_subject(self) -> None:
        label = {
            SubjectKind.POST: _("Name of the post"),
            SubjectKind.TEAM: _("Name of the team"),
            SubjectKind.BRANCH: _("Name of the Party organization"),
        }[SubjectKind(self.round.title.subject_kind)]
        self.fields["subject_name"] = forms.CharField(label=label, max_length=60)
        self.fields["position"] = forms.CharField(
            label=_("Team or place"), max_length=60, required=False
        )
        self.fields["unit"] = NameField(
            units_today(*UnitKind.values), label=_("Unit"), empty_label=CHOOSE
        )
        self.fields["employee_number"] = forms.CharField(
            label=_("Employee number of who answers for it"),
            max_length=20,
            required=False,
            help_text=_("Whoever answers for it, and relatives, do not judge it."),
        )
        for name, words in (
            ("accident_free_days", _("Days without accident")),
            ("hazards_found", _("Hazards found")),
        ):
            self.fields[name] = forms.IntegerField(
                label=words, min_value=0, max_value=40_000, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Find the person; name and number have to belong together."""
        cleaned: dict[str, Any] = super().clean() or {}
        number = (cleaned.get("employee_number") or "").strip()
        person = Person.objects.filter(employee_number__iexact=number).first() if number else None
        if number and person is None:
            self.add_error("employee_number", _("Nobody has this employee number."))
        cleaned["person"] = person
        if not self.of_person or self.errors:
            return cleaned
        if cleaned.get("kind") == NominationKind.SELF:
            cleaned["person"], cleaned["subject_name"] = self.user.person, ""
        elif not number:
            self.add_error("employee_number", _("Please give the employee number of the nominee."))
        elif person is not None and person.name != (cleaned.get("nominee_name") or "").strip():
            self.add_error("nominee_name", _("No colleague has this name and employee number."))
        elif person is not None and person.unit is None:
            self.add_error("employee_number", _("This person belongs to no unit."))
        return cleaned


def initial_of_nomination(nomination: Nomination) -> dict[str, Any]:
    """Return what stands in the form of a nomination that is changed."""
    names = (
        *("kind", "subject_name", "position", "front_line", "posthumous", "brief", "deeds"),
        *("accident_free_days", "hazards_found", "innovation_before", "innovation_after"),
    )
    initial = {name: getattr(nomination, name) for name in names}
    initial |= {"unit": nomination.unit_id, "branch": nomination.branch_id}
    if nomination.person is not None and nomination.kind != NominationKind.SELF:
        initial["employee_number"] = nomination.person.employee_number
        initial["nominee_name"] = nomination.person.name
    return initial


class AssessForm(forms.Form):
    """What the branch assembly says."""

    recommends = forms.TypedChoiceField(
        label=gettext_lazy("The branch"),
        choices=[
            ("yes", gettext_lazy("recommends")),
            ("no", gettext_lazy("does not recommend")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of both.")},
    )
    assembly_on = day_field(gettext_lazy("Day of the branch assembly"))
    attended = forms.IntegerField(
        label=gettext_lazy("Members present"), min_value=1, max_value=2000
    )
    agreed = forms.IntegerField(label=gettext_lazy("In favour"), min_value=0, max_value=2000)
    branch_opinion = text_field(gettext_lazy("Opinion of the branch"), 4, 500)

    def clean_assembly_on(self) -> Any:
        """The assembly was held."""
        day = self.cleaned_data["assembly_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        """No more in favour than present."""
        cleaned: dict[str, Any] = super().clean() or {}
        present, agreed = cleaned.get("attended"), cleaned.get("agreed")
        if present is not None and agreed is not None and agreed > present:
            self.add_error("agreed", _("More are in favour than were present."))
        return cleaned
