"""Where the packages stand: what waits, what was put aside, what is sealed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.archives.models import PackageWork, SealedPackage
from portal.archives.permissions import may_receive
from portal.archives.querysets import readable
from portal.leases import WorkStatus
from portal.workspace.tasks import SHOWN, Task, TaskList

WAITING, FAILED, SEALED = "waiting", "failed", "sealed"
_STATES = {
    WAITING: Q(status__in=(WorkStatus.WAITING, WorkStatus.LEASED)),
    FAILED: Q(status=WorkStatus.DEAD),
}


def work_of(user: Any, state: str) -> QuerySet[PackageWork]:
    """Return the work in a state on records that the account may read."""
    found = PackageWork.objects.filter(_STATES[state], readable(user, "record__"))
    return found.select_related("record__unit").order_by("-reason", "available_at", "pk")


def sealed_for(user: Any) -> QuerySet[SealedPackage]:
    """Return the packages of records that the account may read, the newest first."""
    found = SealedPackage.objects.filter(readable(user, "record__"))
    return found.select_related("record__unit", "file").order_by("-sealed_at", "-pk")


def counts(user: Any) -> dict[str, int]:
    """Return how many there are in each state."""
    found = PackageWork.objects.filter(readable(user, "record__")).aggregate(
        **{state: Count("pk", filter=condition) for state, condition in _STATES.items()}
    )
    return {**found, SEALED: sealed_for(user).count()}


def stuck_count(user: Any) -> int:
    """Return how many packages somebody must do something about."""
    stuck = PackageWork.objects.filter(_stuck(), readable(user, "record__"))
    return stuck.count()


def _stuck() -> Q:
    waits = Q(status=WorkStatus.WAITING) & ~Q(reason__in=("", "sources", "other"))
    return Q(status=WorkStatus.DEAD) | waits


def package_tasks(user: Any) -> TaskList | None:
    """Return the packages that cannot be sealed, for the archivist; None for everybody else."""
    if not may_receive(user):
        return None
    rows = list(
        PackageWork.objects.filter(_stuck(), readable(user, "record__"))
        .select_related("record")
        .annotate(total=Window(Count("pk")))
        .order_by("available_at", "pk")[:SHOWN]
    )
    return TaskList(
        title=_("Packages that cannot be sealed"),
        url=reverse("archive_packages"),
        count=rows[0].total if rows else 0,
        tasks=[
            Task(
                title=row.record.title,
                url=reverse("archive_package", args=[row.pk]),
                note=row.get_reason_display(),
            )
            for row in rows
        ],
    )
