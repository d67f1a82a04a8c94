"""The door of the use of records, and its tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.archives.models import Consultation, ConsultationState
from portal.archives.office import DoorGroup, register_door
from portal.archives.permissions import may_receive, reads_records
from portal.workspace.submissions import Submission, SubmissionList, register_submissions
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks

SUBMISSIONS_SHOWN = 10


def waiting_count(user: Any) -> int:
    """Return how many requests wait for this account."""
    if not may_receive(user):
        return 0
    return _waiting(user).count()


def _waiting(user: Any) -> Any:
    return Consultation.objects.filter(state=ConsultationState.WAITING).exclude(applicant=user)


def consultation_tasks(user: Any) -> TaskList | None:
    """Return the requests that the archivist decides; None for everybody else."""
    if not may_receive(user):
        return None
    found = list(_waiting(user).select_related("record").order_by("requested_at"))
    return TaskList(
        title=_("Requests for the use of records"),
        url=f"{reverse('archive_consultations')}?state=waiting",
        count=len(found),
        tasks=[
            Task(
                title=f"{one.applicant_name}：{one.record.archive_code}",
                url=one.get_absolute_url(),
                note=one.get_kind_display(),
            )
            for one in found[:SHOWN]
        ],
    )


TONES = {
    ConsultationState.WAITING: "amber",
    ConsultationState.GRANTED: "green",
    ConsultationState.REFUSED: "red",
}


def consultation_submissions(user: Any) -> SubmissionList | None:
    """Return the newest own requests, by one query; None for who never asked."""
    own = Consultation.objects.filter(applicant=user).select_related("record")
    found = list(own.annotate(total=Window(Count("*")))[:SUBMISSIONS_SHOWN])
    if not found:
        return None
    return SubmissionList(
        title=_("Use of records"),
        url=reverse("archive_consultations"),
        count=found[0].total,
        submissions=[
            Submission(
                title=f"{one.get_kind_display()}：{one.record.archive_code}",
                url=one.get_absolute_url(),
                state=one.get_state_display(),
                tone=TONES.get(ConsultationState(one.state), ""),
                at=one.requested_at,
            )
            for one in found
        ],
    )


def register() -> None:
    """Register once, when the application is ready."""
    register_submissions("archive-use", consultation_submissions)
    register_tasks("archive-use", consultation_tasks)
    register_door(
        "use",
        gettext_lazy("Use of records"),
        gettext_lazy("Ask to read a record or for a certified copy; the register of use."),
        "archive_consultations",
        reads_records,
        group=DoorGroup.FINDING,
        position=10,
        waiting=waiting_count,
    )
