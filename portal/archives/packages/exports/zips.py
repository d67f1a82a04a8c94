"""A zip with one folder, written once from front to back; each file is digested on its way."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from collections.abc import Iterable
from types import TracebackType
from typing import IO, Self

from django.utils import timezone

ALGORITHM = "sha256"


class WrongDigest(RuntimeError):
    """Bytes that were to be written are not those that were recorded; the message names them."""


class ZipWriter:
    """A zip that is being written, uncompressed, with everything below one folder.

    Attributes:
        folder: name of the folder.
    """

    def __init__(self, target: IO[bytes], folder: str) -> None:
        self.folder = folder
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._moment = timezone.localtime().timetuple()[:6]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def write(self, path: str, chunks: Iterable[bytes], sha256: str = "") -> tuple[str, int]:
        """Write a file; return its SHA-256 and its size in bytes.

        Args:
            path: below the folder.
            chunks: its bytes.
            sha256: what its digest must be; any when empty.

        Raises:
            WrongDigest: it is another.
        """
        path = unicodedata.normalize("NFC", path)
        entry = zipfile.ZipInfo(f"{self.folder}/{path}", date_time=self._moment)  # type: ignore[arg-type]
        entry.external_attr = 0o100644 << 16
        digest, size = hashlib.new(ALGORITHM), 0
        with self._zip.open(entry, "w", force_zip64=True) as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        made = digest.hexdigest()
        if sha256 and made != sha256:
            raise WrongDigest(f"{self.folder}/{path}")
        return made, size
