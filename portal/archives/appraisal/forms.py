"""What people fill in about appraisal, holds and destruction lists."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.archives.appraisal.holds import HoldScope
from portal.archives.models import ArchiveClass, Record
from portal.archives.models.appraisal import MAX_REASON
from portal.archives.pool.forms import UnitChoice
from portal.organizations.models import Unit
from portal.people.models import User

LAST_YEAR = 2999


def _reason(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


class ReasonForm(forms.Form):
    """A reason that the ledger keeps."""

    reason = _reason(_("Reason"), _("It is kept in the ledger."))


class KeepLongerForm(ReasonForm):
    """How long chosen records are kept beyond their period."""

    until_year = forms.IntegerField(
        label=_("Kept until the end of the year"),
        required=False,
        max_value=LAST_YEAR,
        help_text=_("Leave empty to keep them permanently."),
    )

    def clean_until_year(self) -> int | None:
        """Refuse a year that is over."""
        year: int | None = self.cleaned_data["until_year"]
        if year is not None and year < timezone.localdate().year:
            raise forms.ValidationError(_("This year is over. Please choose a later one."))
        return year

    @property
    def until(self) -> datetime.date | None:
        """The last day; None for ever."""
        year = self.cleaned_data["until_year"]
        return datetime.date(year, 12, 31) if year else None


class ListForm(forms.Form):
    """On what a destruction list rests."""

    basis = _reason(
        pgettext_lazy("destruction list", "Basis of the destruction"),
        _("Such as the minutes of the appraisal group, with their number and date."),
    )


class HoldForm(forms.Form):
    """What a hold covers when it is not one record, why, and until when."""

    archive_class = forms.ModelChoiceField(
        ArchiveClass.objects.all(), label=_("Class"), required=False, empty_label="—"
    )
    unit = UnitChoice(
        Unit.objects.order_by("path"),
        label=_("Responsible unit"),
        required=False,
        empty_label="—",
        help_text=_("With all units below it."),
    )
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1900, max_value=LAST_YEAR)
    reason = _reason(
        _("Reason"), _("Who asked for it and why, such as an investigation or a lawsuit.")
    )
    until = forms.DateField(
        label=pgettext_lazy("legal hold", "In force until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave empty when it stays until somebody lifts it."),
    )

    def __init__(self, *args: Any, record: Record | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        if record is not None:
            for name in ("archive_class", "unit", "year"):
                del self.fields[name]

    def clean_until(self) -> datetime.date | None:
        """Refuse a day that has passed."""
        until: datetime.date | None = self.cleaned_data["until"]
        if until is not None and until < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Please choose a later one."))
        return until

    def clean(self) -> dict[str, Any]:
        """Refuse a hold over everything: it would stop every destruction unsaid."""
        cleaned = super().clean() or {}
        scope = ("archive_class", "unit", "year")
        covers = self.record is not None or any(cleaned.get(name) for name in scope)
        if not covers and not any(name in self.errors for name in scope):
            raise forms.ValidationError(
                _("Please choose a class, a unit or a year; a hold covers what has all of them.")
            )
        return cleaned

    def scope(self) -> HoldScope:
        """Return what the hold covers."""
        if self.record is not None:
            return HoldScope(record=self.record)
        return HoldScope(
            archive_class=self.cleaned_data["archive_class"],
            unit=self.cleaned_data["unit"],
            year=self.cleaned_data["year"],
        )


class WitnessField(forms.CharField):
    """An account by its employee number."""

    def clean(self, value: Any) -> Any:
        """Return the account.

        Raises:
            ValidationError: there is no active account of this number.
        """
        number = super().clean(value)
        found = User.objects.filter(username=number, is_active=True).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no active account with the employee number “%(number)s”."),
                params={"number": number},
            )
        return found


class ProposalForm(forms.Form):
    """The two who will witness the destruction."""

    first = WitnessField(label=_("First witness (employee number)"), max_length=30)
    second = WitnessField(
        label=_("Second witness (employee number)"),
        max_length=30,
        help_text=_("Neither who proposes nor who approves the list can be its witness."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse one person for both."""
        cleaned = super().clean() or {}
        if cleaned.get("first") and cleaned.get("first") == cleaned.get("second"):
            self.add_error("second", _("The two witnesses must be different people."))
        return cleaned


class RemarkForm(forms.Form):
    """A remark that may be empty."""

    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NeededRemarkForm(forms.Form):
    """Why a list goes back or is given up."""

    remark = _reason(_("Reason"))
