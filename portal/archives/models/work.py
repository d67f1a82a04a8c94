"""Work that a worker leases row by row, and must show life to keep."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import RenderStatus


class LeasedWork(models.Model):
    """Columns of work that is done exactly once, whatever happens to a worker.

    `portal.archives.leases` moves them: waiting, leased, then done or dead.
    """

    status = models.CharField(
        _("status"), max_length=10, choices=RenderStatus.choices, default=RenderStatus.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    available_at = models.DateTimeField()
    worker = models.CharField(max_length=80, blank=True)
    lease_ends_at = models.DateTimeField(null=True)
    last_error = models.TextField(_("last error"), blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        abstract = True
