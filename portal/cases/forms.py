"""What a step of a flow asks for."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import PartyKind, Transition
from portal.cases.models import Case, Satisfaction
from portal.cases.models.people import KinshipKind
from portal.people.models import User
from portal.personal_data.forms import IdentityNumberField

REASON_LENGTH = 500
_STARS = [(level.value, level.label) for level in Satisfaction]


def _words(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please say why.")},
    )


class StepForm(forms.Form):
    """The form of one step. A subject's own forms inherit from it and add their fields.

    The fields every flow shares are made by name, where the row of the table lists them:
    `reason`, read by the applicant; `note`, for the office only; `level` and `words` of a
    rating. A row without a list asks staff for a note, and for a reason when it is a step
    against the applicant (tone `danger`).

    Attributes:
        labels: other labels of the shared fields, by name.

    Args:
        party: code of the party as which the account acts; empty when it is none.
    """

    labels: ClassVar[dict[str, Any]] = {}

    def __init__(
        self,
        *args: Any,
        case: Case,
        transition: Transition,
        user: User | None,
        party: str = "",
        **keywords: Any,
    ) -> None:
        super().__init__(*args, **keywords)
        self.case = case
        self.transition = transition
        self.user = user
        self.party = party
        for name in self._shared():
            if name not in self.fields:
                self.fields[name] = self._shared_field(name)
                self.fields[name].label = self.labels.get(name, self.fields[name].label)

    @property
    def is_staff(self) -> bool:
        """Whether the account acts for the office."""
        return bool(self.party) and self.case.table.party(self.party).kind is PartyKind.ROLE

    def _shared(self) -> list[str]:
        row = self.transition
        if row.fields:
            return [name for name in row.fields if name in ("reason", "note", "level", "words")]
        wanted = ["reason"] if row.tone == "danger" else []
        return wanted + (["note"] if self.is_staff else [])

    def _shared_field(self, name: str) -> forms.Field:
        if name == "level":
            return forms.TypedChoiceField(
                label=_("How satisfied are you?"),
                choices=_STARS,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Please choose one of the five answers.")},
            )
        if name == "words":
            return _words(_("What would you like to tell us?"))
        if name == "note":
            return _words(_("Internal note"), _("The applicant does not see it."))
        if self.is_staff:
            return _words(_("Reason"), _("The applicant reads it word for word."), required=True)
        return _words(_("Reason"))


class ReasonForm(forms.Form):
    """Why something beside the flow is done."""

    reason = _words(_("Reason"), required=True)


class ExtensionForm(forms.Form):
    """Why the office needs more time."""

    reason = _words(_("Reason"), _("The applicant reads it word for word."), required=True)


class ExtensionDecisionForm(forms.Form):
    """Whether the office gets more time; who refuses says why."""

    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Grant more time")), ("no", _("Refuse more time"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of both.")},
    )
    answer = _words(_("Words for who asked"), _("The applicant does not see it."))

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("granted") is False and not cleaned.get("answer"):
            self.add_error("answer", _("Please say why."))
        return cleaned


class HandOverForm(forms.Form):
    """To whom a case is handed over, of those who may work on it."""

    note = _words(_("Internal note"), _("The applicant does not see it."))

    def __init__(self, *args: Any, colleagues: list[User], **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.colleagues = {user.pk: user for user in colleagues}
        self.fields["handler"] = forms.TypedChoiceField(
            label=_("Colleague"),
            coerce=int,
            choices=[(pk, str(user)) for pk, user in self.colleagues.items()],
        )
        self.order_fields(["handler", "note"])

    def clean_handler(self) -> User:
        """Return the account."""
        chosen: int = self.cleaned_data["handler"]
        return self.colleagues[chosen]


class RelativeForm(forms.Form):
    """A relative of somebody who works on cases, by one of two numbers."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=50,
        error_messages={"required": _("Please give the name.")},
    )
    kind = forms.ChoiceField(
        label=_("Relation to you"),
        choices=[("", _("Please choose")), *KinshipKind.choices],
        error_messages={"required": _("Please choose the relation.")},
    )
    identity_number = IdentityNumberField(
        required=False,
        help_text=_("It is kept encrypted and compared with applications, nothing else."),
    )
    employee_number = forms.CharField(
        label=_("Employee number"),
        required=False,
        max_length=20,
        help_text=_("Of a colleague, instead of the identity number."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one number."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "identity_number" in cleaned and not (
            bool(cleaned["identity_number"]) ^ bool(cleaned.get("employee_number"))
        ):
            self.add_error(
                "identity_number", _("Please give either the identity or the employee number.")
            )
        return cleaned


class CallForm(forms.Form):
    """What came of a call to an applicant."""

    result = _words(_("What was said"), _("The applicant does not see it."), required=True)


class AnswerForm(forms.Form):
    """The answer to a supervision order (督办单)."""

    words = forms.CharField(
        label=_("Answer"),
        help_text=_("Say why it took longer and by when it will be done."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Please say why it took longer and by when it will be done.")
        },
    )


class TrackingForm(forms.Form):
    """Code and tail as they are typed; whether they fit is asked by `tracking.find` alone.

    What it finds wrong is shown nowhere, so that every failure looks the same.
    """

    code = forms.CharField(
        label=_("Tracking code"),
        help_text=_("The 16 digits on your slip, for example 1234-5678-9012-3456."),
        max_length=100,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    tail = forms.CharField(
        label=_("Last four characters of the identity number"),
        help_text=_("Of the person concerned. The last one may be an X."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "text", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
