"""The virus scan of uploads.

Setting FILE_SCANNER: the address of clamd (unix:/run/clamd.ctl or host:port), or the dotted path
of a function that takes a file opened for reading and returns "clean", "infected" or
"unavailable". Without it files are marked as not scanned. A scanner that is configured and does
not answer lets nothing through.
"""

from __future__ import annotations

import logging
from typing import IO

from django.conf import settings
from django.utils.module_loading import import_string

from portal import clamd
from portal.files.models import ScanResult
from portal.files.refusals import FileRefused

logger = logging.getLogger(__name__)

CHUNK_BYTES = 128 * 1024


def _is_address(scanner: str) -> bool:
    return ":" in scanner


def scan(file: IO[bytes], name: str) -> ScanResult:
    """Scan an upload and return CLEAN or NOT_SCANNED.

    Args:
        file: the bytes as they were uploaded.
        name: of the upload, for the words of a refusal.

    Raises:
        FileRefused: a virus was found, or the configured scanner did not scan.
    """
    scanner = settings.FILE_SCANNER
    if not scanner:
        return ScanResult.NOT_SCANNED
    file.seek(0)
    try:
        if _is_address(scanner):
            chunks = iter(lambda: file.read(CHUNK_BYTES), b"")
            answer = "infected" if clamd.virus_in(chunks, scanner) else "clean"
        else:
            answer = import_string(scanner)(file)
    except Exception as error:
        # Whatever keeps the scanner from an answer, nothing passes unscanned.
        logger.error("The scanner of uploads failed: %s", type(error).__name__)
        answer = "unavailable"
    if answer == "clean":
        return ScanResult.CLEAN
    raise FileRefused("infected" if answer == "infected" else "scanner", name)
