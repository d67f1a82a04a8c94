"""Virus scanning by clamd, when one is configured; without it nothing is ever called clean."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from portal import clamd
from portal.clamd import ScannerFailed

__all__ = ["ScannerFailed", "configured", "version", "virus_in"]


def configured() -> bool:
    """Whether the address of a scanner is set."""
    return bool(settings.CLAMD_ADDRESS)


def version() -> str:
    """Return program and signatures of the scanner.

    Raises:
        ScannerFailed: it does not answer.
    """
    return clamd.version(settings.CLAMD_ADDRESS)


def virus_in(chunks: Iterable[bytes]) -> str | None:
    """Return the name of the virus in some bytes; None when the scanner says they are clean.

    Raises:
        ScannerFailed: the scanner did not scan them.
    """
    return clamd.virus_in(chunks, settings.CLAMD_ADDRESS)
