"""The screens of an application: one small group of questions each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.files.forms import PrivateFileField
from portal.personal_data.forms import BankCardField, IdentityNumberField, PhoneField
from portal.personal_data.masking import masked_phone
from portal.personal_data.models import PrivacyNotice
from veterans.models.applications import Application, ForWhom, Relation
from veterans.standards.content import Question
from veterans.standards.services import region_offered, regions_of


class AboutForm(forms.Form):
    """Whom it is for."""

    for_whom = forms.ChoiceField(
        label=gettext_lazy("Whom is it for?"), choices=ForWhom.choices, widget=forms.RadioSelect
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("What are you to this person?"),
        help_text=gettext_lazy("Only if it is for somebody of your family."),
        choices=[("", gettext_lazy("Please choose")), *Relation.choices],
        required=False,
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the person it is for"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the name.")},
    )
    identity_number = IdentityNumberField(
        help_text=gettext_lazy("18 characters, as on the identity card.")
    )
    phone = PhoneField(help_text=gettext_lazy("We call or write here when something is missing."))
    region = forms.ChoiceField(
        label=gettext_lazy("Where is the home?"),
        help_text=gettext_lazy("Some places have a standard of their own."),
        required=False,
    )

    def __init__(
        self,
        *arguments: Any,
        regions: Sequence[tuple[str, str]] = (),
        settled: bool = False,
        **keywords: Any,
    ) -> None:
        """Build the form; `settled` leaves out whom it is for, as others act for that person."""
        super().__init__(*arguments, **keywords)
        if settled:
            for name in ("for_whom", "relation", "name", "identity_number"):
                del self.fields[name]
            self._keep_known_phone()
        if regions:
            self.fields["region"].choices = [("", _("Elsewhere")), *regions]  # type: ignore[attr-defined]
        else:
            del self.fields["region"]

    def _keep_known_phone(self) -> None:
        """Show a number that is known masked; who acts for somebody need not see it whole."""
        known = self.initial.pop("phone", "")
        if known:
            self.fields["phone"].required = False
            self.fields["phone"].help_text = _(
                "We know %(phone)s. Leave this empty if it is right."
            ) % {"phone": masked_phone(known)}

    def clean(self) -> dict[str, Any]:
        """Ask for the relation where it is for somebody else."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("for_whom") == ForWhom.SELF:
            cleaned["relation"] = ""
        elif cleaned.get("for_whom") == ForWhom.FAMILY and not cleaned.get("relation"):
            self.add_error("relation", _("Please choose what you are to this person."))
        return cleaned


class BankForm(forms.Form):
    """Where the money goes."""

    bank_name = forms.CharField(
        label=gettext_lazy("Bank and branch"),
        help_text=gettext_lazy("For example: the savings bank, Qingshiliang branch."),
        max_length=60,
        error_messages={"required": gettext_lazy("Enter the bank.")},
    )
    bank_card = BankCardField(
        help_text=gettext_lazy("The account must be in the name of the person it is for.")
    )


class ConsentForm(forms.Form):
    """Consent, each sensitive kind by itself (PIPL 29)."""

    def __init__(self, *arguments: Any, notice: PrivacyNotice, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.notice = notice
        for kind in notice.kinds:
            self.fields[f"kind-{kind.value}"] = forms.BooleanField(
                label=_("I agree that you use: %(kind)s.") % {"kind": kind.label},
                error_messages={
                    "required": _("Without it we cannot check and pay. Please tick it, or ask us.")
                },
            )
        self.fields["agreed"] = forms.BooleanField(
            label=_("I have read it and agree."),
            error_messages={"required": _("Please tick it, or ask the service station.")},
        )

    @property
    def agreed_kinds(self) -> list[str]:
        """The codes of the kinds that were ticked."""
        return [kind.value for kind in self.notice.kinds if self.cleaned_data[f"kind-{kind.value}"]]


class MaterialForm(forms.Form):
    """Photos of one paper."""

    photos = PrivateFileField(label=gettext_lazy("Photo or PDF"))


class QuestionForm(forms.Form):
    """One question of the standard."""

    def __init__(self, *arguments: Any, question: Question, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.question = question
        self.fields["answer"] = question_field(question)

    def clean_answer(self) -> Any:
        """Bring the answer into the form the standard computes with.

        Raises:
            ValidationError: it is no answer; the words say what to do.
        """
        value = self.question.standard_field.to_python(self.cleaned_data["answer"])
        if value is None:
            raise ValidationError(_("Please answer the question."))
        return value


def question_field(question: Question) -> forms.Field:
    """Return the field for a question: buttons for choices, keypad for numbers."""
    common: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help,
        "error_messages": {"required": _("Please answer the question.")},
    }
    if question.choices:
        return forms.ChoiceField(choices=question.choices, widget=forms.RadioSelect, **common)
    if question.type == "date":
        widget: forms.Widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    else:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(widget=widget, max_length=30, **common)


def about_regions(application: Application) -> list[tuple[str, str]]:
    """Return the regions that have a standard of their own for the item."""
    return regions_of(application.item, timezone.localdate())


def about_initial(application: Application) -> dict[str, Any]:
    """Return what is there already; for oneself the portal knows some of it."""
    person = application.case.applicant
    home = getattr(getattr(person, "beneficiary", None), "region", "")
    return {
        "region": application.region or region_offered(application.item, home),
        "for_whom": application.for_whom,
        "relation": application.relation,
        "name": application.name or (person.name if person else ""),
        "identity_number": application.identity_number
        or (person.identity_number if person else ""),
        "phone": application.phone or (person.phone if person else ""),
    }
