"""Make a PDF/A of an office document with LibreOffice, kept away from everything else.

Every run has a profile and a folder of its own, no network, no macros, a limit of time and
size, and takes all its processes with it when it ends or when the worker dies.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from django.conf import settings

from portal.archives.attachments.formats import Format

PROGRAMS = ("soffice", "libreoffice")
MAX_RESULT_BYTES = 500 * 1024 * 1024
FOLDER_PREFIX = "conversion-"
# Codes of the reasons why a document has no PDF/A; their words are with the model.
NO_PROGRAM = "no-program"
TIMEOUT = "timeout"
FAILED = "failed"
NOT_PDFA = "not-pdfa"
ENCRYPTED = "encrypted"

# No macros at all (the highest level, and the switch that forbids them whatever the level),
# no content from other places, no asking whether to update links or to recover documents.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
  xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
_ITEM = (
    '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>"
)
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_OPTIONS = (
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "DisableActiveContent", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Common/Save/Document", "CreateBackup", "false"),
    ("/org.openoffice.Office.Recovery/AutoSave", "Enabled", "false"),
)
# PDF/A-2b, tagged; the number is LibreOffice's own.
_PDF_OPTIONS = (
    '{"SelectPdfVersion":{"type":"long","value":"2"},"UseTaggedPDF":{"type":"boolean",'
    '"value":"true"}}'
)


class NotConverted(Exception):
    """No PDF/A came out; `reason` is one of the codes above, the text is for the archivist."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Converted:
    """A checked PDF/A and what made it."""

    path: Path
    format_name: str
    program: str


def program() -> str | None:
    """Return where LibreOffice is, None when it is not installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@functools.lru_cache(maxsize=4)
def program_version(path: str) -> str:
    """Return name and version of the program as it tells them, to be written in the ledger."""
    try:
        told = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return "LibreOffice"
    return told.stdout.strip()[:100] or "LibreOffice"


@functools.lru_cache(maxsize=1)
def _walls() -> tuple[str, ...]:
    """Return the commands in front that give a run no network and no life of its own.

    Not every machine allows them to every account: containers often forbid namespaces. The
    settings of the profile and the dead proxy then remain.
    """
    dies_with_worker = ("setpriv", "--pdeathsig", "KILL")
    apart = ("unshare", "--user", "--map-current-user", "--net", "--pid", "--fork", "--kill-child")
    walls: tuple[str, ...] = ()
    for name, *options in (dies_with_worker, apart):
        if (found := shutil.which(name)) is None:
            continue
        wall = (found, *options)
        try:
            done = subprocess.run(
                [*wall, "true"], capture_output=True, timeout=10, check=False
            ).returncode
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done == 0:
            walls += wall
    return walls


def convert(body: Iterable[bytes], found: Format, folder: Path) -> Converted:
    """Write the document into the folder and make a PDF/A of it there.

    Args:
        body: the bytes of the document.
        found: what it is; its code becomes the ending, its filter the export.
        folder: empty, of this run alone; whoever made it removes it.

    Raises:
        NotConverted: with the reason; nothing is left running.
    """
    path = program()
    if path is None:
        raise NotConverted(NO_PROGRAM)
    source = folder / f"document.{found.code}"
    with source.open("wb") as target:
        for chunk in body:
            target.write(chunk)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    items = "\n".join(_ITEM.format(path=at, name=name, value=value) for at, name, value in _OPTIONS)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE.format(items=items))
    made = folder / "made"
    made.mkdir()
    said = _run(
        [
            *_walls(),
            path,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault"),
            *("--convert-to", f"pdf:{found.filter}:{_PDF_OPTIONS}"),
            *("--outdir", str(made), str(source)),
        ],
        folder,
    )
    results = list(made.iterdir())
    if len(results) != 1:
        raise NotConverted(FAILED, said[-300:])
    return Converted(results[0], checked_pdfa(results[0]), program_version(path))


def _run(command: list[str], folder: Path) -> str:
    """Run a command in its own session; return what it printed.

    Raises:
        NotConverted: it took too long or failed.
    """
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "zh_CN.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
        # Nobody listens there: what ignores the other walls reaches nothing.
        **dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9"),
    }
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout=settings.ATTACHMENT_CONVERSION_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise NotConverted(TIMEOUT) from error
        finally:
            # The program starts helpers; none may outlive the run, however it ended.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.seek(0)
        text = said.read(20_000).decode("utf-8", "replace")
    if code != 0:
        raise NotConverted(FAILED, text[-300:] or f"exit {code}")
    return text


def checked_pdfa(path: Path) -> str:
    """Return the level of a PDF/A such as "PDF/A-2b (PDF 1.7)" when it is one that opens.

    Source: ISO 19005-2 6.6.4: the document says of itself which part it follows; 6.1.3: it
    must not be encrypted; 6.2.3: it names the intended colours.

    Raises:
        NotConverted: it is none.
    """
    if path.stat().st_size > MAX_RESULT_BYTES:
        raise NotConverted(NOT_PDFA, f"{path.stat().st_size} bytes")
    try:
        with pikepdf.open(path) as pdf, pdf.open_metadata() as metadata:
            part = str(metadata.get("pdfaid:part") or "")
            level = str(metadata.get("pdfaid:conformance") or "").lower()
            if not part or pdf.is_encrypted or len(pdf.pages) == 0:
                raise NotConverted(NOT_PDFA, "no PDF/A mark, encrypted or empty")
            if "/OutputIntents" not in pdf.Root:
                raise NotConverted(NOT_PDFA, "no output intent")
            return f"PDF/A-{part}{level} (PDF {pdf.pdf_version})"
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise NotConverted(NOT_PDFA, str(error)[:200]) from error


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """Give a folder for one run and remove it with all that is in it."""
    root = Path(settings.CONVERSION_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=root))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def sweep(older_than_seconds: float = 3600) -> int:
    """Remove folders that a killed worker left; return how many."""
    removed = 0
    for leftover in Path(settings.CONVERSION_ROOT).glob(f"{FOLDER_PREFIX}*"):
        if time.time() - leftover.stat().st_mtime >= older_than_seconds:
            shutil.rmtree(leftover, ignore_errors=True)
            removed += 1
    return removed
