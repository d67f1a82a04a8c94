"""The pool (预归档库): what was captured and waits for the archivist's decision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import Record, RetentionPeriod
from portal.archives.models.scope import ArchiveClass, ScopeRule
from portal.archives.querysets import PoolItemQuerySet
from portal.organizations.models import Unit


class ReturnReason(models.TextChoices):
    """Why an item goes back to the part-time archivist."""

    WRONG_CLASS = "class", _("Wrong class")
    WRONG_PERIOD = "period", _("Wrong retention period")
    WRONG_UNIT = "unit", _("Wrong unit")
    MISSING_ATTACHMENT = "attachment", _("Attachment missing")
    MISSING_SIGNATURE = "signature", _("Signature missing")
    BAD_TITLE = "title", _("Title does not say what it is about")
    BAD_FORMAT = "format", _("Unsuitable file format")
    DUPLICATE = "duplicate", _("Filed twice")
    OTHER = "other", _("Other reason")


class PoolItem(models.Model):
    """What the rules proposed for a record, what people made of it, and until when to decide.

    The state itself is on the record, so that lists of records need no other table.
    """

    record = models.OneToOneField(
        Record, primary_key=True, on_delete=models.PROTECT, related_name="pool_item"
    )
    rule = models.ForeignKey(
        ScopeRule, verbose_name=_("rule"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    clause = models.CharField(_("clause"), max_length=200, blank=True)
    archive_class = models.ForeignKey(
        ArchiveClass, verbose_name=_("class"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    period = models.CharField(
        _("retention period"), max_length=3, choices=RetentionPeriod.choices, blank=True
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("responsible unit"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    corrected = models.BooleanField(_("corrected by hand"), default=False)
    entered_at = models.DateTimeField(_("entered at"))
    due_on = models.DateField(_("to be decided by"), null=True)
    due_on_estimated = models.BooleanField(
        _("the calendar of the year is not published yet"), default=False
    )
    return_count = models.PositiveSmallIntegerField(_("returns"), default=0)
    return_reason = models.CharField(
        _("reason of the return"), max_length=12, choices=ReturnReason.choices, blank=True
    )
    return_remark = models.CharField(_("what to put right"), max_length=500, blank=True)
    returned_at = models.DateTimeField(_("returned at"), null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.CharField(_("answer to the return"), max_length=500, blank=True)
    # Since when the four-property checks are due; empty once they ran.
    check_wanted_at = models.DateTimeField(null=True)
    # For items kept apart: the last day on which they are kept.
    kept_until = models.DateField(_("kept until"), null=True)

    objects = PoolItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("pool item")
        verbose_name_plural = _("pool items")
        indexes = [
            models.Index(fields=["due_on"], name="archives_pool_due"),
            models.Index(fields=["rule"], name="archives_pool_rule"),
            # The worker looks every second; of a million items it reads those that are due.
            models.Index(
                fields=["check_wanted_at"],
                condition=models.Q(check_wanted_at__isnull=False),
                name="archives_pool_check_wanted",
            ),
        ]

    def __str__(self) -> str:
        return str(self.record_id)


class PoolReminder(models.Model):
    """A reminder that was given, so that each level is given once."""

    item = models.ForeignKey(PoolItem, on_delete=models.CASCADE, related_name="reminders")
    level = models.CharField(max_length=20)
    due_on = models.DateField()
    given_on = models.DateField()

    class Meta:
        verbose_name = _("pool reminder")
        verbose_name_plural = _("pool reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "level", "due_on"], name="archives_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.level}"
