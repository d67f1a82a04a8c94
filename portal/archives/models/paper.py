"""The paper twin of electronic records: where it lies, and whether it was found there."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import Record


class PaperCopy(models.Model):
    """One item on paper. Without a record it is paper that has no electronic item yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.OneToOneField(
        Record,
        verbose_name=_("record"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="paper",
    )
    code = models.CharField(_("archive code on the paper"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=255, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    box = models.CharField(_("box"), max_length=40)
    shelf = models.CharField(_("shelf place"), max_length=60, blank=True)
    sheets = models.PositiveIntegerField(_("sheets"), null=True, blank=True)
    note = models.CharField(_("remarks"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed at"))
    checked_on = models.DateField(_("last found on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("found by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("paper copy")
        verbose_name_plural = _("paper copies")
        ordering = ["box", "code", "id"]
        indexes = [
            models.Index(fields=["box"], name="archives_paper_box"),
            models.Index(
                fields=["box", "code"],
                condition=models.Q(record__isnull=True),
                name="archives_paper_alone",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(record__isnull=True) & ~models.Q(code=""),
                name="archives_paper_code_once",
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.record_id)


class StockTaking(models.Model):
    """One stock-taking (清点): the boxes as they were when it began, and what was found."""

    name = models.CharField(_("name"), max_length=100)
    shelf = models.CharField(
        _("only shelves beginning with"),
        max_length=60,
        blank=True,
        help_text=_("Leave empty to go through all boxes."),
    )
    started_on = models.DateField(_("begun on"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("led by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    finished_at = models.DateTimeField(_("finished at"), null=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("stock-taking")
        verbose_name_plural = _("stock-takings")
        ordering = ["-started_on", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the stock-taking."""
        return reverse("archive_stock_taking", args=[self.pk])


class BoxResult(models.TextChoices):
    """What was found of a box."""

    OPEN = "open", _("Not looked at yet")
    FOUND = "found", _("Found, complete")
    DAMAGED = "damaged", _("Found, damaged")
    INCOMPLETE = "incomplete", _("Found, incomplete")
    MISSING = "missing", _("Not found")


class StockBox(models.Model):
    """One box of a stock-taking."""

    stock_taking = models.ForeignKey(StockTaking, on_delete=models.CASCADE, related_name="boxes")
    box = models.CharField(_("box"), max_length=40)
    shelf = models.CharField(_("shelf place"), max_length=60, blank=True)
    items = models.PositiveIntegerField(_("number of items"), default=0)
    sheets = models.PositiveIntegerField(_("sheets"), default=0)
    result = models.CharField(
        _("result"), max_length=10, choices=BoxResult.choices, default=BoxResult.OPEN
    )
    note = models.CharField(_("remarks"), max_length=300, blank=True)
    checked_at = models.DateTimeField(_("looked at"), null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("box of a stock-taking")
        verbose_name_plural = _("boxes of a stock-taking")
        ordering = ["shelf", "box"]
        constraints = [
            models.UniqueConstraint(fields=["stock_taking", "box"], name="archives_stock_box_once")
        ]

    def __str__(self) -> str:
        return self.box
