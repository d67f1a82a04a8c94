"""What people fill in about pool items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.archives.models import ArchiveClass, PoolItem, RetentionPeriod, ReturnReason
from portal.archives.pool.services import shorter_than_rule
from portal.organizations.models import Unit

PERIODS = [("", "—"), *RetentionPeriod.choices]


class UnitChoice(forms.ModelChoiceField):
    """Units by name with their code, in the order of the tree."""

    def label_from_instance(self, obj: Any) -> str:
        """Show where a unit stands in the tree."""
        return f"{'　' * max(obj.depth - 1, 0)}{obj.name}（{obj.code}）"


class CorrectionForm(forms.Form):
    """Class, period and unit of an item."""

    archive_class = forms.ModelChoiceField(
        ArchiveClass.objects.all(), label=_("Class"), empty_label="—"
    )
    period = forms.ChoiceField(choices=PERIODS, label=_("Retention period"))
    unit = UnitChoice(Unit.objects.none(), label=_("Responsible unit"), empty_label="—")

    def __init__(self, *args: Any, item: PoolItem, units: list[Unit] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        allowed = Unit.objects.order_by("path")
        self.fields["unit"].queryset = (  # type: ignore[attr-defined]
            allowed if units is None else allowed.within(units)
        )
        self.initial = {
            "archive_class": item.archive_class_id,
            "period": item.period,
            "unit": item.unit_id,
            **self.initial,
        }

    def clean_period(self) -> str:
        """Refuse a period shorter than the one of the table, which is a minimum."""
        period: str = self.cleaned_data["period"]
        if shorter_than_rule(self.item, period):
            rule = self.item.rule
            raise forms.ValidationError(
                _("The table keeps such records for %(period)s at least. Choose a longer period."),
                params={"period": RetentionPeriod(rule.period).label if rule else ""},
            )
        return period


class ReturnForm(forms.Form):
    """Why an item goes back, and what is to be put right."""

    reason = forms.ChoiceField(
        choices=[("", "—"), *ReturnReason.choices], label=_("Reason of the return")
    )
    remark = forms.CharField(
        label=_("What to put right"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The part-time archivist reads these words. Say exactly what is missing."),
    )


class AnswerForm(forms.Form):
    """What was put right."""

    words = forms.CharField(
        label=_("What was put right"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(forms.Form):
    """A reason that stays in the ledger."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class BringInForm(ReasonForm):
    """Class and period for a record that was kept apart."""

    archive_class = forms.ModelChoiceField(
        ArchiveClass.objects.all(), label=_("Class"), empty_label="—"
    )
    period = forms.ChoiceField(choices=PERIODS, label=_("Retention period"))
    field_order = ["archive_class", "period", "reason"]
