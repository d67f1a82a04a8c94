"""Say what a file is by what is in it, not by what it is called.

The names are written into the record and read in thirty years, so they are neutral of
language: the format's own name and, where it has one, its version or encoding.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, BinaryIO, cast

import pikepdf

from portal.archives.attachments.containers import (
    OLE2_SIGNATURE,
    ZIP_SIGNATURES,
    ole2_names,
    zip_contents,
)

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Format:
    """A recognised format.

    Attributes:
        code: short name, the usual file ending without the dot; empty when not recognised.
        name: what is shown and stored with the record.
        media_type: as registered with IANA, or the customary one.
        filter: the LibreOffice export filter that makes a PDF of it; empty for formats that
            last by themselves or cannot be converted.
    """

    code: str
    name: str
    media_type: str = "application/octet-stream"
    filter: str = ""


UNKNOWN = Format("", "?")
_WRITER, _CALC, _IMPRESS = "writer_pdf_Export", "calc_pdf_Export", "impress_pdf_Export"
_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

DOC = Format("doc", "Word 97-2003 (DOC)", "application/msword", _WRITER)
XLS = Format("xls", "Excel 97-2003 (XLS)", "application/vnd.ms-excel", _CALC)
PPT = Format("ppt", "PowerPoint 97-2003 (PPT)", "application/vnd.ms-powerpoint", _IMPRESS)
WPS = Format("wps", "WPS Writer (WPS)", "application/vnd.ms-works", _WRITER)
ET = Format("et", "WPS Spreadsheets (ET)", "application/vnd.ms-excel", _CALC)
DPS = Format("dps", "WPS Presentation (DPS)", "application/vnd.ms-powerpoint", _IMPRESS)
ENCRYPTED = Format("encrypted", "Office, encrypted", "application/x-ole-storage")
OLE2 = Format("ole", "OLE2", "application/x-ole-storage")
RTF = Format("rtf", "RTF", "application/rtf", _WRITER)
OFD = Format("ofd", "OFD (GB/T 33190)", "application/ofd")
ZIP = Format("zip", "ZIP", "application/zip")
DOCX = Format("docx", "Word (DOCX)", f"{_OOXML}.wordprocessingml.document", _WRITER)
XLSX = Format("xlsx", "Excel (XLSX)", f"{_OOXML}.spreadsheetml.sheet", _CALC)
PPTX = Format("pptx", "PowerPoint (PPTX)", f"{_OOXML}.presentationml.presentation", _IMPRESS)
ODT = Format("odt", "OpenDocument Text (ODT)", f"{_ODF}.text", _WRITER)
ODS = Format("ods", "OpenDocument Spreadsheet (ODS)", f"{_ODF}.spreadsheet", _CALC)
ODP = Format("odp", "OpenDocument Presentation (ODP)", f"{_ODF}.presentation", _IMPRESS)
JPEG = Format("jpg", "JPEG", "image/jpeg")
TIFF = Format("tif", "TIFF", "image/tiff")

# Main parts of OOXML documents by their content types; those with macros convert as well.
_OOXML_KINDS = (
    ("wordprocessingml.document.main+xml", DOCX),
    ("wordprocessingml.template.main+xml", Format("dotx", "Word (DOTX)", "", _WRITER)),
    ("word.document.macroEnabled.main+xml", Format("docm", "Word (DOCM)", "", _WRITER)),
    ("spreadsheetml.sheet.main+xml", XLSX),
    ("spreadsheetml.template.main+xml", Format("xltx", "Excel (XLTX)", "", _CALC)),
    ("excel.sheet.macroEnabled.main+xml", Format("xlsm", "Excel (XLSM)", "", _CALC)),
    ("presentationml.presentation.main+xml", PPTX),
    ("presentationml.slideshow.main+xml", Format("ppsx", "PowerPoint (PPSX)", "", _IMPRESS)),
    (
        "powerpoint.presentation.macroEnabled.main+xml",
        Format("pptm", "PowerPoint (PPTM)", "", _IMPRESS),
    ),
)
_ODF_KINDS = {found.media_type: found for found in (ODT, ODS, ODP)}
# WPS Office writes the containers of Microsoft Office; only the name tells whose they are.
_WPS_NAMES = {("doc", ".wps"): WPS, ("xls", ".et"): ET, ("ppt", ".dps"): DPS}
_WPS_NAMES |= {("docx", ".wps"): WPS, ("xlsx", ".et"): ET, ("pptx", ".dps"): DPS}

_SIGNATURES: tuple[tuple[int, bytes, Format], ...] = (
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", Format("png", "PNG", "image/png")),
    (0, b"GIF87a", Format("gif", "GIF", "image/gif")),
    (0, b"GIF89a", Format("gif", "GIF", "image/gif")),
    (0, b"II*\x00", TIFF),
    (0, b"MM\x00*", TIFF),
    (0, b"II+\x00", TIFF),
    (0, b"MM\x00+", TIFF),
    (0, b"BM", Format("bmp", "BMP", "image/bmp")),
    (0, b"{\\rtf", RTF),
    (0, b"Rar!\x1a\x07", Format("rar", "RAR", "application/vnd.rar")),
    (0, b"7z\xbc\xaf\x27\x1c", Format("7z", "7-Zip", "application/x-7z-compressed")),
    (0, b"\x1f\x8b", Format("gz", "GZIP", "application/gzip")),
    (0, b"fLaC", Format("flac", "FLAC", "audio/flac")),
    (0, b"OggS", Format("ogg", "Ogg", "audio/ogg")),
    (0, b"ID3", Format("mp3", "MP3", "audio/mpeg")),
    (0, b"#!AMR", Format("amr", "AMR", "audio/amr")),
    (0, b"FLV\x01", Format("flv", "FLV", "video/x-flv")),
    (0, bytes.fromhex("3026b2758e66cf11"), Format("wmv", "Windows Media", "video/x-ms-wmv")),
    (0, b"\x00\x00\x01\xba", Format("mpg", "MPEG", "video/mpeg")),
)
_RIFF = {
    b"WAVE": Format("wav", "WAV", "audio/wav"),
    b"AVI ": Format("avi", "AVI", "video/x-msvideo"),
    b"WEBP": Format("webp", "WebP", "image/webp"),
}
# Brands of the ISO media container; every other brand is a film.
_BRANDS = {
    b"M4A ": Format("m4a", "MPEG-4 audio (M4A)", "audio/mp4"),
    b"M4B ": Format("m4a", "MPEG-4 audio (M4A)", "audio/mp4"),
    b"qt  ": Format("mov", "QuickTime (MOV)", "video/quicktime"),
    b"heic": Format("heic", "HEIC", "image/heic"),
    b"heix": Format("heic", "HEIC", "image/heic"),
    b"mif1": Format("heic", "HEIC", "image/heic"),
    b"avif": Format("avif", "AVIF", "image/avif"),
}
_TEXT_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MP4 = Format("mp4", "MPEG-4 (MP4)", "video/mp4")


def identify(opened: IO[bytes], name: str = "") -> Format:
    """Return what an open file is.

    Args:
        opened: at any place; it is left at any place, not closed.
        name: only to tell WPS Office from Microsoft Office, whose containers are the same.
    """
    opened.seek(0)
    head = opened.read(HEAD_BYTES)
    if not head:
        return Format("empty", "0 B", "application/x-empty")
    if head.startswith(OLE2_SIGNATURE):
        return _ours(_ole2(opened), name)
    if head.startswith(ZIP_SIGNATURES):
        return _ours(_zip(opened), name)
    # Readers accept anything before the header within the first kilobyte.
    if (place := head[:1024].find(b"%PDF-")) >= 0:
        return _pdf(opened, head[place : place + 8])
    whole = len(head) < HEAD_BYTES
    # A byte order mark of UTF-16 looks like the beginning of MPEG audio.
    marked = head.startswith(_TEXT_MARKS)
    return (None if marked else _by_signature(head)) or _text(head, whole=whole) or UNKNOWN


def _ours(found: Format, name: str) -> Format:
    return _WPS_NAMES.get((found.code, PurePath(name).suffix.lower()), found)


def _ole2(opened: IO[bytes]) -> Format:
    names = ole2_names(opened)
    for stream, found in (
        ("EncryptedPackage", ENCRYPTED),
        ("WordDocument", DOC),
        ("Workbook", XLS),
        ("Book", XLS),
        ("PowerPoint Document", PPT),
    ):
        if stream in names:
            return found
    return OLE2


def _zip(opened: IO[bytes]) -> Format:
    contents = zip_contents(opened)
    if contents is None:
        return ZIP
    names, types, media_type = contents
    if "OFD.xml" in names:
        return OFD
    for part, found in _OOXML_KINDS:
        if part in types:
            return found
    for registered, found in _ODF_KINDS.items():
        # Templates and pages for the web have the same beginning.
        if media_type.startswith(registered):
            return found
    return ZIP


def _pdf(opened: IO[bytes], header: bytes) -> Format:
    version = re.match(rb"%PDF-(\d\.\d)", header)
    name = f"PDF {version[1].decode()}" if version else "PDF"
    if level := pdfa_level(opened):
        name = f"{level} ({name})"
    return Format("pdf", name, "application/pdf")


def pdfa_level(opened: IO[bytes]) -> str:
    """Return which part and level of PDF/A a document says it follows; empty for none.

    Source: ISO 19005-2 6.6.4. A password or damage hides what it says.
    """
    try:
        opened.seek(0)
        with pikepdf.open(cast(BinaryIO, opened)) as document, document.open_metadata() as metadata:
            part = str(metadata.get("pdfaid:part") or "")[:1]
            conformance = str(metadata.get("pdfaid:conformance") or "")[:1]
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, OSError, RuntimeError, TypeError):
        # What the reader raises for damaged documents and broken metadata.
        return ""
    return f"PDF/A-{part}{conformance.lower()}" if part else ""


def _by_signature(head: bytes) -> Format | None:
    for offset, signature, found in _SIGNATURES:
        if head.startswith(signature, offset):
            return found
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], MP4)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        if b"webm" in head[:256]:
            return Format("webm", "WebM", "video/webm")
        return Format("mkv", "Matroska (MKV)", "video/x-matroska")
    # Sound without a tag begins with the synchronisation bits of MPEG audio or of AAC.
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] != 0xFF:
        if head[1] & 0xF6 == 0xF0:
            return Format("aac", "AAC", "audio/aac")
        if head[1] & 0x06 and head[2] & 0xF0 not in (0x00, 0xF0):
            return Format("mp3", "MP3", "audio/mpeg")
    return None


def _text(head: bytes, *, whole: bool) -> Format | None:
    if head.startswith(_TEXT_MARKS):
        return _text_format(head, "UTF-8" if head.startswith(codecs.BOM_UTF8) else "UTF-16")
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head):
        return None
    for codec, encoding in (("ascii", "ASCII"), ("utf-8", "UTF-8"), ("gb18030", "GBK")):
        try:
            codecs.getincrementaldecoder(codec)().decode(head, final=whole)
        except UnicodeDecodeError:
            continue
        return _text_format(head, encoding)
    return None


def _text_format(head: bytes, encoding: str) -> Format:
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Format("html", f"HTML ({encoding})", "text/html")
    if start.startswith(b"<?xml"):
        return Format("xml", f"XML ({encoding})", "application/xml")
    return Format("txt", f"TXT ({encoding})", "text/plain")
