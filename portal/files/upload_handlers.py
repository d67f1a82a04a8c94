"""Receive uploads to disk in such a way that a full disk becomes a sentence, not an error page."""

from __future__ import annotations

import io
import logging
import tempfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

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
            self._begin(*args, **kwargs)
        except OSError as error:
            self._say(error)

    def _begin(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)

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


class UnnamedUploadHandler(PatientUploadHandler):
    """Receives what somebody unknown uploads: no folder ever shows it, whatever ends the process.

    A file with a name would keep place and device of a photo, and the second of its arrival,
    when the process is ended before it can delete it.
    """

    def _begin(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = UploadedFile(  # type: ignore[assignment]
            # Closed with the upload it belongs to.
            tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR),  # noqa: SIM115
            self.file_name,
            self.content_type,
            0,
            self.charset,
            self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """Forget what has arrived of a file."""
        if hasattr(self, "file"):
            self.file.close()

    def _say(self, error: OSError) -> None:
        # A line of the log would tell when somebody came.
        self.full = True
