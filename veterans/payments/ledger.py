"""The payment ledger (发放台账): every payment, chosen, summed up and written as Excel."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from portal.address_values import plain_text
from portal.organizations.models import Unit
from portal.personal_data.exports import register_export
from portal.personal_data.masking import masked_bank_card
from portal.spreadsheets import add_heading, add_row, add_sheet
from veterans.models import Payment, PaymentList, SupportItem
from veterans.models.applications import PaymentState
from veterans.payments.further_years import words_of
from veterans.payments.next_years import barred_payments
from veterans.payments.permissions import may_pay

MOST_EXPORTED = 20_000
CHUNK = 500
EXPORT = "support-payments"


@dataclass(frozen=True)
class Filter:
    """What was chosen in the address; what makes no sense counts as nothing."""

    year: int | None
    month: int | None
    item: SupportItem | None
    unit: Unit | None
    state: str

    @classmethod
    def of(cls, request: HttpRequest) -> Filter:
        """Read the address; without a year this one counts."""

        def number(name: str, low: int, high: int) -> int | None:
            text = request.GET.get(name, "")
            found = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
            return found if found is not None and low <= found <= high else None

        def row(model: Any, name: str) -> Any:
            code = plain_text(request.GET.get(name, ""))
            return model.objects.filter(code=code).first() if code else None

        state = request.GET.get("state", "")
        return cls(
            year=number("year", 2000, 2999) or timezone.localdate().year,
            month=number("month", 1, 12),
            item=row(SupportItem, "item"),
            unit=row(Unit, "unit"),
            state=state if state in PaymentState.values else "",
        )

    def payments(self) -> QuerySet[Payment]:
        """Return the chosen payments, the newest first."""
        found = Payment.objects.filter(self._span())
        if self.item is not None:
            found = found.filter(application__item=self.item)
        if self.unit is not None:
            found = found.filter(application__case__unit__path__startswith=self.unit.path)
        if self.state:
            found = found.filter(state=self.state)
        return found.order_by("-ordered_at", "pk")

    def _span(self) -> Q:
        year, month = self.year or timezone.localdate().year, self.month
        first = datetime.date(year, month or 1, 1)
        last = datetime.date(year + 1, 1, 1)
        if month and month < 12:
            last = datetime.date(year, month + 1, 1)
        zone = timezone.get_current_timezone()
        start, end = (
            datetime.datetime.combine(day, datetime.time(), zone) for day in (first, last)
        )
        return Q(ordered_at__gte=start, ordered_at__lt=end)


def with_rows(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Return the same with everything a row shows."""
    return payments.select_related(
        "application__case__unit", "application__item", "list_row__list", "ordered_by__person"
    )


def totals(payments: QuerySet[Payment]) -> list[dict[str, Any]]:
    """Return count and sum for each state, and of what was paid or ordered together."""
    found: dict[str, Mapping[str, Any]] = {
        row["state"]: row
        for row in payments.order_by()
        .values("state")
        .annotate(count=Count("pk"), total=Sum("amount"))
    }
    return [
        {
            "name": state.label,
            "state": state.value,
            "count": found.get(state.value, {}).get("count", 0),
            "total": found.get(state.value, {}).get("total") or Decimal(0),
        }
        for state in PaymentState
    ]


def workbook(payments: QuerySet[Payment]) -> Workbook:
    """Return the chosen payments as a workbook: names masked, of cards the last four."""
    book = Workbook(write_only=True)
    widths = (22, 20, 18, 22, 12, 22, 24, 14, 12, 14, 14, 30, 36)
    sheet = add_sheet(book, _("Payment ledger"), widths)
    add_heading(
        sheet,
        (
            *(_("Case number"), _("Payment list"), _("Matter"), _("Unit"), _("Beneficiary")),
            *(_("Bank"), _("Card number"), _("Amount (yuan)"), _("State")),
            *(_("Ordered on"), _("Finished on"), _("Remark"), _("For which year")),
        ),
    )
    for payment in with_rows(payments)[:MOST_EXPORTED].iterator(chunk_size=CHUNK):
        application = payment.application
        add_row(
            sheet,
            (
                application.case.number,
                _list_number(payment),
                application.item.name,
                application.case.unit.name,
                application.masked_name,
                payment.account_bank,
                masked_bank_card(payment.account_card),
                payment.amount,
                str(payment.get_state_display()),
                timezone.localdate(payment.ordered_at),
                timezone.localdate(payment.finished_at) if payment.finished_at else None,
                payment.reason,
                words_of(payment),
            ),
        )
    return book


def list_workbook(made: PaymentList) -> Workbook:
    """Return one payment list as a workbook; of cards only the last four digits."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, made.number, (8, 22, 14, 24, 26, 14, 12, 36))
    add_heading(
        sheet,
        (
            *(_("No."), _("Case number"), _("Account holder"), _("Bank"), _("Card number")),
            *(_("Amount (yuan)"), _("State"), _("For which year")),
        ),
    )
    total = Decimal(0)
    for number, payment in enumerate(payments_of(made), start=1):
        application = payment.application
        total += payment.amount
        add_row(
            sheet,
            (
                *(number, application.case.number, application.name, payment.account_bank),
                *(masked_bank_card(payment.account_card), payment.amount),
                *(str(payment.get_state_display()), words_of(payment)),
            ),
        )
    add_row(sheet, (None, _("Total"), None, None, None, total, None, None))
    return book


def payments_of(made: PaymentList) -> QuerySet[Payment]:
    """Return the payments of a list in the order of their case numbers."""
    return with_rows(Payment.objects.filter(list_row__list=made)).order_by(
        "application__case__number"
    )


def _list_number(payment: Payment) -> str:
    row = getattr(payment, "list_row", None)
    return row.list.number if row is not None else ""


def _export_rows(_user: Any, whole_numbers: bool) -> Iterator[list[Any]]:
    """Yield what is ordered and not yet paid, for the bank; nothing that was stopped since."""
    ordered = with_rows(Payment.objects.filter(state=PaymentState.ORDERED)).order_by("pk")
    held_back = barred_payments(
        Payment.objects.of_further_years().filter(state=PaymentState.ORDERED)
    )
    for payment in ordered.iterator(chunk_size=CHUNK):
        if payment.pk in held_back:
            continue
        application = payment.application
        card = payment.account_card
        yield [
            _list_number(payment),
            application.case.number,
            application.name,
            payment.account_bank,
            card if whole_numbers else masked_bank_card(card),
            payment.amount,
        ]


def register() -> None:
    """Register the export for the bank, which a second person approves."""
    register_export(
        EXPORT,
        gettext_lazy("Ordered payments for the bank"),
        [
            *(gettext_lazy("Payment list"), gettext_lazy("Case number")),
            *(gettext_lazy("Account holder"), gettext_lazy("Bank"), gettext_lazy("Card number")),
            gettext_lazy("Amount (yuan)"),
        ],
        _export_rows,
        may_pay,
    )
