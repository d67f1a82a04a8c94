"""Write a bag (BagIt 1.0, RFC 8493) straight into a zip; memory does not grow with the files.

What is written is read once, its digest is taken on the way, and compared with what it must be.
"""

from __future__ import annotations

import datetime
import tempfile
import unicodedata
from collections.abc import Iterable
from types import TracebackType
from typing import IO, Self

from django.utils import timezone

from portal.archives.packages.exports.zips import ALGORITHM, ZipWriter

BAGIT_TXT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def escaped(path: str) -> str:
    """Return a path as it stands in a manifest (RFC 8493 2.1.3)."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


class BagWriter:
    """A bag that is being written.

    Attributes:
        payload_bytes, payload_files: what is in it so far.
    """

    def __init__(self, target: IO[bytes], name: str) -> None:
        self.payload_bytes = self.payload_files = 0
        self._zip = ZipWriter(target, name)
        self._manifest = tempfile.TemporaryFile()  # noqa: SIM115  closed with the bag

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._manifest.close()
        self._zip.__exit__(kind, error, trace)

    def add(self, path: str, chunks: Iterable[bytes], sha256: str = "") -> str:
        """Write a file of the payload and return its SHA-256.

        Args:
            path: below `data/`.
            chunks: its bytes.
            sha256: what its digest must be.

        Raises:
            WrongDigest: it is another.
        """
        path = unicodedata.normalize("NFC", path)
        digest, size = self._zip.write(f"data/{path}", chunks, sha256)
        self.payload_bytes += size
        self.payload_files += 1
        self._manifest.write(f"{digest}  data/{escaped(path)}\n".encode())
        return digest

    def finish(self, information: dict[str, str]) -> None:
        """Write the tag files; the bag is complete after that.

        Args:
            information: for `bag-info.txt`, besides size and day.
        """
        lines = {
            **information,
            "Bagging-Date": datetime.date.isoformat(timezone.localdate()),
            "Payload-Oxum": f"{self.payload_bytes}.{self.payload_files}",
        }
        described = "".join(f"{name}: {value}\n" for name, value in lines.items())
        tags = {
            "bagit.txt": [BAGIT_TXT.encode()],
            "bag-info.txt": [described.encode()],
            f"manifest-{ALGORITHM}.txt": self._manifest_chunks(),
        }
        written = "".join(
            f"{self._zip.write(path, chunks)[0]}  {path}\n" for path, chunks in tags.items()
        )
        self._zip.write(f"tagmanifest-{ALGORITHM}.txt", [written.encode()])

    def _manifest_chunks(self) -> Iterable[bytes]:
        self._manifest.seek(0)
        return iter(lambda: self._manifest.read(1024 * 1024), b"")
