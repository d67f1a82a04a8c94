"""What happened to a case, in order. Rows are only ever added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.append_only import AppendOnlyTable, register_append_only
from portal.cases.models.cases import Case
from portal.personal_data.fields import EncryptedTextField


class CaseEvent(models.Model):
    """One step of a case.

    Attributes:
        transition: code of the row of the flow, or of a step beside it such as an assignment.
        party: code of the party as which the actor acted.
        note_public: the reason, as the applicant reads it.
        note_internal: words for the office only.
        data: plain values without personal detail.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    transition = models.CharField(max_length=40)
    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    party = models.CharField(max_length=30)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="case_events"
    )
    at = models.DateTimeField(_("at"))
    note_public = EncryptedTextField(_("reason"), blank=True, default="")
    note_internal = EncryptedTextField(_("internal note"), blank=True, default="")
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("case event")
        verbose_name_plural = _("case events")
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="cases_event_once")
        ]
        indexes = [models.Index(fields=["actor", "transition"], name="cases_event_actor")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.sequence} {self.transition}"


EVENTS = register_append_only(
    AppendOnlyTable(
        "cases_caseevent", ("id", "case_id,sequence"), "Events of cases are append-only."
    )
)
