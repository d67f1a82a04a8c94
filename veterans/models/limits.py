"""Changes of limits (审批权限、办理时限): proposed by one, put in force by another, kept."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.people.models import User


class LimitSubject(models.TextChoices):
    """What a change is about."""

    APPROVAL = "approval", _("Who approves how much")
    HANDLING = "handling", _("Time limit of the handling")


class LimitChangeState(models.TextChoices):
    """Where a change stands."""

    PROPOSED = "proposed", pgettext_lazy("limit", "Waiting for a leader")
    ACCEPTED = "accepted", pgettext_lazy("limit", "Put in force")
    REFUSED = "refused", pgettext_lazy("limit", "Refused")


class LimitChangeQuerySet(models.QuerySet["LimitChange"]):
    """Sets of changes."""

    def waiting(self) -> LimitChangeQuerySet:
        """Those nobody decided on."""
        return self.filter(state=LimitChangeState.PROPOSED)

    def decidable_by(self, user: User) -> LimitChangeQuerySet:
        """Those that wait for somebody else than who proposed them."""
        return self.waiting().exclude(proposed_by=user.pk)

    def of_day(self, subject: str, code: str, day: datetime.date) -> LimitChangeQuerySet:
        """Those that would count for the same from the same day on, in the order of locking."""
        return self.filter(subject=subject, code=code, effective_from=day).order_by("pk")


class LimitChange(models.Model):
    """One change of limits.

    Attributes:
        code: of the time limit; empty for the table of approval limits, which changes as a whole.
        content: the new rows as plain values, see `veterans.limits.changes`.
        reason: why it was refused.
    """

    subject = models.CharField(max_length=10, choices=LimitSubject.choices)
    code = models.CharField(max_length=40, blank=True)
    content: models.JSONField[Any, Any] = models.JSONField()
    effective_from = models.DateField(_("in force from"))
    state = models.CharField(
        max_length=10, choices=LimitChangeState.choices, default=LimitChangeState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar[LimitChangeQuerySet] = LimitChangeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("change of limits")
        verbose_name_plural = _("changes of limits")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="veterans_limit_change_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="veterans_limit_change_decided",
            ),
            models.UniqueConstraint(
                fields=["subject", "code", "effective_from"],
                condition=Q(state="proposed"),
                name="veterans_limit_change_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.code} {self.effective_from}"
