"""The tree over the ledger: hashes of complete subtrees, and the signed daily heads."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class TreeNode(models.Model):
    """The hash of a complete subtree over 2**level ledger entries (RFC 6962, 2.1).

    Derived data: it can be made again from the ledger at any time, and the verification does so
    and compares. The lowest levels are not kept (`portal.archives.tree.nodes.LOWEST_LEVEL`).
    """

    level = models.PositiveSmallIntegerField(_("level"))
    index = models.BigIntegerField(_("position"))
    hash = models.CharField(_("hash value"), max_length=64)

    class Meta:
        verbose_name = _("tree node")
        verbose_name_plural = _("tree nodes")
        constraints = [
            models.UniqueConstraint(fields=["level", "index"], name="archives_one_node_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class TreeHead(models.Model):
    """Size and root of the ledger's tree on a day, signed (签名树首).

    `note` is the signed text in the checkpoint format of C2SP (tlog-checkpoint, signed-note); the
    same bytes lie in the file. `public_key` is the note verifier key in the same format.
    """

    date = models.DateField(_("date"), unique=True)
    size = models.BigIntegerField(_("number of ledger entries"))
    root = models.CharField(_("root hash"), max_length=64)
    note = models.TextField(_("signed text"))
    key_id = models.CharField(_("key number"), max_length=8)
    public_key = models.CharField(_("public key"), max_length=200)
    file_name = models.CharField(_("file name"), max_length=60)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("signed tree head")
        verbose_name_plural = _("signed tree heads")
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.size}"

    def get_absolute_url(self) -> str:
        """Return the address of the sheet."""
        return reverse("archive_ledger_head", args=[self.date.isoformat()])
