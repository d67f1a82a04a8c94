"""Time limits of cases: intervals that run and pause, and what was said when they ran out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.cases.clock import Limit, Pause
from portal.cases.flow import DayKind
from portal.cases.models.cases import Case
from portal.personal_data.fields import EncryptedTextField


class CaseClock(models.Model):
    """One time limit of one case. Its end is computed from its row and its pauses.

    Attributes:
        days: the allowance of the standard that binds the case, when the clock started.
        extension_days: added once, with a reason the applicant is told.
        due_on: computed; None while the clock stands still.
        warned_on: the day on which four fifths are used, of an applicant's clock the half;
            computed like the end.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    code = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in DayKind])
    include_start = models.BooleanField(default=False)
    of_applicant = models.BooleanField(default=False)
    started_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    extension_days = models.PositiveSmallIntegerField(default=0)
    extension_reason = models.CharField(max_length=500, blank=True)
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    warned_on = models.DateField(null=True)
    estimated = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code"],
                condition=models.Q(ended_on__isnull=True),
                name="cases_one_running_clock",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=models.Q(ended_on__isnull=True),
                name="cases_clock_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.started_on} + {self.days}"

    def limit(self) -> Limit:
        """Return the arithmetic of this clock; reads the pauses."""
        return Limit(
            started_on=self.started_on,
            days=self.days + self.extension_days,
            kind=DayKind(self.kind),
            include_start=self.include_start,
            pauses=[Pause(pause.since, pause.until) for pause in self.pauses.all()],
        )


class ClockPause(models.Model):
    """Days on which a clock stood still, and why."""

    clock = models.ForeignKey(CaseClock, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(until__isnull=True), name="cases_one_pause"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="cases_pause_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since} - {self.until or ''}"


class SupervisionLevel(models.TextChoices):
    """How urgently somebody was told (督办), each level once for each clock."""

    USED = "used", _("Four fifths of the time are used")
    TOMORROW = "tomorrow", _("Due on the next working day")
    OVERDUE = "overdue", _("Overdue")
    ORDERED = "ordered", _("Supervision order")
    # To the applicant, before something lapses.
    HALF = "half", _("Half of the time is used")
    SOON = "soon", _("Two working days before the last day")


class Supervision(models.Model):
    """One reminder or order about a clock; an order has to be answered.

    A reminder of the applicant has a row here as well, also when nobody could be reached.
    """

    clock = models.ForeignKey(CaseClock, on_delete=models.CASCADE, related_name="supervisions")
    level = models.CharField(max_length=10, choices=SupervisionLevel.choices)
    raised_on = models.DateField()
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("supervision")
        verbose_name_plural = _("supervisions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "level"], name="cases_supervised_once")
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.level}"


class ExtensionRequest(models.Model):
    """Somebody who works on a case asks for more time; another, who leads, decides.

    Attributes:
        reason: read by the applicant once it is granted.
        granted: None until it is decided.
        answer: words for the office.
    """

    clock = models.ForeignKey(
        CaseClock, on_delete=models.CASCADE, related_name="extension_requests"
    )
    reason = EncryptedTextField(_("reason"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    granted = models.BooleanField(null=True)
    answer = EncryptedTextField(_("answer"), blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("extension request")
        verbose_name_plural = _("extension requests")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"],
                condition=models.Q(decided_at__isnull=True),
                name="cases_one_open_extension",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, granted__isnull=True)
                | models.Q(decided_at__isnull=False, granted__isnull=False),
                name="cases_extension_decided_with_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.asked_at:%Y-%m-%d}"
