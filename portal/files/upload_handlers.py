"""Receive uploads to disk in such a way that a full disk becomes a sentence, not an error page."""

from __future__ import annotations

import io
import logging
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

logger = logging.getLogger(__name__)


class PatientUploadHandler(TemporaryFileUploadHandler):
    """Like Django's own; when the disk is full, the form arrives all the same, without the file.

    What arrives in its place is empty and says `not_stored`.
    """

    full = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, if there is room for its beginning."""
        self.full = False
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._say(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece; after the first failure the rest is read and thrown away."""
        if self.full:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._say(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Return the file, or an empty one in its place."""
        if not self.full:
            try:
                self.file.flush()
                return super().file_complete(file_size)
            except OSError as error:
                self._say(error)
        missing = InMemoryUploadedFile(
            io.BytesIO(), self.field_name, self.file_name, self.content_type, 0, self.charset
        )
        missing.not_stored = True  # type: ignore[attr-defined]
        return missing

    def _say(self, error: OSError) -> None:
        self.full = True
        logger.error("An upload could not be written: %s", error.strerror)
        file = getattr(self, "file", None)
        if file is not None:
            try:
                file.close()
            except OSError as closing:
                logger.info("What was written of it could not be closed: %s", closing.strerror)
