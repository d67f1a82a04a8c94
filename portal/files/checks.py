"""Checks of where private files lie and of what scans them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags
from django.utils.module_loading import import_string


def private_root(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """The folder of private files lies outside of everything that is served."""
    root = Path(settings.PRIVATE_FILES_ROOT).resolve()
    found: list[CheckMessage] = []
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        served = Path(getattr(settings, name)).resolve()
        if root == served or served in root.parents or root in served.parents:
            found.append(
                Error(
                    f"PRIVATE_FILES_ROOT and {name} must not lie in one another.",
                    hint="Choose a folder of its own for private files.",
                    id="files.E001",
                )
            )
    return found


def scanner(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """A scanner that is configured can be called."""
    if not settings.FILE_SCANNER or ":" in settings.FILE_SCANNER:
        return []
    try:
        import_string(settings.FILE_SCANNER)
    except ImportError as error:
        return [Error(f"FILE_SCANNER: {error}", id="files.E002")]
    return []


def no_scanner(app_configs: Any, **keywords: Any) -> list[CheckMessage]:
    """Without a scanner, files of real people are marked as not scanned."""
    if settings.FILE_SCANNER:
        return []
    return [
        checks.Info(
            "No virus scanner is configured; private files are marked as not scanned.",
            hint="Set FILE_SCANNER, or CLAMD_ADDRESS for checks and uploads together.",
            id="files.I001",
        )
    ]


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(private_root, Tags.security)
    checks.register(scanner, Tags.security)
    checks.register(no_scanner, Tags.security, deploy=True)
