"""What payments add to the portal: doors, the export for the bank, messages, the inventory."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.cases.doors import register_case_door
from portal.cases.models import Case
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks
from veterans.limits import changes
from veterans.models import LimitChange, PaymentList, Recovery
from veterans.models.recoveries import RecoveryState
from veterans.payments import budgets, ledger, list_record, personal_data, recoveries
from veterans.payments.next_years import payable_years
from veterans.payments.permissions import may_decide_recovery, may_pay, may_read_ledger


def money_tasks(user: Any) -> TaskList | None:
    """Return budgets, recoveries and limits that wait for a leader's decision."""
    if not may_decide_recovery(user):
        return None
    proposed = Recovery.objects.filter(state=RecoveryState.PROPOSED).exclude(proposed_by=user.pk)
    own = Q(application__case__applicant=user.person_id)
    own |= Q(application__case__beneficiary=user.person_id)
    rows = proposed.exclude(own).select_related("application__case").order_by("pk")
    tasks = [
        Task(
            title=f"{row.application.case.item} {row.application.case.number}",
            url=reverse("support_recovery", args=[row.pk]),
            note=pgettext("support", "Recovery"),
        )
        for row in rows[:SHOWN]
    ]
    tasks += [
        Task(title=f"{row.item} {row.year}", url=reverse("support_budgets"), note=gettext("Budget"))
        for row in budgets.waiting(user).select_related("item")[:SHOWN]
    ]
    tasks += [
        Task(
            title=changes.title(row),
            url=reverse("support_limit", args=[row.pk]),
            note=gettext("Change of limits"),
        )
        for row in LimitChange.objects.decidable_by(user)[:SHOWN]
    ]
    return TaskList(
        title=_("Money that waits for a decision"),
        url=reverse("support_budgets"),
        count=len(tasks),
        tasks=tasks[:SHOWN],
    )


def further_year_tasks(user: Any) -> TaskList | None:
    """Return the items of which further years wait for this payer, each with how many."""
    if not may_pay(user):
        return None
    waiting = PaymentList.objects.waiting_items(
        Case.objects.none(), payable_years(user, timezone.localdate())
    )
    rows: list[Any] = list(waiting.order_by("order", "pk"))
    return TaskList(
        title=_("Further years to be paid"),
        url=reverse("support_payment_lists"),
        count=sum(row.further_count for row in rows),
        tasks=[
            Task(
                title=row.name,
                url=reverse("support_payment_list_new", args=[row.code]),
                note=gettext("%(count)s further years") % {"count": row.further_count},
            )
            for row in rows[:SHOWN]
        ],
    )


def register() -> None:
    """Register once, when the application is ready."""
    register_case_door(_("Payment lists"), "support_payment_lists", may_pay)
    register_case_door(_("Payment ledger"), "support_payments", may_read_ledger)
    register_case_door(_("Limits and budgets"), "support_budgets", may_read_ledger)
    register_case_door(pgettext_lazy("support", "Recovery"), "support_recoveries", may_read_ledger)
    register_tasks("support-money", money_tasks)
    register_tasks("support-further-years", further_year_tasks)
    ledger.register()
    list_record.register()
    recoveries.register()
    personal_data.register()
