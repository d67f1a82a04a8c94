"""Formats are told by what is in a file, not by what it is called."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.archives.attachments.formats import UNKNOWN, Format, identify
from portal.archives.pdf import pdf_from_html
from tests.factories import office_files


def found(body: bytes, name: str = "") -> Format:
    """What a file of these bytes is."""
    return identify(io.BytesIO(body), name)


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("a.ofd", office_files.ofd(), "OFD (GB/T 33190)"),
        ("a.zip", office_files.ofd(), "OFD (GB/T 33190)"),
        ("a.docx", office_files.docx(), "Word (DOCX)"),
        ("a.docx", office_files.ooxml_stub("docm"), "Word (DOCM)"),
        ("a.xlsx", office_files.sheet([["签到"]]), "Excel (XLSX)"),
        ("a.pptx", office_files.ooxml_stub("pptx"), "PowerPoint (PPTX)"),
        ("a.wps", office_files.docx(), "WPS Writer (WPS)"),
        ("a.wps", office_files.ole2("WordDocument", "1Table"), "WPS Writer (WPS)"),
        ("a.et", office_files.ole2("Workbook"), "WPS Spreadsheets (ET)"),
        ("a.dps", office_files.ole2("PowerPoint Document"), "WPS Presentation (DPS)"),
        ("a.doc", office_files.ole2("1Table", "A", "B", "WordDocument"), "Word 97-2003 (DOC)"),
        ("a.xls", office_files.ole2("Book"), "Excel 97-2003 (XLS)"),
        ("a.docx", office_files.ole2("EncryptionInfo", "EncryptedPackage"), "Office, encrypted"),
        ("a.msg", office_files.ole2("__properties_version1.0"), "OLE2"),
        ("a.odt", office_files.odt(), "OpenDocument Text (ODT)"),
        ("a.odt", office_files.odt("application/vnd.oasis.opendocument.text-web"),
         "OpenDocument Text (ODT)"),
        ("a.zip", office_files.zipped({"甲.txt": "乙"}), "ZIP"),
        ("a.zip", b"PK\x03\x04 and nothing more", "ZIP"),
        ("a.rtf", b"{\\rtf1\\ansi}", "RTF"),
        ("a.jpg", office_files.picture("JPEG"), "JPEG"),
        ("a.jpg", office_files.picture("PNG"), "PNG"),
        ("a.tif", office_files.picture("TIFF"), "TIFF"),
        ("a.bmp", office_files.picture("BMP"), "BMP"),
        ("a.webp", office_files.picture("WEBP"), "WebP"),
        ("a.wav", office_files.sound(), "WAV"),
        ("a.mp3", b"ID3\x04" + bytes(40), "MP3"),
        ("a.mp3", b"\xff\xfb\x90\x64" + bytes(400), "MP3"),
        ("a.mp4", bytes(3) + b"\x20ftypisom" + bytes(40), "MPEG-4 (MP4)"),
        ("a.m4a", bytes(3) + b"\x20ftypM4A " + bytes(40), "MPEG-4 audio (M4A)"),
        ("a.txt", "党费收缴情况\r\n".encode("gb18030") * 20, "TXT (GBK)"),
        ("a.txt", "党费收缴情况\n".encode(), "TXT (UTF-8)"),
        ("a.txt", "党费".encode("utf-8-sig"), "TXT (UTF-8)"),
        ("a.csv", b"a,b\n1,2\n", "TXT (ASCII)"),
        ("a.txt", "党费".encode("utf-16"), "TXT (UTF-16)"),
        ("a.html", b"<!DOCTYPE html><title>x</title>", "HTML (ASCII)"),
        ("a.xml", '<?xml version="1.0"?><文件/>'.encode(), "XML (UTF-8)"),
        ("a.bin", b"\x00\x01\x02\x03" * 20, "?"),
        ("a.bin", b"\x81\x30\xff\xff\xfe\xfe" * 9, "?"),
        ("a.txt", b"", "0 B"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_say(name, body, expected):
    assert found(body, name).name == expected


def test_a_pdf_tells_its_version_and_whether_it_is_made_to_last():
    assert found(office_files.pdf()).name.startswith("PDF 1.")
    lasting = pdf_from_html("<html lang='zh-Hans'><title>甲</title><p>乙</p></html>")
    assert found(lasting).name.startswith("PDF/A-3a (PDF 1.")
    assert found(b"\n\n" + office_files.pdf()).code == "pdf", "readers skip what stands before"


def test_text_cut_in_the_middle_of_a_character_is_still_text():
    long = "党" * 40_000
    assert found(long.encode()).name == "TXT (UTF-8)"
    assert found(("a" + long).encode("gb18030")).name == "TXT (GBK)"


def test_an_office_document_says_how_it_is_converted():
    assert found(office_files.docx()).filter == "writer_pdf_Export"
    assert found(office_files.ole2("Workbook")).filter == "calc_pdf_Export"
    assert found(office_files.ooxml_stub("pptx")).filter == "impress_pdf_Export"
    for lasting in (office_files.ofd(), office_files.pdf(), office_files.picture()):
        assert found(lasting).filter == ""


def test_a_broken_container_is_named_and_raises_nothing():
    whole = office_files.ole2("WordDocument")
    loop = bytearray(whole)
    loop[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # the directory follows itself
    for body in (whole[:100], whole[:600], bytes(loop), office_files.docx()[:-30]):
        assert found(body).name in ("OLE2", "ZIP", "Word 97-2003 (DOC)")


STARTS = [
    *(b"", b"PK\x03\x04", b"%PDF-", b"RIFF", b"\xff\xfb", b"{\\rtf", b"\x00\x00\x00\x20ftyp"),
    bytes.fromhex("d0cf11e0a1b11ae1"),
]


@settings(max_examples=300)
@given(st.sampled_from(STARTS), st.binary(max_size=1200))
def test_no_bytes_at_all_break_the_recognition(start, rest):
    result = found(start + rest, "a.doc")
    assert result == UNKNOWN or result.name
