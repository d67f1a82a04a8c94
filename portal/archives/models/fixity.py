"""Damage that was found when stored files were read again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import RecordFile


class FixityProblem(models.TextChoices):
    """What is wrong with stored bytes."""

    MISSING = "missing", _("Missing")
    SIZE = "size", _("Cut short or lengthened")
    CHANGED = "changed", _("Altered")
    UNREADABLE = "unreadable", _("Cannot be read")
    STRAY = "stray", _("Belongs to no record")


#: Where the right bytes came from, by the code that is in the ledger too.
REMEDIES = {
    "second store": _("From the second store"),
    "library": _("From the library"),
    "by hand": _("By hand"),
    "gone": _("The file is not there any more"),
}


class FixityFault(models.Model):
    """One damaged or stray file; as long as it lasts it is one fault, however often it is found.

    `path` is where the file lies below the root of the store. A stray file has no `file`.
    """

    file = models.ForeignKey(
        RecordFile,
        verbose_name=_("file"),
        null=True,
        on_delete=models.CASCADE,
        related_name="faults",
    )
    path = models.CharField(_("place in the store"), max_length=255)
    problem = models.CharField(_("problem"), max_length=10, choices=FixityProblem.choices)
    detail = models.CharField(_("what was found"), max_length=300, blank=True)
    found_at = models.DateTimeField(_("found at"))
    seen_at = models.DateTimeField(_("last seen at"))
    closed_at = models.DateTimeField(_("put right at"), null=True)
    # Where the right bytes came from: the second store, the library, or by hand.
    remedy = models.CharField(_("how it was put right"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("damaged file")
        verbose_name_plural = _("damaged files")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file"],
                condition=models.Q(closed_at__isnull=True, file__isnull=False),
                name="archives_one_open_fault_per_file",
            ),
            models.UniqueConstraint(
                fields=["path"],
                condition=models.Q(closed_at__isnull=True, file__isnull=True),
                name="archives_one_open_fault_per_stray",
            ),
        ]
        indexes = [models.Index(fields=["closed_at", "-found_at"], name="archives_fault_open")]

    def __str__(self) -> str:
        return f"{self.path} {self.problem}"

    @property
    def remedy_words(self) -> str:
        """How it was put right, in words."""
        return str(REMEDIES.get(self.remedy, self.remedy))


class RepairOrder(models.Model):
    """Somebody asked that all damaged files be repaired; the worker does it, fault by fault."""

    ordered_at = models.DateTimeField(_("ordered at"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ordered by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The number of the fault that was tried last: written before it is tried, so that one that
    # kills the worker is not tried for ever.
    last_fault = models.BigIntegerField(default=0)
    repaired = models.PositiveIntegerField(_("files that are right again"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True, db_index=True)

    class Meta:
        verbose_name = _("repair order")
        verbose_name_plural = _("repair orders")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.ordered_at:%Y-%m-%d %H:%M} {self.repaired}"
