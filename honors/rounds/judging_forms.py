"""The forms of departments, of the office that examines, of judges, and of an investigation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from honors.models import (
    NominationState,
    Round,
    Verdict,
)
from honors.rounds.forms import text_field
from honors.rounds.terms import Line, Terms


class OpinionForm(forms.Form):
    """What a department says of a nominee."""

    verdict = forms.ChoiceField(
        label=pgettext_lazy("nomination", "Opinion"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of them.")},
    )
    words = text_field(
        pgettext_lazy("nomination", "Words"),
        4,
        500,
        required=False,
        help_text=gettext_lazy("Read by the office and the committee, not by the nominee."),
    )


class ExamineForm(forms.Form):
    """Which conditions are met, what rules out, and what follows."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=[
            (NominationState.ELIGIBLE.value, NominationState.ELIGIBLE.label),
            (NominationState.RETURNED.value, gettext_lazy("Back for correction")),
            (NominationState.INELIGIBLE.value, NominationState.INELIGIBLE.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of them.")},
    )
    reason = text_field(
        gettext_lazy("Reason"),
        3,
        500,
        required=False,
        help_text=gettext_lazy("Whoever nominated reads it word for word."),
    )

    def __init__(self, *args: Any, terms: Terms, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        for name, label, texts in (
            ("criteria", _("Conditions that are met"), [row.text for row in terms.criteria]),
            ("vetoes", _("What rules the nominee out"), [row.text for row in terms.vetoes]),
        ):
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=label,
                coerce=int,
                required=False,
                choices=list(enumerate(texts)),
                widget=forms.CheckboxSelectMultiple,
            )
        self.order_fields(["criteria", "vetoes", "decision", "reason"])


class ScoreForm(forms.Form):
    """The score card of one nominee."""

    def __init__(self, *args: Any, lines: tuple[Line, ...], **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.lines = lines
        for place, line in enumerate(lines):
            self.fields[f"line_{place}"] = forms.DecimalField(
                label=_("%(line)s (0 to %(most)d)") % {"line": line.name, "most": line.points},
                help_text=line.guidance,
                min_value=Decimal(0),
                max_value=Decimal(line.points),
                max_digits=4,
                decimal_places=1,
                step_size=Decimal("0.5"),
                error_messages={
                    "required": _("Please score every line."),
                    "min_value": _("0 to %(most)d points are possible.") % {"most": line.points},
                    "max_value": _("0 to %(most)d points are possible.") % {"most": line.points},
                    "step_size": _("Please score in steps of half a point."),
                },
            )
        self.fields["remark"] = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def points(self) -> list[Decimal]:
        """Return the points in the order of the lines."""
        return [self.cleaned_data[f"line_{place}"] for place in range(len(self.lines))]


class AsideForm(forms.Form):
    """Why a judge stands aside."""

    words = text_field(gettext_lazy("Reason"), 3, 200)


class InvestigationForm(forms.Form):
    """Who looked into an objection, what was found, and whether a nomination falls."""

    investigators = forms.CharField(
        label=gettext_lazy("Who looked into it"),
        max_length=100,
        help_text=gettext_lazy("At least two names."),
    )
    findings = text_field(gettext_lazy("Findings and evidence"), 6, 2000, min_length=10)
    affects = forms.TypedChoiceField(
        label=gettext_lazy("Result"),
        choices=[
            ("no", gettext_lazy("The objection does not hold; the list stays")),
            ("yes", gettext_lazy("The objection holds; a nomination falls")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of both.")},
    )

    def __init__(self, *args: Any, round_: Round, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["nomination"] = forms.ModelChoiceField(
            round_.nominations.chosen(),
            label=_("Which nomination falls"),
            required=False,
            empty_label=_("None"),
        )
        label = self.fields["nomination"]
        label.label_from_instance = lambda row: row.subject_name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask which nomination falls."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("affects") and cleaned.get("nomination") is None:
            self.add_error("nomination", _("Please say which nomination falls."))
        return cleaned
