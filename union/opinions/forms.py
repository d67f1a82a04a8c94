"""What the steps of an opinion ask of whoever takes them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.cases.forms import StepForm
from portal.cases.models import Satisfaction
from portal.organizations.models import Unit
from union.models.handling import LONGEST_REPLY
from union.text_fields import VisibleTextField

LONGEST_QUESTION = 500
# The petition clause asks for the reason and for who can help instead.
GROUNDS = (
    ("elsewhere", pgettext_lazy("opinion ground", "Another office or court is in charge")),
    ("same", pgettext_lazy("opinion ground", "The same matter is handled already")),
    ("unclear", pgettext_lazy("opinion ground", "It does not say what happened or what is wanted")),
    ("no-opinion", pgettext_lazy("opinion ground", "It is no opinion, such as an advertisement")),
)
# Four grades of the opinion box; "very dissatisfied" of the five-level scale is not among them.
GRADES = [
    (level.value, level.label)
    for level in Satisfaction
    if level is not Satisfaction.VERY_DISSATISFIED
]


class DeclineForm(StepForm):
    """Why an opinion is not accepted, and where the sender can turn to instead."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=GROUNDS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose the reason.")},
    )
    where = VisibleTextField(
        label=gettext_lazy("Where the sender can turn to instead"),
        help_text=gettext_lazy("Office and phone. The sender reads it word for word."),
        max_length=200,
        error_messages={"required": gettext_lazy("Please say who else can help.")},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.order_fields(["ground", "reason", "where", "note"])

    def clean(self) -> dict[str, Any]:
        """Keep the place to turn to with the reason, which the sender reads."""
        cleaned: dict[str, Any] = super().clean() or {}
        if {"reason", "where", "ground"} <= cleaned.keys():
            ground = str(dict(GROUNDS)[cleaned["ground"]])
            told = _("You can turn to: %(where)s") % {"where": cleaned["where"]}
            cleaned["reason"] = f"{ground}。{cleaned['reason']}\n{told}"
        return cleaned


class DispatchForm(StepForm):
    """Which unit handles an opinion, which others contribute, and what they are asked."""

    lead_unit = forms.ModelChoiceField(
        queryset=Unit.objects.none(),
        empty_label=gettext_lazy("Please choose"),
        label=gettext_lazy("Unit that handles it"),
        help_text=gettext_lazy("The unit an opinion is about is not offered, nor any inside it."),
        error_messages={"required": gettext_lazy("Please choose the unit that handles it.")},
    )
    helpers = forms.ModelMultipleChoiceField(
        queryset=Unit.objects.none(),
        label=gettext_lazy("Helping units"),
        help_text=gettext_lazy(
            "They contribute what they are asked; the name is not told to them."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    question = VisibleTextField(
        label=gettext_lazy("What the helping units are asked"),
        required=False,
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        from union.opinions.routing import units_to_ask

        super().__init__(*arguments, **keywords)
        offered = units_to_ask(self.case.subject) if self.case.subject is not None else []
        units = Unit.objects.filter(pk__in=[unit.pk for unit in offered]).order_by("path")
        for name in ("lead_unit", "helpers"):
            field: Any = self.fields[name]
            field.queryset = units
        self.order_fields(["lead_unit", "helpers", "question", "note"])

    def clean(self) -> dict[str, Any]:
        """Helpers are others than the lead, and are asked something."""
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = list(cleaned.get("helpers") or [])
        cleaned["helpers"] = chosen
        if chosen and cleaned.get("lead_unit") in chosen:
            self.add_error("helpers", _("The unit that handles it does not help itself."))
        if chosen and not cleaned.get("question", "").strip():
            self.add_error("question", _("Please say what the helping units should contribute."))
        return cleaned


class ReplyForm(StepForm):
    """The draft of a reply; sent back, it is written on."""

    reply = VisibleTextField(
        label=gettext_lazy("Reply"),
        help_text=gettext_lazy("The sender reads it after the union reviewed it."),
        max_length=LONGEST_REPLY,
        least=10,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Please write the reply.")},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        opinion = self.case.subject
        draft = opinion.replies.filter(sent_on=None).first() if opinion is not None else None
        if draft is not None:
            self.fields["reply"].initial = draft.text
        self.order_fields(["reply", "note"])


class ReviewForm(StepForm):
    """Shows the draft that is approved or sent back."""

    page_template: ClassVar[str] = "union/opinions/review.html"

    @property
    def draft(self) -> Any:
        """The reply that waits for its review."""
        opinion = self.case.subject
        waiting = opinion.replies.filter(sent_on=None) if opinion is not None else None
        return waiting.select_related("drafted_by__person").first() if waiting else None


class SendBackForm(ReviewForm):
    """Asks what has to be changed."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["note"].required = True
        self.fields["note"].label = _("What has to be changed")


class ReturnForm(StepForm):
    """Asks why the matter is not the unit's."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["note"].required = True
        self.fields["note"].label = _("Why it is not yours, and whose it is")


class RateForm(StepForm):
    """How satisfied the sender is, in the four grades of the opinion box."""

    level = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you?"),
        choices=GRADES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of the four answers.")},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.order_fields(["level", "words"])
