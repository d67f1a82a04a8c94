"""Forms of budgets and recoveries."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.pages.models.types import validate_document_number
from veterans.models import Payment, SupportItem
from veterans.payments.further_years import words_of
from veterans.standards.entitlement import money

LONGEST_REASON = 500
FEN = Decimal("0.01")


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=FEN,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )


def _document() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Document number"),
        help_text=gettext_lazy("For example 沁岚党发〔2026〕7号."),
        max_length=60,
        validators=[validate_document_number],
    )


def _reason(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=help_text,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BudgetForm(forms.Form):
    """What an item may cost in a year, and the document that says so."""

    item = forms.ModelChoiceField(
        label=gettext_lazy("Matter"), queryset=SupportItem.objects.order_by("order", "pk")
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2999)
    amount = _amount(gettext_lazy("Amount (yuan)"))
    document_number = _document()


class PaymentField(forms.ModelChoiceField):
    """One of the payments of a case, named by day, amount and year."""

    def label_from_instance(self, payment: Payment) -> str:  # type: ignore[override]
        """Return day, amount, and for which year it was."""
        day = date_format(timezone.localtime(payment.finished_at or payment.ordered_at).date())
        amount = _("%(amount)s yuan") % {"amount": money(payment.amount)}
        return " · ".join(filter(None, (day, amount, words_of(payment))))


class ProposeForm(forms.Form):
    """That money has to come back, how much, and why."""

    payment = PaymentField(
        label=gettext_lazy("Which payment"),
        queryset=Payment.objects.none(),
        required=False,
        empty_label=gettext_lazy("All that was paid in this case"),
    )
    amount = _amount(gettext_lazy("Amount to be paid back (yuan)"))
    reason = _reason(gettext_lazy("What was false, and how it was found out. The person reads it."))

    def __init__(self, *args: Any, payments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["payment"]
        if len(payments) > 1 and isinstance(offered, PaymentField):
            offered.queryset = payments
        else:
            del self.fields["payment"]


class DecideForm(forms.Form):
    """The document by which the recovery is decided."""

    document_number = _document()


class ReceiptForm(forms.Form):
    """Money that came back."""

    amount = _amount(gettext_lazy("Amount (yuan)"))
    received_on = forms.DateField(
        label=gettext_lazy("Received on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    voucher = forms.CharField(label=gettext_lazy("Number of the voucher"), max_length=60)

    def clean_received_on(self) -> datetime.date:
        """Refuse a day to come."""
        day: datetime.date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class WhyForm(forms.Form):
    """Why a payment failed or was taken back; the ledger shows it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("For example what the bank said. Without names and numbers."),
        max_length=200,
    )


class DropForm(forms.Form):
    """Why the rest is not pursued."""

    reason = _reason()
