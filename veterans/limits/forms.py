"""Forms of changes of limits."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.roles.table import ROLES
from portal.workdays.dated import LimitKind
from veterans.limits.changes import APPROVING_ROLES
from veterans.models import ApprovalLimit, HandlingLimit

FEN = Decimal("0.01")
MOST_DAYS = 366


def _clause(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=gettext_lazy("Document or article that says so."),
        max_length=200,
        error_messages={"required": gettext_lazy("Please name the document or article.")},
    )


class ChangeForm(forms.Form):
    """From which day on the new rows count."""

    effective_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Please write the first day.")},
    )

    def clean_effective_from(self) -> datetime.date:
        """Refuse a day that is over."""
        day: datetime.date = self.cleaned_data["effective_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Limits count from today on at the earliest."))
        return day

    def content(self) -> dict[str, Any]:
        """Return the cleaned rows as plain values."""
        return {}


class ApprovalForm(ChangeForm):
    """The table of approval limits: what each role approves, and by which clause."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        today = timezone.localdate()
        now = {row.role_code: row for row in ApprovalLimit.objects.in_force_on(today)}
        for role in APPROVING_ROLES:
            self._add(role, now.get(role))

    def _add(self, role: str, now: ApprovalLimit | None) -> None:
        name = str(ROLES[role].name)
        self.fields[f"up_to_{role}"] = forms.DecimalField(
            label=_("%(role)s approves up to (yuan)") % {"role": name},
            help_text=_("Leave it empty for “without an end”."),
            required=False,
            min_value=FEN,
            max_digits=12,
            decimal_places=2,
            initial=now.up_to if now else None,
            widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
        )
        self.fields[f"decision_{role}"] = forms.BooleanField(
            label=_("%(role)s: only with a decision of the Party committee") % {"role": name},
            required=False,
            initial=now.needs_decision if now else False,
        )
        self.fields[f"clause_{role}"] = _clause(_("%(role)s: basis") % {"role": name})
        self.fields[f"clause_{role}"].initial = now.clause if now else ""

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one role without an end: somebody has to approve every amount."""
        cleaned: dict[str, Any] = super().clean() or {}
        names = [f"up_to_{role}" for role in APPROVING_ROLES]
        if any(name in self.errors for name in names):
            return cleaned
        without_end = [name for name in names if cleaned.get(name) is None]
        if len(without_end) != 1:
            self.add_error(
                names[-1],
                _("Exactly one role approves without an end: somebody always has to."),
            )
        return cleaned

    def content(self) -> dict[str, Any]:
        """Return the rows, the lowest amount first."""
        values = self.cleaned_data
        rows = [
            {
                "role_code": role,
                "up_to": None if (most := values[f"up_to_{role}"]) is None else f"{most:.2f}",
                "needs_decision": values[f"decision_{role}"],
                "clause": values[f"clause_{role}"],
            }
            for role in APPROVING_ROLES
        ]
        return {"rows": sorted(rows, key=lambda row: Decimal(row["up_to"] or "Infinity"))}


class HandlingForm(ChangeForm):
    """How many days, and by which clause.

    Working or calendar days stay what they are: the flows count by a calendar of their own.

    Args:
        now: the limit in force.
    """

    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=MOST_DAYS)
    clause = _clause(gettext_lazy("Basis"))

    def __init__(self, *arguments: Any, now: HandlingLimit, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.kind = now.kind
        self.initial = {"days": now.days, "clause": now.clause}
        self.fields["days"].help_text = str(LimitKind(now.kind).label)

    def content(self) -> dict[str, Any]:
        """Return days, kind and clause."""
        values = self.cleaned_data
        return {"days": values["days"], "kind": self.kind, "clause": values["clause"]}


class DecisionForm(forms.Form):
    """Whether a change is put in force; who refuses says why."""

    accepted = forms.TypedChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("yes", gettext_lazy("Put it in force")),
            ("no", gettext_lazy("Refuse it")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of both.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Who proposed it reads it."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("accepted") is False and not cleaned.get("reason"):
            self.add_error("reason", _("Please say why."))
        return cleaned
