"""Appraisal (鉴定): holds, decisions, destruction lists and what is left of a destroyed record."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.archives.appraisal.querysets import (
    DestructionEntryQuerySet,
    DestructionListQuerySet,
    LegalHoldQuerySet,
)
from portal.archives.models.records import Record, RetentionPeriod
from portal.archives.models.scope import ArchiveClass
from portal.organizations.models import Unit

MAX_REASON = 500


class LegalHold(models.Model):
    """A legal hold (冻结): as long as it is in force, nothing it covers is destroyed.

    It covers one record, or every record that has all of the class, unit (with the units below
    it) and year that are named. A hold beats an expired period and an approved list.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(
        Record,
        verbose_name=_("record"),
        null=True,
        on_delete=models.PROTECT,
        related_name="holds",
    )
    archive_class = models.ForeignKey(
        ArchiveClass, verbose_name=_("class"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("responsible unit"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    reason = models.CharField(_("reason"), max_length=MAX_REASON)
    placed_at = models.DateTimeField(_("placed at"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("placed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    until = models.DateField(_("in force until"), null=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lifted by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lift_reason = models.CharField(_("why it was lifted"), max_length=MAX_REASON, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-placed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(record__isnull=False)
                | models.Q(archive_class__isnull=False)
                | models.Q(unit__isnull=False)
                | models.Q(year__isnull=False),
                name="archives_hold_covers_something",
            )
        ]
        indexes = [
            # Few holds are in force, and every destruction asks for them.
            models.Index(
                fields=["record"],
                condition=models.Q(lifted_at__isnull=True),
                name="archives_hold_in_force",
            )
        ]

    def __str__(self) -> str:
        return self.reason

    def get_absolute_url(self) -> str:
        """The page of the hold."""
        return reverse("archive_hold", args=[self.pk])


class AppraisalDecision(models.TextChoices):
    """What an appraisal decides on a record."""

    KEEP = "keep", _("Kept longer")
    OPEN = "open", _("Opened")
    CONTROL = "control", _("Controlled")


class Appraisal(models.Model):
    """One decision on one record after its review; never changed, a later one stands beside it.

    That a record is to be destroyed is no decision of its own: it stands in a destruction list.
    """

    record = models.ForeignKey(
        Record, verbose_name=_("record"), on_delete=models.PROTECT, related_name="appraisals"
    )
    decision = models.CharField(
        pgettext_lazy("appraisal", "decision"), max_length=7, choices=AppraisalDecision.choices
    )
    reason = models.CharField(_("reason"), max_length=MAX_REASON)
    # For records kept longer; empty means for ever.
    kept_until = models.DateField(_("kept until"), null=True)
    decided_at = models.DateTimeField(pgettext_lazy("appraisal", "decided at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.decision}"


class DestructionState(models.TextChoices):
    """Where a destruction list stands."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waits for approval")
    APPROVED = "approved", _("Waits for the witnesses")
    EXECUTING = "executing", _("Being carried out")
    EXECUTED = "executed", pgettext_lazy("destruction list", "Carried out")
    WITHDRAWN = "withdrawn", pgettext_lazy("destruction list", "Withdrawn")


#: States in which nothing can be put on the list or taken off any more.
DECIDED_STATES = (
    DestructionState.APPROVED,
    DestructionState.EXECUTING,
    DestructionState.EXECUTED,
)


class DestructionList(models.Model):
    """A destruction list (销毁清册), kept for ever.

    Who proposes it, who approves it and the two who witness the destruction (监销人) are four
    different people. Names are kept as they were on the day, because accounts end and the list
    does not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=9, choices=DestructionState.choices, default=DestructionState.DRAFT
    )
    basis = models.CharField(_("basis"), max_length=MAX_REASON)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("destruction list", "made by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_by_name = models.CharField(max_length=150)
    proposed_at = models.DateTimeField(_("proposed at"), null=True)
    approved_at = models.DateTimeField(_("approved at"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    approved_by_name = models.CharField(max_length=150, blank=True)
    # Of the approval, or why it went back.
    remark = models.CharField(_("remark"), max_length=MAX_REASON, blank=True)
    executed_at = models.DateTimeField(_("carried out at"), null=True)

    objects = DestructionListQuerySet.as_manager()

    class Meta:
        verbose_name = _("destruction list")
        verbose_name_plural = _("destruction lists")
        ordering = ["-year", "-serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "serial"], name="archives_destruction_number_once"
            )
        ]
        indexes = [models.Index(fields=["state"], name="archives_destruction_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number of the list as it stands on paper, such as 销毁〔2026〕1号."""
        return f"销毁〔{self.year}〕{self.serial}号"

    def get_absolute_url(self) -> str:
        """The page of the list."""
        return reverse("archive_destruction_list", args=[self.pk])


class DestructionWitness(models.Model):
    """One of the two people who witness a destruction (监销人), and when they signed."""

    destruction_list = models.ForeignKey(
        DestructionList, on_delete=models.PROTECT, related_name="witnesses"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("witness"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=150)
    signed_at = models.DateTimeField(_("signed at"), null=True)

    class Meta:
        verbose_name = _("witness of a destruction")
        verbose_name_plural = _("witnesses of destructions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["destruction_list", "account"], name="archives_witness_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class DestructionEntry(models.Model):
    """One record on a destruction list, and what is left to know of it once it is destroyed.

    The tombstone in the ledger is committed first, with everything in the database; the files
    are removed after that by a step that can be done again, until `files_removed_at` is set.
    """

    # Empty when a signed tombstone was replayed in a database older than the list.
    destruction_list = models.ForeignKey(
        DestructionList, null=True, on_delete=models.PROTECT, related_name="entries"
    )
    record = models.ForeignKey(
        Record, verbose_name=_("record"), on_delete=models.PROTECT, related_name="destructions"
    )
    # While it counts: a list that was withdrawn, or a held record, leaves the record free.
    counts = models.BooleanField(default=True)
    archive_code = models.CharField(_("archive code"), max_length=80)
    # Empty for controlled records once they are destroyed; the keyed digest stays.
    title = models.CharField(_("title"), max_length=255, blank=True)
    title_digest = models.CharField(max_length=64, blank=True)
    unit_name = models.CharField(_("responsible unit"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    period = models.CharField(_("retention period"), max_length=3, choices=RetentionPeriod.choices)
    expired_on = models.DateField(_("period ended on"), null=True)
    pages = models.PositiveIntegerField(_("page count"), null=True)
    box = models.CharField(_("box"), max_length=40, blank=True)
    remark = models.CharField(_("remark"), max_length=MAX_REASON, blank=True)
    destroyed_at = models.DateTimeField(_("destroyed at"), null=True)
    # The number of the ledger entry that is the tombstone.
    tombstone = models.BigIntegerField(_("ledger entry"), null=True)
    # Role, size, digest and form of every file that was removed.
    files = models.JSONField(default=list)
    files_removed_at = models.DateTimeField(_("files removed at"), null=True)

    objects = DestructionEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a destruction list")
        verbose_name_plural = _("entries of destruction lists")
        ordering = ["archive_code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=models.Q(counts=True),
                name="archives_one_destruction_per_record",
            )
        ]
        indexes = [
            models.Index(
                fields=["destroyed_at"],
                condition=models.Q(destroyed_at__isnull=False, files_removed_at__isnull=True),
                name="archives_files_to_remove",
            )
        ]

    def __str__(self) -> str:
        return self.archive_code
