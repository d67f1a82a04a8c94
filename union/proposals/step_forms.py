"""What the steps of a proposal ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.cases.forms import StepForm
from portal.cases.models import Satisfaction
from portal.organizations.models import Unit, UnitKind
from union.models import Proposal, ReplyResult, TurnedTo
from union.proposals.effects import MAIN_STATES
from union.text_fields import VisibleTextField

LONGEST_REPLY = 3_000
SHORTEST_REPLY = 10
LEVELS = [(level.value, level.label) for level in Satisfaction]
CHOOSE = gettext_lazy("Please choose one of them.")
ADVICE = (
    ("file", pgettext_lazy("proposal", "File it")),
    ("merge", pgettext_lazy("proposal", "Merge it")),
    ("turn", pgettext_lazy("proposal", "Treat it as a suggestion or opinion")),
    ("decline", pgettext_lazy("proposal", "Do not file it")),
)


def words_field(label: Any, help_text: Any = "", *, required: bool = True, **more: Any) -> Any:
    """Return a field for a longer text."""
    return VisibleTextField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=more.get("most", 500),
        widget=forms.Textarea(attrs={"rows": more.get("rows", 4)}),
        error_messages={"required": more.get("missing", gettext_lazy("Please say why."))},
    )


class UnitChoiceField(forms.ModelChoiceField):
    """One unit, by its name."""

    def label_from_instance(self, unit: Unit) -> str:
        """Return the name."""
        return str(unit.name)


class UnitsChoiceField(forms.ModelMultipleChoiceField):
    """Several units, by their names."""

    def label_from_instance(self, unit: Unit) -> str:
        """Return the name."""
        return str(unit.name)


def working_units() -> Any:
    """Return the administrative units of today, in the order of the tree."""
    today = timezone.localdate()
    standing = Q(valid_to=None) | Q(valid_to__gte=today)
    return Unit.objects.filter(
        standing, kind=UnitKind.ADMINISTRATIVE, valid_from__lte=today
    ).order_by("path")


class ExamineForm(StepForm):
    """What the office advises the committee to decide."""

    advice = forms.ChoiceField(
        label=gettext_lazy("Advice to the committee"),
        choices=ADVICE,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE},
    )


class MergeForm(StepForm):
    """Into which filed proposal of the same session."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        proposal: Proposal | None = self.case.subject
        self.mains = {
            str(row.pk): row
            for row in Proposal.objects.filter(
                session=proposal.session_id if proposal else None, case__state__in=MAIN_STATES
            )
            .exclude(pk=self.case.pk)
            .select_related("case")
            .order_by("sequence")
        }
        self.fields["main"] = forms.ChoiceField(
            label=_("Main proposal"),
            help_text=_("It must be filed already. It names all who proposed and seconded this."),
            choices=[
                ("", _("Please choose")),
                *((key, f"{row.case.number} {row.case.item}") for key, row in self.mains.items()),
            ],
            error_messages={"required": CHOOSE},
        )
        self.order_fields(["main", "reason", "note"])

    def clean_main(self) -> Proposal:
        """Return the proposal."""
        return self.mains[self.cleaned_data["main"]]


class TurnForm(StepForm):
    """As what it is treated instead."""

    turned_to = forms.ChoiceField(
        label=gettext_lazy("It is treated as"),
        choices=TurnedTo.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE},
    )


class DispatchForm(StepForm):
    """Which unit leads, which help, and what the leader in charge says."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        units = working_units()
        self.fields["lead"] = UnitChoiceField(
            queryset=units,
            label=_("Leading unit"),
            empty_label=_("Please choose"),
            error_messages={"required": _("Please name the unit that leads.")},
        )
        self.fields["helpers"] = UnitsChoiceField(
            queryset=units,
            label=_("Helping units"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["instruction"] = words_field(
            _("Instruction of the leader in charge"), required=False
        )
        self.order_fields(["lead", "helpers", "instruction", "note"])

    def clean(self) -> dict[str, Any]:
        """A unit that leads does not help as well."""
        cleaned: dict[str, Any] = super().clean() or {}
        lead, helpers = cleaned.get("lead"), cleaned.get("helpers") or []
        if lead is not None and lead in helpers:
            self.add_error("helpers", _("The leading unit cannot be a helping one as well."))
        cleaned["helpers"] = list(helpers)
        return cleaned


class SendBackForm(StepForm):
    """Why the proposal is another unit's; the office reads it, the delegate does not."""

    note = words_field(gettext_lazy("Why is it another unit's?"))


class ReplyForm(StepForm):
    """The written reply and what it comes to."""

    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=ReplyResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE},
    )
    reply = VisibleTextField(
        label=gettext_lazy("Reply"),
        help_text=gettext_lazy(
            "What was found, what is done, by whom and by when. The delegate reads it word for"
            " word once the union has looked at it."
        ),
        least=SHORTEST_REPLY,
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": gettext_lazy("A reply needs words.")},
    )


class ReturnReplyForm(StepForm):
    """What the reply lacks; the unit reads it, the delegate does not."""

    note = words_field(gettext_lazy("What does the reply lack?"))


class RateForm(StepForm):
    """What the delegate thinks of the reply and of what was done."""

    reply_level = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you with the reply?"),
        choices=LEVELS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of the five answers.")},
    )
    implementation_level = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you with what was done?"),
        choices=[*LEVELS, ("", gettext_lazy("Nothing was to be done yet"))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.order_fields(["reply_level", "implementation_level", "words", "reason"])


class AgainForm(RateForm):
    """The same, and why it has to be handled a second time."""

    reason = words_field(
        gettext_lazy("What is not solved?"),
        gettext_lazy("The unit reads it word for word and replies anew."),
    )
