"""What payments add to the portal: doors, the export for the bank, messages, the inventory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.doors import register_case_door
from veterans.payments import ledger, personal_data, recoveries
from veterans.payments.permissions import may_pay, may_read_ledger


def register() -> None:
    """Register once, when the application is ready."""
    register_case_door(_("Payment lists"), "support_payment_lists", may_pay)
    register_case_door(_("Payment ledger"), "support_payments", may_read_ledger)
    register_case_door(_("Limits and budgets"), "support_budgets", may_read_ledger)
    register_case_door(pgettext_lazy("support", "Recovery"), "support_recoveries", may_read_ledger)
    ledger.register()
    recoveries.register()
    personal_data.register()
