"""Forms of public notices: an objection, its answer, the filter of the office list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.public_notices.models import ObjectionState
from portal.public_notices.models.objections import MAX_REASON, MIN_REASON

TOO_LONG = _("Please write at most %(limit_value)d characters; you wrote %(show_value)d.")


class ObjectionForm(forms.Form):
    """What somebody says against a notice, by name."""

    reason = forms.CharField(
        label=_("Facts and reason"),
        help_text=_("Which row of the list is not right, what happened, and how you know."),
        min_length=MIN_REASON,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Please write what is not right, and how you know."),
            "min_length": _("Please write at least %(limit_value)d characters: facts and reason."),
            "max_length": TOO_LONG,
        },
    )
    truthful = forms.BooleanField(
        label=_("I object under my own name, and what I report is true."),
        error_messages={"required": _("Please confirm that you object by name and truthfully.")},
    )


class AnswerForm(forms.Form):
    """The answer of the responsible unit."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (ObjectionState.DISMISSED, _("Objection dismissed: the notice runs on")),
            (ObjectionState.UPHELD, _("Objection upheld: the notice is called off")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose whether the objection is upheld or dismissed.")
        },
    )
    answer = forms.CharField(
        label=_("Reason of the answer"),
        help_text=_("What was looked into, what it showed, and what follows. The person reads it."),
        min_length=MIN_REASON,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Please write what was looked into, and what follows."),
            "min_length": _("Please write at least %(limit_value)d characters: facts and reason."),
            "max_length": TOO_LONG,
        },
    )
    final = forms.BooleanField(
        label=_("I know that the answer cannot be changed once it is sent."),
        error_messages={"required": _("Please confirm that the answer is final.")},
    )


class StateFilter(forms.Form):
    """Which objections the office list shows; nonsense shows all."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *ObjectionState.choices],
    )

    def chosen(self) -> str:
        """Return the state that was understood, or nothing."""
        self.full_clean()
        state: Any = self.cleaned_data.get("state", "")
        return str(state)
