"""Workbooks that were checked and wait, encrypted, until somebody takes them over as a whole."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.people.models import User
from portal.personal_data.fields import EncryptedTextField
from portal.refusals import ChangedMeanwhile

#: Nobody needs them longer. Source: PIPL 19, kept no longer than needed.
DAYS_KEPT = 7


class WaitingWorkbook(models.Model):
    """A workbook that was checked and waits to be taken over.

    Attributes:
        content: its rows as JSON; emptied when they were taken over.
    """

    sha256 = models.CharField(max_length=64)
    content = EncryptedTextField()
    row_count = models.PositiveIntegerField(gettext_lazy("rows"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(gettext_lazy("uploaded at"), default=timezone.now)
    taken_at = models.DateTimeField(gettext_lazy("taken over at"), null=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}"

    @classmethod
    def keep(cls, body: bytes, content: str, row_count: int, user: User) -> Self:
        """Keep the rows of a file whose bytes are forgotten."""
        kept: Self = cls.objects.create(
            sha256=hashlib.sha256(body).hexdigest(),
            content=content,
            row_count=row_count,
            uploaded_by=user,
        )
        return kept

    @classmethod
    def locked(cls, pk: int) -> Self:
        """Return one that waits, locked until the transaction ends.

        Raises:
            ChangedMeanwhile: it was taken over or discarded already.
        """
        row: Self | None = cls.objects.select_for_update().filter(pk=pk).first()
        if row is None or row.taken_at is not None or not row.content:
            raise ChangedMeanwhile(_("This workbook was taken over or discarded already."))
        return row

    def mark_taken(self) -> None:
        """Forget the rows, which stand in the register now."""
        self.content, self.taken_at = "", timezone.now()
        self.save(update_fields=["content", "taken_at"])

    @classmethod
    def discard(cls, pk: int, user: User) -> None:
        """Forget one of the account that was not taken over."""
        cls.objects.filter(pk=pk, taken_at=None, uploaded_by=user).delete()

    @classmethod
    def forget_old(cls) -> int:
        """Forget those that nobody confirmed in time; return how many."""
        before = timezone.now() - datetime.timedelta(days=DAYS_KEPT)
        count, _rows = cls.objects.filter(taken_at=None, uploaded_at__lt=before).delete()
        return int(count)
