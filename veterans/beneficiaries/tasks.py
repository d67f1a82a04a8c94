"""What waits in the register: papers to verify, accounts and benefits to confirm."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks
from veterans.beneficiaries.benefits import RULE
from veterans.beneficiaries.permissions import may_keep_register
from veterans.models import Certificate, Representation, RunningBenefit
from veterans.models.benefits import BenefitState


def certificate_tasks(user: Any) -> TaskList | None:
    """Return the certificates that nobody verified yet, the oldest first."""
    if not may_keep_register(user):
        return None
    waiting = Certificate.objects.filter(
        verified_at=None, withdrawn_on=None, beneficiary__ended_on=None, file__isnull=False
    )
    rows = list(
        waiting.select_related("beneficiary__person")
        .annotate(total=Window(Count("pk")))
        .order_by("entered_at", "pk")[:SHOWN]
    )
    return TaskList(
        title=_("Certificates to verify"),
        url=reverse("support_beneficiaries"),
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=str(row.get_kind_display()),
                url=reverse("support_beneficiary", args=[row.beneficiary_id]),
                note=row.beneficiary.person.name,
            )
            for row in rows
        ],
    )


def representation_tasks(user: Any) -> TaskList | None:
    """Return the letters of authority that nobody verified yet."""
    if not may_keep_register(user):
        return None
    rows = list(
        Representation.objects.filter(verified_at=None, revoked_at=None)
        .select_related("principal")
        .annotate(total=Window(Count("pk")))
        .order_by("entered_at", "pk")[:SHOWN]
    )
    return TaskList(
        title=_("Letters of authority to verify"),
        url=reverse("support_beneficiaries"),
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=str(row.get_kind_display()),
                url=reverse("support_beneficiary", args=[row.principal_id]),
                note=row.principal.name,
            )
            for row in rows
        ],
    )


def benefit_tasks(user: Any) -> TaskList | None:
    """Return what has to be confirmed soon: one's own; for the officer everybody's."""
    person_id = getattr(user, "person_id", None)
    if person_id is None:
        return None
    soon = timezone.localdate() + datetime.timedelta(days=max(RULE.reminders))
    keeper = may_keep_register(user)
    due = RunningBenefit.objects.filter(state=BenefitState.RUNNING, confirm_by__lte=soon)
    if not keeper:
        due = due.filter(person=person_id)
    rows = list(
        due.select_related("item", "person")
        .annotate(total=Window(Count("pk")))
        .order_by("confirm_by", "pk")[:SHOWN]
    )
    if not rows and not keeper:
        return None
    address = reverse("support_benefits_office" if keeper else "support_benefits")
    return TaskList(
        title=_("Benefits to be confirmed"),
        url=address,
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=row.item.name,
                url=address,
                note=row.person.name if keeper else "",
                due_on=row.confirm_by,
            )
            for row in rows
        ],
    )


def register() -> None:
    """Add the tasks to the workspace."""
    register_tasks("support-certificates", certificate_tasks)
    register_tasks("support-representations", representation_tasks)
    register_tasks("support-benefits", benefit_tasks)
