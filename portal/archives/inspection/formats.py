"""What a file is by its bytes, and whether it will open in thirty years."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from PIL import Image, UnidentifiedImageError

QPDF_SECONDS = 120


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        media_types: how the format may be declared.
        accepted: whether records may contain it (GB/T 18894-2016, 9.2; GB/T 33190).
        lasting: whether it is kept as it is; others need a copy in a lasting format.
    """

    code: str
    name: str
    media_types: tuple[str, ...]
    accepted: bool = True
    lasting: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OLD_OFFICE = (
    *("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
    *("application/vnd.ms-works", "application/kswps", "application/kset", "application/ksdps"),
    # Names that the portal's guesses give to WPS files.
    *("application/wps-office.wps", "application/octet-stream"),
)
PDF = Format("pdf", "PDF", ("application/pdf",), lasting=True)
OFD = Format("ofd", "OFD", ("application/ofd", "application/octet-stream"), lasting=True)
HTML = Format("html", "HTML", ("text/html", "application/xhtml+xml"), lasting=True)
XML = Format("xml", "XML", ("application/xml", "text/xml"), lasting=True)
TEXT = Format("txt", "纯文本", ("text/plain", "text/csv", "text/markdown"), lasting=True)
JPEG = Format("jpeg", "JPEG", ("image/jpeg",), lasting=True)
PNG = Format("png", "PNG", ("image/png",), lasting=True)
TIFF = Format("tiff", "TIFF", ("image/tiff",), lasting=True)
GIF = Format("gif", "GIF", ("image/gif",))
WEBP = Format("webp", "WebP", ("image/webp",))
WAV = Format("wav", "WAV", ("audio/wav", "audio/x-wav", "audio/vnd.wave"), lasting=True)
MP3 = Format("mp3", "MP3", ("audio/mpeg", "audio/mp3"), lasting=True)
MP4 = Format(
    "mp4",
    "MP4",
    ("video/mp4", "audio/mp4", "audio/x-m4a", "audio/mp4a-latm", "video/quicktime"),
    lasting=True,
)
DOCX = Format("docx", "DOCX", (f"{_OFFICE}wordprocessingml.document",))
XLSX = Format("xlsx", "XLSX", (f"{_OFFICE}spreadsheetml.sheet",))
PPTX = Format("pptx", "PPTX", (f"{_OFFICE}presentationml.presentation",))
OLE = Format("ole", "DOC/XLS/PPT/WPS", _OLD_OFFICE)
ZIP = Format("zip", "ZIP", ("application/zip", "application/x-zip-compressed"))
RAR = Format("rar", "RAR", ("application/vnd.rar", "application/x-rar-compressed"), accepted=False)
SEVEN_ZIP = Format("7z", "7-Zip", ("application/x-7z-compressed",), accepted=False)
GZIP = Format("gzip", "GZIP", ("application/gzip",), accepted=False)
PROGRAM = Format("exe", "可执行程序", ("application/x-msdownload",), accepted=False)

# Formats in which the compression or the cipher of one maker hides the content.
PRIVATE_COMPRESSION = frozenset({RAR.code, SEVEN_ZIP.code})
PICTURES = frozenset({JPEG.code, PNG.code, TIFF.code, GIF.code, WEBP.code})
ZIPPED = frozenset({ZIP.code, DOCX.code, XLSX.code, PPTX.code, OFD.code})
TEXTS = frozenset({TEXT.code, HTML.code, XML.code})

PNG_END = b"IEND\xaeB`\x82"
_SIGNATURES: tuple[tuple[int, bytes, Format], ...] = (
    (0, b"%PDF-", PDF),
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"II*\x00", TIFF),
    (0, b"MM\x00*", TIFF),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (8, b"WEBP", WEBP),
    (8, b"WAVE", WAV),
    (4, b"ftyp", MP4),
    (0, b"ID3", MP3),
    (0, b"\xff\xfb", MP3),
    (0, b"\xff\xf3", MP3),
    (0, b"\xff\xf2", MP3),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"Rar!\x1a\x07", RAR),
    (0, b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (0, b"\x1f\x8b", GZIP),
    (0, b"MZ", PROGRAM),
    (0, b"\x7fELF", PROGRAM),
)
_ZIP_PARTS: tuple[tuple[str, Format], ...] = (
    ("OFD.xml", OFD),
    ("word/", DOCX),
    ("xl/", XLSX),
    ("ppt/", PPTX),
)


# Characters below the space that no text has: all but tab, line feed, form feed and return.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def identify(head: bytes, body: bytes | None = None) -> Format | None:
    """Return the format that the bytes show; None when they fit none that is known."""
    for offset, signature, found in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return found
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(body if body is not None else head)
    return _text(head if body is None else body)


