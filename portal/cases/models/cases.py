"""The row under every case: where it stands, whose it is, until when."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.cases.querysets import CaseQuerySet
from portal.files.models import StoredFile
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField

if TYPE_CHECKING:
    from portal.cases.flow import Flow, State


class Case(models.Model):
    """One matter that runs through a flow. What it is about lies with its subject.

    Attributes:
        flow: code of the table that drives it.
        item: what the case is about, without a person's name.
        number: shown to everybody (受理编号); empty in a draft. It opens nothing.
        tracking_digest: keyed digest of the tracking code; the code itself is stored nowhere.
        tracking_tail: last four characters of the beneficiary's identity number.
        sequence: number of the last event; whoever acts says which one he saw.
        previous_state: where a correction leads back to.
        lead_unit: the unit asked to handle it (承办单位), where the flow asks one; None otherwise.
        handler: who works on it; None while nobody has taken it.
        due_on: the last day of the state it stands in; None without a limit or while it pauses.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    flow = models.CharField(_("flow"), max_length=40)
    item = models.CharField(_("matter"), max_length=100)
    number = models.CharField(_("case number"), max_length=40, blank=True)
    tracking_digest = models.CharField(max_length=64, blank=True, editable=False)
    tracking_tail = EncryptedTextField(blank=True, default="", editable=False)
    state = models.CharField(_("state"), max_length=30)
    previous_state = models.CharField(max_length=30, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="cases"
    )
    lead_unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit asked to handle it"),
        on_delete=models.PROTECT,
        related_name="led_cases",
        null=True,
        blank=True,
    )
    applicant = models.ForeignKey(
        Person,
        verbose_name=_("applicant"),
        on_delete=models.PROTECT,
        related_name="applied_cases",
        null=True,
        blank=True,
    )
    beneficiary = models.ForeignKey(
        Person,
        verbose_name=_("beneficiary"),
        on_delete=models.PROTECT,
        related_name="benefiting_cases",
        null=True,
        blank=True,
        db_index=False,
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handler"),
        on_delete=models.SET_NULL,
        related_name="handled_cases",
        null=True,
        blank=True,
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_on_estimated = models.BooleanField(default=False)
    # What has no last day comes last; no database sorts NULL to the end by an index.
    urgency = models.GeneratedField(
        expression=Coalesce("due_on", Value(datetime.date.max)),
        output_field=models.DateField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed last at"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="cases_number_once"
            ),
            models.UniqueConstraint(
                fields=["tracking_digest"],
                condition=~models.Q(tracking_digest=""),
                name="cases_tracking_code_once",
            ),
        ]
        indexes = [
            # The work queue: one flow, the states one may act in, the most urgent first.
            models.Index(fields=["flow", "state", "urgency", "id"], name="cases_queue"),
            # What waits for somebody is open, and of all cases most are closed.
            models.Index(
                fields=["urgency", "id", "flow", "state"],
                condition=models.Q(closed_at__isnull=True),
                name="cases_open",
            ),
            # The lists of everything one may read, in each order; whoever reads several flows
            # has no single value to begin with, so the columns of the condition stand behind.
            models.Index(
                fields=["urgency", "id", "flow", "sequence", "state"], name="cases_urgent"
            ),
            models.Index(
                fields=["-submitted_at", "id", "flow", "sequence", "state"], name="cases_newest"
            ),
            models.Index(fields=["number", "id", "flow", "sequence", "state"], name="cases_number"),
            models.Index(fields=["applicant", "-created_at"], name="cases_applicant"),
            # Whole flows are for nobody but their applicant; their rows stay out of it.
            models.Index(
                fields=["beneficiary"],
                condition=models.Q(beneficiary__isnull=False),
                name="cases_beneficiary",
            ),
            # What a unit was asked to handle: few of all cases, so other rows stay out of it.
            models.Index(
                fields=["lead_unit", "urgency", "id", "flow", "sequence", "state"],
                condition=models.Q(lead_unit__isnull=False),
                name="cases_led",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    @property
    def table(self) -> Flow:
        """The flow that drives the case."""
        from portal.cases.flow import flow

        return flow(self.flow)

    @property
    def standing(self) -> State:
        """The row of the state in which the case stands."""
        return self.table.state(self.state)

    @property
    def subject(self) -> Any:
        """The subject's own row, read once."""
        if not hasattr(self, "_subject"):
            self._subject = self.table.subject_of(self)
        return self._subject

    @property
    def is_draft(self) -> bool:
        """Whether nothing was handed in yet."""
        return self.sequence == 0


class CaseNumber(models.Model):
    """The last number issued for a prefix in a year."""

    prefix = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("case number")
        verbose_name_plural = _("case numbers")
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year"], name="cases_number_counter")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"


class SubmissionKey(models.Model):
    """A form that was sent once: sent again, it finds the event it made the first time."""

    key = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey("cases.CaseEvent", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("submission key")
        verbose_name_plural = _("submission keys")

    def __str__(self) -> str:
        return str(self.key)


class CaseDocument(models.Model):
    """One file of a case: a material that was handed in, or a letter that was sent.

    A replaced file stays, so that the case file shows what was decided on.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    material = models.CharField(_("material"), max_length=40)
    title = models.CharField(_("title"), max_length=100)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="case_document")
    letter = models.BooleanField(_("letter of the office"), default=False)
    added_at = models.DateTimeField(_("added at"))
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    class Meta:
        verbose_name = _("case document")
        verbose_name_plural = _("case documents")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class ClosedFile(models.Model):
    """The case file as it was when the case closed; what the archive captured.

    Names of people change later; the closed file does not.
    """

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.PROTECT, related_name="closed_file"
    )
    content = EncryptedTextField()
    shown = EncryptedTextField()
    closed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("closed case file")
        verbose_name_plural = _("closed case files")

    def __str__(self) -> str:
        return str(self.case_id)
