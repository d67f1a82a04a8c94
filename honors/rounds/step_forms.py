"""What the steps of a round ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from honors.models import Nomination, NominationState, RoundPart
from honors.rounds.choice import candidates_of, judged
from honors.rounds.scoring import ranking, shortcomings
from honors.rounds.terms import terms_of
from portal.cases.forms import StepForm
from portal.office_pages import day_field


def _count_field(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Please enter the number of votes."),
            "invalid": gettext_lazy("Please enter a whole number."),
        },
    )


class BallotForm(StepForm):
    """Day, tellers, papers, and the votes on every nominee (票决)."""

    page_template = "honors/rounds/ballot_fields.html"

    ballot_on = day_field(gettext_lazy("Day of the ballot"))
    ballots = forms.IntegerField(
        label=gettext_lazy("Ballot papers handed out"),
        min_value=1,
        max_value=200,
        error_messages={"required": gettext_lazy("Please enter how many papers there were.")},
    )
    tellers = forms.CharField(
        label=gettext_lazy("Tellers"),
        max_length=100,
        help_text=gettext_lazy("The names of those who counted."),
        error_messages={"required": gettext_lazy("Please enter who counted.")},
    )

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        round_ = self.case.subject
        self.judges = round_.members.filter(part=RoundPart.JUDGE).count()
        self.nominations: list[Nomination] = list(
            round_.nominations.filter(state=NominationState.ELIGIBLE).select_related("unit")
        )
        for row in self.nominations:
            for code, label in (
                ("yes", pgettext_lazy("ballot", "Yes")),
                ("no", pgettext_lazy("ballot", "No")),
                ("abstained", pgettext_lazy("ballot", "Abstained")),
            ):
                field = _count_field(f"{row.subject_name}：{label}", self.judges)
                self.fields[f"{code}_{row.pk}"] = field
        self.order_fields(["ballot_on", "ballots", "tellers"])

    def ballot_rows(self) -> list[tuple[Nomination, list[Any]]]:
        """Return every nominee with its three fields, for the table."""
        return [
            (row, [self[f"{code}_{row.pk}"] for code in ("yes", "no", "abstained")])
            for row in self.nominations
        ]

    def plain_fields(self) -> list[Any]:
        """Return the fields that stand outside the table."""
        return [self[name] for name in ("ballot_on", "ballots", "tellers")] + [
            self[name] for name in ("note",) if name in self.fields
        ]

    def clean_ballot_on(self) -> Any:
        """The ballot was held."""
        day = self.cleaned_data["ballot_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        """Put the votes together; none has more than there were papers."""
        cleaned: dict[str, Any] = super().clean() or {}
        ballots = cleaned.get("ballots")
        counts = {}
        for row in self.nominations:
            votes = [cleaned.get(f"{code}_{row.pk}") for code in ("yes", "no", "abstained")]
            if any(vote is None for vote in votes):
                continue
            counted = [int(vote or 0) for vote in votes]
            if ballots is not None and sum(counted) > ballots:
                self.add_error(
                    f"yes_{row.pk}",
                    _("%(sum)d votes are more than the %(ballots)d papers.")
                    % {"sum": sum(counted), "ballots": ballots},
                )
            counts[row.pk] = counted
        cleaned["counts"] = counts
        return cleaned


class ProposeForm(StepForm):
    """Who is proposed for the award."""

    page_template = "honors/rounds/propose_fields.html"

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        round_ = self.case.subject
        self.rows = {
            str(row.pk): row
            for row in judged(round_)
            if row.state in (NominationState.ELIGIBLE, NominationState.PROPOSED)
        }
        everybody = candidates_of(round_)
        terms, ranks = terms_of(round_.terms), ranking(everybody)
        by_key = {row.key: row for row in everybody}
        self.seats = round_.seats
        self.standings = {
            key: (
                ranks.get(row.pk),
                "；".join(shortcomings(by_key[row.pk], everybody, terms)),
            )
            for key, row in self.rows.items()
            if row.pk in by_key
        }
        self.fields["winners"] = forms.MultipleChoiceField(
            label=_("Proposed for the award"),
            choices=[(key, row.subject_name) for key, row in self.rows.items()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Please choose at least one.")},
        )
        self.order_fields(["winners", "note"])

    def choice_rows(self) -> list[tuple[Any, Nomination, Any, str]]:
        """Return the box of every nominee with rank and what speaks against it."""
        return [
            (box, self.rows[str(box.data["value"])], *self.standings[str(box.data["value"])])
            for box in self["winners"].subwidgets
        ]

    def clean_winners(self) -> list[Nomination]:
        """Return the nominations."""
        return [self.rows[key] for key in self.cleaned_data["winners"]]


class MeetingForm(StepForm):
    """Which meeting of the Party committee approved the list."""

    meeting = forms.CharField(
        label=gettext_lazy("Meeting that approved the list"),
        max_length=100,
        help_text=gettext_lazy("It stands in the notice, for example: Party committee meeting."),
        error_messages={"required": gettext_lazy("Please enter which meeting it was.")},
    )
    meeting_on = day_field(gettext_lazy("Day of the meeting"))
    field_order = ["meeting", "meeting_on", "note"]

    def clean_meeting_on(self) -> Any:
        """The meeting was held."""
        day = self.cleaned_data["meeting_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class DecisionForm(StepForm):
    """Number, title and day of the document that confers the title."""

    decision_number = forms.CharField(
        label=gettext_lazy("Document number"),
        max_length=60,
        help_text=gettext_lazy("For example 沁岚党发〔2026〕33号."),
        error_messages={"required": gettext_lazy("Please enter the document number.")},
    )
    decision_title = forms.CharField(
        label=gettext_lazy("Title of the decision"),
        max_length=100,
        error_messages={"required": gettext_lazy("Please enter the title.")},
    )
    decided_on = day_field(gettext_lazy("Day of the decision"))
    field_order = ["decision_number", "decision_title", "decided_on", "note"]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        round_ = self.case.subject
        self.fields["decision_title"].initial = (
            round_.decision_title or f"关于授予{round_.year}年度“{round_.title.name}”称号的决定"
        )
        self.fields["decision_number"].initial = round_.decision_number
        self.fields["decided_on"].initial = round_.decided_on

    def clean_decided_on(self) -> Any:
        """The decision is not of the future, and not before the list was approved."""
        day, met = self.cleaned_data["decided_on"], self.case.subject.meeting_on
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if met is not None and day < met:
            raise forms.ValidationError(_("The decision cannot be older than the list."))
        return day
