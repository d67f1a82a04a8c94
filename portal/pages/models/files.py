"""Pictures, documents and media, each with the SHA-256 of its bytes.

The digest is computed when a file is stored, so that publishing can pin a file by it
without reading the file again.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

from django.core.files.base import File
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtailmedia.models import AbstractMedia, Media

CHUNK_BYTES = 1024 * 1024
# Characters. Of Chinese, with what is added to it, they still fit the 255 bytes of a file name.
LONGEST_STEM = 60


def sha256_of(file: File[bytes]) -> str:
    """Return the SHA-256 of an open or stored file as 64 hex digits."""
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks(CHUNK_BYTES):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class PinnedFile(models.Model):
    """A stored file whose digest is known from the moment it is stored."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False, db_index=True)
    # The name and size a page cites; they change only together with the bytes.
    pinned_name = models.CharField(max_length=255, editable=False, blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Compute the digest when the file is new or was replaced."""
        from portal.pages.file_protection import refuse_renaming, refuse_replacement

        if self.pk is not None:
            refuse_renaming(self)
        file = self.file  # type: ignore[attr-defined]
        if file and (not self.sha256 or file.name != self.pinned_name or not file._committed):
            if self.pk is not None:
                refuse_replacement(self)
            self.sha256 = sha256_of(file)
            super().save(*args, **kwargs)
            self.pinned_name = file.name
            type(self)._default_manager.filter(pk=self.pk).update(pinned_name=file.name)
            return
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the file unless it is in use, and say where.

        Asked here too, because a protecting foreign key would speak before the signal does.
        """
        from portal.pages.file_protection import refuse_deletion, refuse_protected

        refuse_deletion(type(self), self)
        try:
            return super().delete(*args, **kwargs)
        except models.ProtectedError as error:
            raise refuse_protected(self) from error


class PortalImage(PinnedFile, AbstractImage):
    """A picture."""

    admin_form_fields = Image.admin_form_fields

    def get_upload_to(self, filename: str) -> str:
        """Keep the name that people gave the picture; its record and downloads carry it.

        Wagtail would spell Chinese names in Latin letters.
        """
        stem, extension = os.path.splitext(self.file.field.storage.get_valid_name(filename))
        return f"original_images/{stem[:LONGEST_STEM]}{extension}"

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        # Each picture of each page is looked up by its path when it is served.
        indexes = [models.Index(fields=["file"], name="pages_image_file")]


class PortalRendition(AbstractRendition):
    """A picture at another size."""

    image = models.ForeignKey(PortalImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="pages_rendition_once"
            )
        ]
        indexes = [models.Index(fields=["file"], name="pages_rendition_file")]


class PortalDocument(PinnedFile, AbstractDocument):
    """A document to download."""

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")


class PortalMedia(PinnedFile, AbstractMedia):
    """A sound recording or a film."""

    admin_form_fields = Media.admin_form_fields

    class Meta:
        verbose_name = _("audio or video")
        verbose_name_plural = _("audio and video")
        indexes = [models.Index(fields=["file"], name="pages_media_file")]
