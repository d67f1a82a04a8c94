"""Who was expected at an activity, who came, who did not and why, and who was told later."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models.activities import Activity
from portal.people.models import Person, User
from portal.personal_data.fields import EncryptedTextField


class Presence(models.TextChoices):
    """Whether somebody came."""

    EXPECTED = "expected", pgettext_lazy("attendance", "Not known yet")
    ON_TIME = "on-time", pgettext_lazy("attendance", "Present")
    LATE = "late", pgettext_lazy("attendance", "Late")
    LEAVE = "leave", pgettext_lazy("attendance", "On leave")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent")


PRESENT = frozenset({Presence.ON_TIME, Presence.LATE})
MISSED = frozenset({Presence.LEAVE, Presence.ABSENT})


class AbsenceReason(models.TextChoices):
    """Why somebody did not come. Source: section 2.3 of the domain facts."""

    SICK = "sick", pgettext_lazy("absence", "Sick leave")
    PERSONAL = "personal", pgettext_lazy("absence", "Personal leave")
    DUTY_TRAVEL = "duty-travel", pgettext_lazy("absence", "Official travel")
    ON_SHIFT = "on-shift", pgettext_lazy("absence", "On shift or underground")
    HOLIDAY = "holiday", pgettext_lazy("absence", "On holiday")
    OTHER = "other", pgettext_lazy("absence", "Other")


class Entered(models.TextChoices):
    """How it became known."""

    SCAN = "scan", pgettext_lazy("attendance", "By QR code")
    SELF = "self", pgettext_lazy("attendance", "Own request")
    RECORDER = "recorder", pgettext_lazy("attendance", "By the recorder")


class Attendance(models.Model):
    """One person at one activity.

    Attributes:
        is_guest: sits in (列席) and counts neither as expected nor as a voter.
        has_vote: a full member with the right to vote on the day.
        note: words of whoever asked for leave; for the person, host, recorder and the branch.
        change_reason: why the recorder wrote it down later or otherwise.
        made_up_on: when somebody who missed it was told (补课、传达).
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="attendances"
    )
    is_guest = models.BooleanField(_("sits in"), default=False)
    has_vote = models.BooleanField(_("has a vote"), default=False)
    presence = models.CharField(
        pgettext_lazy("attendance", "presence"),
        max_length=10,
        choices=Presence.choices,
        default=Presence.EXPECTED,
    )
    entered = models.CharField(
        _("how it became known"), max_length=10, choices=Entered.choices, blank=True
    )
    signed_at = models.DateTimeField(_("signed in at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=AbsenceReason.choices, blank=True)
    note = EncryptedTextField(_("note"), blank=True, default="")
    change_reason = models.CharField(_("why it was changed"), max_length=200, blank=True)
    changed_by = models.ForeignKey(
        User, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    made_up_on = models.DateField(_("told later on"), null=True, blank=True)
    made_up_by = models.CharField(_("told by"), max_length=50, blank=True)
    made_up_how = models.CharField(_("told how"), max_length=100, blank=True)

    if TYPE_CHECKING:
        activity_id: int
        person_id: int

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["activity", "is_guest", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "person"], name="branches_attendance_once"),
            models.CheckConstraint(
                condition=Q(is_guest=False) | Q(has_vote=False),
                name="branches_guest_without_vote",
            ),
        ]

    def __str__(self) -> str:
        return f"Attendance {self.pk}"

    @property
    def is_present(self) -> bool:
        """Whether the person came."""
        return self.presence in PRESENT

    @property
    def was_missed(self) -> bool:
        """Whether the person did not come, with or without a reason."""
        return self.presence in MISSED