def _zipped(body: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return ZIP
    for part, found in _ZIP_PARTS:
        if any(name.startswith(part) for name in names):
            return found
    return ZIP


def decoded(body: bytes) -> str | None:
    """Return a text in UTF-8 or, as older Chinese files are, in GB 18030; None when neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _text(body: bytes) -> Format | None:
    text = decoded(body)
    if text is None or _CONTROL.search(text):
        return None
    start = text[:2000].lstrip().lower()
    if start.startswith("<?xml"):
        return HTML if "<html" in start else XML
    if start.startswith(("<!doctype html", "<html")):
        return HTML
    return TEXT


def declared_fits(found: Format, media_type: str) -> bool:
    """Whether a declared media type is one of those the format goes by.

    Texts pass for each other: an HTML fragment saved as .txt is still a text.
    """
    if found.code in TEXTS and media_type in TEXT.media_types:
        return True
    return media_type in found.media_types


def open_problem(found: Format, body: bytes) -> str | None:
    """Open a file the way a reader's program does; return what is wrong, None when nothing."""
    try:
        if found.code == PDF.code:
            with pikepdf.open(io.BytesIO(body)) as document:
                return None if len(document.pages) else "没有页面"
        if found.code in PICTURES:
            with Image.open(io.BytesIO(body)) as picture:
                picture.load()
            # The library forgives a missing end.
            if found.code == PNG.code and PNG_END not in body:
                return "不完整，没有结尾"
        elif found.code in ZIPPED:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                encrypted = [item for item in archive.infolist() if item.flag_bits & 1]
                broken = None if encrypted else archive.testzip()
                if broken:
                    return f"压缩包内 {broken} 损坏"
        elif found.code in TEXTS:
            return None if body.strip() else "内容为空"
    except pikepdf.PasswordError:
        return "已加密，打不开"
    except (pikepdf.PdfError, UnidentifiedImageError, OSError, SyntaxError) as error:
        return f"打不开：{type(error).__name__}"
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        return f"打不开：{type(error).__name__}"
    return None


def structure_problem(body: bytes) -> str | None:
    """Check the structure of a PDF with qpdf where it is installed, else with its library.

    Returns what is wrong, None when nothing is. A file that a reader repairs silently is
    still wrong here.
    """
    if shutil.which("qpdf") is None:
        return _library_problem(body)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(body)
        file.flush()
        try:
            done = subprocess.run(
                ["qpdf", "--check", file.name],
                capture_output=True,
                timeout=QPDF_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"qpdf {QPDF_SECONDS} 秒内没有检查完"
    if done.returncode == 0:
        return None
    words = done.stderr.decode(errors="replace").replace(file.name, "").strip(" :\n")
    return f"qpdf --check 返回 {done.returncode}：{words.splitlines()[0][:120] if words else ''}"


def _library_problem(body: bytes) -> str | None:
    try:
        with pikepdf.open(io.BytesIO(body)) as document:
            problems = document.check_pdf_syntax()
    except pikepdf.PdfError as error:
        return f"打不开：{type(error).__name__}"
    return str(problems[0])[:120] if problems else None


def archival_problems(body: bytes) -> Iterator[str]:
    """Yield what keeps a PDF from being PDF/A: a light check, no proof of conformance."""
    try:
        with pikepdf.open(io.BytesIO(body)) as document:
            yield from _archival_problems(document)
    except pikepdf.PdfError as error:
        yield f"打不开：{type(error).__name__}"


def _archival_problems(document: Any) -> Iterator[str]:
    if document.is_encrypted:
        yield "已加密"
    with document.open_metadata() as described:
        if not described.get("pdfaid:part"):
            yield "XMP 没有 pdfaid 标识"
    if "/OutputIntents" not in document.Root:
        yield "没有 OutputIntent"
    if "/ID" not in document.trailer:
        yield "没有文件标识 ID"
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary):
            continue
        if item.get("/Type") == "/Font" and not _embedded(item):
            yield f"字体 {item.get('/BaseFont')} 没有嵌入"
        if item.get("/S") in ("/JavaScript", "/Launch") or "/JS" in item:
            yield "含有脚本或启动动作"


def _embedded(font: Any) -> bool:
    if font.get("/Subtype") == "/Type3":
        return True
    names = ("/FontFile", "/FontFile2", "/FontFile3")
    for descendant in font.get("/DescendantFonts", [font]):
        descriptor = descendant.get("/FontDescriptor")
        if descriptor is None or not any(name in descriptor for name in names):
            return False
    return True


def producer(body: bytes) -> str:
    """Return which program says it made a PDF; empty when none says so."""
    try:
        with pikepdf.open(io.BytesIO(body)) as document:
            return str(document.docinfo.get("/Producer", ""))
    except pikepdf.PdfError:
        return ""


def hidden_problem(found: Format, body: bytes) -> str | None:
    """Return what hides the content: encryption, a private compression; None when nothing."""
    if found.code in PRIVATE_COMPRESSION:
        return f"{found.name} 专有压缩"
    if found.code == PDF.code:
        try:
            with pikepdf.open(io.BytesIO(body)) as document:
                return "PDF 已加密" if document.is_encrypted else None
        except pikepdf.PasswordError:
            return "PDF 已加密"
        except pikepdf.PdfError:
            return None
    if found.code in ZIPPED:
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                for item in archive.infolist():
                    if item.flag_bits & 1:
                        return f"{item.filename} 已加密"
                    if item.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                        return f"{item.filename} 的压缩方法不通用"
        except zipfile.BadZipFile:
            return None
    return None
