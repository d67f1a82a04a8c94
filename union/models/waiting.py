"""What anonymous opinions leave behind until their batch is released, and what must not be there.

No row here says who, from where or when. Keys are random numbers and never from a counter: on
SQLite they are the rowid itself, and the urn is written anew, sorted by them, with every row that
comes in. A test compares the columns with a list; whoever adds one has to read it.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.personal_data.fields import EncryptedTextField


class WaitingItem(models.Model):
    """Something an anonymous sender did that waits for its release.

    Attributes:
        id: random, 63 bits.
        mac: keyed digest of the receipt under a label of its own, so that the urn and what was
            released have no value in common.
        sealed: the whole of it, pictures included, encrypted and filled up to whole blocks.
    """

    id = models.BigAutoField(primary_key=True)
    mac = models.BinaryField(max_length=32, db_index=True)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("waiting item")
        verbose_name_plural = _("waiting items")

    def __str__(self) -> str:
        return "waiting item"


class SpentChallenge(models.Model):
    """A puzzle or question that was used once (工作量证明的已用记录).

    Attributes:
        id: the first 63 bits of the keyed digest of the challenge; the row of a challenge that
            was used can therefore not be written a second time by any process.
        day: no time finer than it; rows of yesterday are of no use and go.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()

    class Meta:
        verbose_name = _("spent challenge")
        verbose_name_plural = _("spent challenges")

    def __str__(self) -> str:
        return "spent challenge"


class BatchRelease(models.Model):
    """A set hour whose batch was released, so that each is released once.

    Attributes:
        slot: day and hour, such as 2026-11-22T09.
    """

    slot = models.CharField(max_length=13, unique=True)

    class Meta:
        verbose_name = _("release of a batch")
        verbose_name_plural = _("releases of batches")

    def __str__(self) -> str:
        return self.slot


class QuarantinedItem(models.Model):
    """What came in beyond what an hour usually brings; somebody looks before it is let in.

    Attributes:
        id: random, 63 bits.
        day: of its release from the urn.
        preview: box and text, for who decides.
        to_discipline: only the discipline inspection looks at it.
        accused_path: of the unit it speaks against; nobody who works there looks at it.
        sealed: the whole of it as it lay in the urn.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField(pgettext_lazy("opinion", "day"))
    preview = EncryptedTextField(_("preview"))
    to_discipline = models.BooleanField(default=False)
    accused_path = models.CharField(max_length=255, blank=True, default="")
    mac = models.BinaryField(max_length=32, db_index=True)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("quarantined item")
        verbose_name_plural = _("quarantined items")
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return "quarantined item"
