"""The forms of the office of surveys: a new draft, and whom to ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.organizations.models import Unit
from portal.roles.table import ROLES
from portal.spreadsheets.forms import WorkbookField
from union.models import Segment, Survey, SurveyMode, SurveyOffice
from union.surveys.bank import TEMPLATES
from union.surveys.invitees import LARGEST_WORKBOOK, Chosen

SIGNING_SALT = "union.surveys.launch"
MOST_TOKENS = 500
TOKEN_ROWS = 8
#: Groups of people that may be asked by their role.
ROLE_CODES = (
    *("employee", "party_member", "branch_secretary", "organization_member", "opinion_handler"),
    "military_family",
)


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NewSurveyForm(forms.ModelForm):
    """What a draft begins with; its questions are arranged on the next page."""

    templates = forms.MultipleChoiceField(
        label=gettext_lazy("Ready-made sections"),
        help_text=gettext_lazy("A section with overall satisfaction and open questions is added."),
        choices=[(code, template.name) for code, template in TEMPLATES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose one section at least.")},
    )
    segments = forms.MultipleChoiceField(
        label=gettext_lazy("Results broken down by"),
        help_text=gettext_lazy("Small groups are merged when the survey is launched."),
        choices=Segment.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Survey
        fields = (
            *("office", "title", "code", "series", "purpose", "unit", "opens_on", "closes_on"),
            *("mode", "minimum", "comment_minimum", "segments", "crossed"),
        )
        labels = {"purpose": pgettext_lazy("survey", "Purpose")}
        widgets = {
            "opens_on": _date_input(),
            "closes_on": _date_input(),
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "office": forms.RadioSelect,
            "mode": forms.RadioSelect,
        }

    def __init__(self, *arguments: Any, offices: list[str], **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        office: Any = self.fields["office"]
        office.choices = [row for row in SurveyOffice.choices if row[0] in offices]
        office.initial = offices[0]
        mode: Any = self.fields["mode"]
        mode.choices = SurveyMode.choices
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.valid_on()
        unit.label_from_instance = lambda one: one.indented_name
        self.fields["code"].help_text = gettext_lazy("Letters, digits and hyphens: workers-2027")


class LaunchForm(forms.Form):
    """Whom to ask: units, groups of people, a list, printed tokens."""

    units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Units, each with all below it"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Groups of people"),
        choices=[(code, ROLES[code].name) for code in ROLE_CODES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    workbook = WorkbookField(
        label=gettext_lazy("List of employee numbers"),
        help_text=gettext_lazy(
            "An Excel workbook with the column 工号 and, for results by kind of post, 岗位类别."
        ),
        largest=LARGEST_WORKBOOK,
        required=False,
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Units are told apart"),
        coerce=int,
        choices=[
            ("2", gettext_lazy("by the units below the company")),
            ("3", gettext_lazy("one level further down")),
            ("4", gettext_lazy("two levels further down")),
        ],
        initial="2",
        widget=forms.RadioSelect,
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        valid = Unit.objects.valid_on()
        units: Any = self.fields["units"]
        units.queryset = valid
        units.label_from_instance = lambda one: one.indented_name
        for number in range(1, TOKEN_ROWS + 1):
            field: Any = forms.ModelChoiceField(
                label=_("Unit %(number)d") % {"number": number},
                queryset=valid,
                required=False,
                empty_label=_("None"),
            )
            field.label_from_instance = lambda one: one.indented_name
            self.fields[f"token_unit_{number}"] = field
            self.fields[f"token_count_{number}"] = forms.IntegerField(
                label=pgettext_lazy("tokens", "How many people"),
                min_value=1,
                max_value=MOST_TOKENS,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def plain_fields(self) -> list[forms.BoundField]:
        """Return the fields beside those of the tokens."""
        return [field for field in self if not field.name.startswith("token_")]

    def token_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the pairs of unit and number."""
        return [
            (self[f"token_unit_{number}"], self[f"token_count_{number}"])
            for number in range(1, TOKEN_ROWS + 1)
        ]

    def has_tokens(self) -> bool:
        """Whether something was typed into one of them."""
        return self.is_bound and any(field.data for pair in self.token_fields() for field in pair)

    def clean(self) -> dict[str, Any]:
        """Refuse nobody at all, and tokens of no unit or without a number."""
        cleaned: dict[str, Any] = super().clean() or {}
        for number in range(1, TOKEN_ROWS + 1):
            unit, count = cleaned.get(f"token_unit_{number}"), cleaned.get(f"token_count_{number}")
            if unit and count is None and f"token_count_{number}" not in self.errors:
                self.add_error(f"token_count_{number}", _("Please write how many people."))
            if count and not unit and f"token_unit_{number}" not in self.errors:
                self.add_error(f"token_unit_{number}", _("Please choose their unit."))
        if not self.errors and not (
            cleaned.get("units")
            or cleaned.get("roles")
            or cleaned.get("workbook")
            or self._tokens(cleaned)
        ):
            raise forms.ValidationError(_("Please choose whom to ask."))
        return cleaned

    @staticmethod
    def _tokens(cleaned: dict[str, Any]) -> tuple[tuple[int, int], ...]:
        return tuple(
            (cleaned[f"token_unit_{number}"].pk, cleaned[f"token_count_{number}"])
            for number in range(1, TOKEN_ROWS + 1)
            if cleaned.get(f"token_unit_{number}") and cleaned.get(f"token_count_{number}")
        )

    def chosen(self, listed: tuple[tuple[str, str], ...]) -> Chosen:
        """Return the choice as plain values."""
        cleaned = self.cleaned_data
        return Chosen(
            tuple(unit.pk for unit in cleaned["units"]),
            tuple(cleaned["roles"]),
            listed,
            self._tokens(cleaned),
            cleaned["level"],
        )


def sealed(chosen: Chosen, survey: Survey) -> str:
    """Return a choice signed for one survey, so that the browser can bring it back."""
    return signing.dumps([survey.pk, chosen.plain()], salt=SIGNING_SALT, compress=True)


def unsealed(value: str, survey: Survey) -> Chosen | None:
    """Return what `sealed` wrote for this survey within the hour, else None."""
    try:
        pk, plain = signing.loads(value, salt=SIGNING_SALT, max_age=3600)
    except signing.BadSignature:
        return None
    return Chosen.of_plain(plain) if pk == survey.pk else None
