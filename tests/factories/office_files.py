"""Files as office programs, scanners and cameras write them, as small as they can be."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
from PIL import Image

SECTOR = 512
MAIN_PARTS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
MACRO_PARTS = ("Basic/script-lc.xml", "Basic/Standard/script-lb.xml", "Basic/Standard/M.xml")
TEXT_MAIN = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def ole2(*names: str) -> bytes:
    """Return an OLE2 file whose directory holds streams of these names, all empty."""
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + bytes(62)
        for name in ("Root Entry", *names)
    )
    directory = entries.ljust(-(-len(entries) // SECTOR) * SECTOR, b"\0")
    count = len(directory) // SECTOR
    chain = [0xFFFFFFFD, *range(2, count + 1), 0xFFFFFFFE]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<I", 0)
        + b"\xff" * (108 * 4)
    )
    return header + fat + directory


def zipped(members: dict[str, bytes | str]) -> bytes:
    """Return a zip of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            # OpenDocument wants its media type readable at a fixed place.
            way = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, body, compress_type=way)
    return target.getvalue()


def ooxml_stub(kind: str) -> bytes:
    """Return what tells an OOXML document of a kind from others, without its content."""
    return zipped(
        {
            "[Content_Types].xml": "<Types><Override PartName='/main.xml' "
            f"ContentType='{MAIN_PARTS[kind]}'/></Types>"
        }
    )


def docx(text: str = "党员大会签到表") -> bytes:
    """Return a Word document that opens."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return zipped(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/"
            "content-types'><Default Extension='rels' ContentType='application/vnd."
            "openxmlformats-package.relationships+xml'/><Override PartName='/word/document.xml' "
            f"ContentType='{MAIN_PARTS['docx']}'/></Types>",
            "_rels/.rels": f"<Relationships xmlns='{relations}'><Relationship Id='r1' "
            f"Type='{office}' Target='word/document.xml'/></Relationships>",
            "word/document.xml": f"<w:document xmlns:w='{words}'><w:body><w:p><w:r><w:t>{text}"
            "</w:t></w:r></w:p></w:body></w:document>",
        }
    )


def odt(mimetype: str = "application/vnd.oasis.opendocument.text") -> bytes:
    """Return an OpenDocument file as far as its kind can be told."""
    return zipped({"mimetype": mimetype, "content.xml": f"<x xmlns='{TEXT_MAIN}'/>"})


def with_macro(document: bytes, touched: Path, address: str) -> bytes:
    """Add to an OpenDocument text a macro that runs on opening, and a picture elsewhere.

    Args:
        document: as an office program wrote it.
        touched: the file that the macro would write.
        address: the picture.
    """
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        members: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    basic = f"Sub Main\nOpen &quot;{touched}&quot; For Output As #1\nPrint #1, 1\nEnd Sub"
    library = "http://openoffice.org/2000/library"
    event = (
        "<office:scripts><office:event-listeners><script:event-listener script:language="
        "'ooo:script' script:event-name='dom:load' xlink:type='simple' xlink:href="
        "'vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document'/>"
        "</office:event-listeners></office:scripts>"
    )
    picture = (
        "<draw:frame svg:width='2cm' svg:height='2cm' text:anchor-type='as-char'><draw:image "
        f"xlink:href='{address}' xlink:type='simple'/></draw:frame></text:p>"
    )
    content = members["content.xml"]
    assert isinstance(content, bytes)
    text = content.decode().replace("<office:scripts/>", event, 1)
    members["content.xml"] = text.replace("</text:p>", picture, 1)
    manifest = members["META-INF/manifest.xml"]
    assert isinstance(manifest, bytes)
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in MACRO_PARTS
    )
    members["META-INF/manifest.xml"] = manifest.decode().replace(
        "</manifest:manifest>", f"{listed}</manifest:manifest>"
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    bodies = (
        f'<library:libraries xmlns:library="{library}"><library:library '
        'library:name="Standard" library:link="false"/></library:libraries>',
        f'<library:library xmlns:library="{library}" library:name="Standard" '
        'library:readonly="false" library:passwordprotected="false"><library:element '
        'library:name="M"/></library:library>',
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="M" '
        f'script:language="StarBasic">{basic}</script:module>',
    )
    members |= {name: head + body for name, body in zip(MACRO_PARTS, bodies, strict=True)}
    return zipped(members)


def ofd() -> bytes:
    """Return an OFD as far as its kind can be told (GB/T 33190)."""
    return zipped({"OFD.xml": "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'/>"})


def sheet(rows: list[list[Any]], name: str = "Sheet1") -> bytes:
    """Return an Excel workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = name
    for row in rows:
        page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def pdf(pages: int = 1, password: str = "") -> bytes:
    """Return a PDF of empty pages."""
    made = pikepdf.new()
    for _number in range(pages):
        made.add_blank_page(page_size=(595, 842))
    target = io.BytesIO()
    if password:
        made.save(target, encryption=pikepdf.Encryption(owner=password, user=password))
    else:
        made.save(target)
    return target.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), color: int = 90) -> bytes:
    """Return a picture in a format of Pillow."""
    target = io.BytesIO()
    Image.new("RGB", size, (color % 255, 40, 30)).save(target, kind)
    return target.getvalue()


def sound(seconds: float = 1.0) -> bytes:
    """Return silence as WAV."""
    target = io.BytesIO()
    with wave.open(target, "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(8000)
        opened.writeframes(bytes(int(16000 * seconds)))
    return target.getvalue()
