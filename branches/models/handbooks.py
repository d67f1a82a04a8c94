"""Handbooks that are closed: the year of a branch as it went into the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.files.models import StoredFile
from portal.organizations.models import Unit
from portal.people.models import User


class ClosedHandbook(models.Model):
    """The handbook of a branch for a year, closed and never written again.

    Attributes:
        content: JSON of what it holds: branch, counts, activities with day, kind and topic.
        closed_by: None where the portal closed it itself in the middle of January.
    """

    branch = models.ForeignKey(
        Unit, verbose_name=_("Party branch"), on_delete=models.PROTECT, related_name="handbooks"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    if TYPE_CHECKING:
        branch_id: int

    class Meta:
        verbose_name = _("closed handbook")
        verbose_name_plural = _("closed handbooks")
        ordering = ["-year", "branch__path"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["branch", "year"], name="branches_handbook_once")
        ]

    def __str__(self) -> str:
        return f"{self.branch_id} {self.year}"
