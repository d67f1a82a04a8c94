"""What the steps of an application ask of whoever takes them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.forms import StepForm
from portal.pages.models.types import validate_document_number
from veterans.applications.review import entitlement_of
from veterans.applications.tasks import (
    ABOUT,
    BANK,
    MATERIALS,
    QUESTIONS,
    tasks_of,
    wanted_materials,
)
from veterans.payments.amounts import comparison
from veterans.payments.limits import needs_decision
from veterans.standards.entitlement import money

LONGEST_REASON = 300


class CorrectionForm(StepForm):
    """Everything that has to be put right, at once, each with its reason."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.lines = self._targets()
        for code, label in self.lines:
            self.fields[f"reason-{code}"] = forms.CharField(
                label=label,
                required=False,
                max_length=100,
                help_text=_("Leave it empty if it is right."),
            )
        self.order_fields([*(f"reason-{code}" for code, _label in self.lines), "reason", "note"])

    def _targets(self) -> list[tuple[str, str]]:
        application = self.case.subject
        if application is None:
            return []
        titles = {task.code: str(task.title) for task in tasks_of(application)}
        parts = [(code, titles[code]) for code in (ABOUT, QUESTIONS, BANK) if code in titles]
        materials = [
            (f"{MATERIALS}:{material.code}", material.name)
            for material in wanted_materials(application)
        ]
        return parts + materials

    def clean(self) -> dict[str, Any]:
        """Collect the lines that have a reason; at least one has to have one."""
        cleaned: dict[str, Any] = super().clean() or {}
        items = [
            {"code": code, "label": label, "reason": cleaned[f"reason-{code}"].strip()}
            for code, label in self.lines
            if cleaned.get(f"reason-{code}", "").strip()
        ]
        if not items and not self.errors:
            raise forms.ValidationError(_("Please say what has to be put right, and why."))
        cleaned["items"] = items
        listed = "；".join(f"{row['label']}：{row['reason']}" for row in items)
        # Kept with the event, so that the letter says the same whenever it is asked for.
        cleaned["reason"] = "。".join(filter(None, [listed, cleaned.get("reason", "")]))
        return cleaned


class SecondCorrectionForm(CorrectionForm):
    """The same once more, with the reason why once was not enough."""

    labels: ClassVar[dict[str, Any]] = {"reason": gettext_lazy("Why once was not enough")}


class DeclineForm(StepForm):
    """Why an application is not accepted, and where the applicant turns to."""

    reason_code = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[
            ("not-in-charge", gettext_lazy("Another office is in charge")),
            ("not-an-item", gettext_lazy("There is no such support")),
            ("not-eligible", gettext_lazy("The conditions are plainly not met")),
        ],
        widget=forms.RadioSelect,
    )
    labels: ClassVar[dict[str, Any]] = {"reason": gettext_lazy("Reason, and where to turn")}


class ReviewForm(StepForm):
    """The opinion of the review."""

    opinion = forms.ChoiceField(
        label=gettext_lazy("Opinion"),
        choices=[
            ("supported", gettext_lazy("The conditions are met, support it")),
            ("unsupported", gettext_lazy("The conditions are not met, do not support it")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("What you checked"),
        help_text=gettext_lazy("For the leaders who approve; the applicant does not see it."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    changed_amount = forms.DecimalField(
        label=gettext_lazy("Another amount (yuan)"),
        help_text=gettext_lazy("Leave it empty when the computed amount is right."),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )
    change_reason = forms.CharField(
        label=gettext_lazy("Why another amount"),
        help_text=gettext_lazy(
            "Who approves compares both amounts; the applicant reads this in the letter."
        ),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if self.case.subject is not None:
            computed = entitlement_of(self.case.subject, fresh=True).amount
            self.fields["changed_amount"].help_text = _(
                "Computed: %(amount)s yuan. Leave it empty when that is right."
            ) % {"amount": money(computed)}

    def clean(self) -> dict[str, Any]:
        """A changed amount needs its reason."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("changed_amount") is not None and not cleaned.get("change_reason"):
            self.add_error(
                "change_reason",
                _("Please say why the amount differs from the computed one."),
            )
        return cleaned


class RejectForm(StepForm):
    """Why it is not approved; the rule it rests on belongs to it."""

    reason_code = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[
            ("condition", gettext_lazy("A condition of the standard is not met")),
            ("proof", gettext_lazy("The papers do not prove it")),
            ("granted", gettext_lazy("It was granted already")),
        ],
        widget=forms.RadioSelect,
    )
    labels: ClassVar[dict[str, Any]] = {
        "reason": gettext_lazy("Reason with the clause of the standard")
    }


class ApproveForm(StepForm):
    """An approval needs no words; a decision of the Party committee and a changed amount do."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        application = self.case.subject
        if application is None:
            return
        if needs_decision(application, timezone.localdate()):
            self.fields["decision"] = forms.CharField(
                label=_("Document number of the Party committee's decision"),
                help_text=_("For example 沁岚党发〔2026〕7号."),
                max_length=60,
                validators=[validate_document_number],
            )
        if (found := comparison(application)) is not None:
            self.fields["confirmed_change"] = forms.BooleanField(
                label=_(
                    "Computed: %(computed)s yuan, changed to %(changed)s yuan. I have compared"
                    " both and agree."
                )
                % {"computed": money(found["computed"]), "changed": money(found["changed"])},
            )
        self.order_fields(["decision", "confirmed_change", "note"])


class PayForm(StepForm):
    """Whose account it is has to be confirmed by a human."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("The account belongs to the beneficiary; I have compared the names."),
    )


class ProvideForm(StepForm):
    """What was arranged: the applicant reads when, where and whom to ask for."""

    labels: ClassVar[dict[str, Any]] = {
        "reason": gettext_lazy("What was arranged: day, place, whom to ask for")
    }


class FailForm(StepForm):
    """Why a payment failed."""

    labels: ClassVar[dict[str, Any]] = {"reason": gettext_lazy("What the bank said")}


FORMS: dict[str, type[StepForm]] = {
    "request_correction": CorrectionForm,
    "request_again": SecondCorrectionForm,
    "decline": DeclineForm,
    "review": ReviewForm,
    "approve": ApproveForm,
    "approve_directly": ApproveForm,
    "reject": RejectForm,
    "pay": PayForm,
    "fail_payment": FailForm,
    "approve_in_kind": ApproveForm,
    "provide": ProvideForm,
}
