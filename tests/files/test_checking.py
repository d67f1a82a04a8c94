"""What an upload really is: every bad file has a sentence, nothing of a good one's past stays."""

from __future__ import annotations

import errno
import io
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from portal.files import checking, kinds
from portal.files.checking import check
from portal.files.refusals import REASONS, FileRefused
from tests.factories.uploads import (
    heic_bytes,
    pdf_bytes,
    photo_bytes,
    recording_bytes,
    upload,
)

ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as archive:
    archive.writestr("a.html", "<script>alert(1)</script>")


def kept(body: bytes, name: str = "照片.jpg", declared: str = "") -> tuple[Any, bytes]:
    """Check an upload; return what is told of it and what is kept."""
    checked = check(upload(body, name, declared))
    content = b"".join(checked.chunks())
    checked.close()
    assert len(content) == checked.size
    return checked, content


def reason_of(body: bytes, name: str = "照片.jpg", declared: str = "") -> str:
    """Return why an upload is refused."""
    with pytest.raises(FileRefused) as caught:
        check(upload(body, name, declared))
    return caught.value.reason


def exif(orientation: int) -> Image.Exif:
    """Return EXIF data of a phone: orientation, place, camera."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "PhoneMaker"
    data.get_ifd(0x8825)[1] = "N"
    return data


# ---- Pictures


@pytest.mark.parametrize(
    ("kind", "name", "media_type", "ending"),
    [
        ("JPEG", "证件.jpg", "image/jpeg", ".jpg"),
        ("JPEG", "证件.JFIF", "image/jpeg", ".jpg"),
        ("PNG", "证件.png", "image/png", ".png"),
    ],
)
def test_a_photo_is_drawn_anew(kind: str, name: str, media_type: str, ending: str) -> None:
    checked, content = kept(photo_bytes(kind), name)
    assert (checked.media_type, checked.name) == (media_type, "证件" + ending)
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size, image.mode) == (kind, (60, 40), "RGB")


def test_a_photo_of_an_iphone_becomes_a_jpeg() -> None:
    checked, content = kept(heic_bytes(), "IMG_0001.HEIC", "image/heic")
    assert (checked.media_type, checked.name) == ("image/jpeg", "IMG_0001.jpg")
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (64, 48)


def test_without_its_decoder_heic_is_refused_with_a_way_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = checking._DECODER.read_text().replace("from pillow_heif", "from no_such_decoder")
    decoder = tmp_path / "decoder.py"
    decoder.write_text(program)
    monkeypatch.setattr(checking, "_DECODER", decoder)
    assert reason_of(heic_bytes(), "IMG.heic") == "no-heic"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_and_says_nothing_of_place_and_camera(orientation: int) -> None:
    body = photo_bytes(exif=exif(orientation), comment=b"secret", quality=95)
    assert b"PhoneMaker" in body
    _checked, content = kept(body)
    with Image.open(io.BytesIO(content)) as image:
        assert not image.getexif()
        assert not {"exif", "comment", "icc_profile", "dpi"} & set(image.info) - {"dpi"}
        assert image.size == ((60, 40) if orientation < 5 else (40, 60))
        # The left half was blue; where it went is what the orientation says.
        corners = {
            1: (5, 5), 2: (55, 5), 3: (55, 5), 4: (5, 5),
            5: (5, 5), 6: (5, 5), 7: (5, 55), 8: (5, 55),
        }  # fmt: skip
        red, _green, blue = image.getpixel(corners[orientation])  # type: ignore[misc]
        assert blue > red
    for secret in (b"PhoneMaker", b"secret", b"Exif"):
        assert secret not in content


def test_what_is_behind_a_picture_is_gone() -> None:
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png")):
        body = photo_bytes(kind) + b"<?php system($_GET[0]);" + ZIP.getvalue()
        _checked, content = kept(body, name)
        assert b"php" not in content
        assert not zipfile.is_zipfile(io.BytesIO(content))


def test_text_in_a_png_is_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Comment", "secret place")
    _checked, content = kept(photo_bytes("PNG", pnginfo=told), "a.png")
    assert b"secret place" not in content


def test_transparent_parts_become_white() -> None:
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    target = io.BytesIO()
    image.save(target, "PNG")
    _checked, content = kept(target.getvalue(), "签名.png")
    with Image.open(io.BytesIO(content)) as shown:
        assert shown.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16", "LA"])
def test_every_form_of_colour_is_read(mode: str) -> None:
    kind, name = ("JPEG", "a.jpg") if mode == "CMYK" else ("PNG", "a.png")
    _checked, content = kept(photo_bytes(kind, (5000, 20), mode=mode), name)
    with Image.open(io.BytesIO(content)) as image:
        assert image.mode == "RGB"
        assert max(image.size) == checking.PICTURE_EDGE


def test_only_the_first_picture_of_several_is_kept() -> None:
    second = Image.new("RGB", (60, 40), "white")
    body = photo_bytes("PNG", save_all=True, append_images=[second])
    _checked, content = kept(body, "a.png")
    with Image.open(io.BytesIO(content)) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_a_large_photo_is_made_smaller() -> None:
    _checked, content = kept(photo_bytes(size=(6000, 4000)))
    with Image.open(io.BytesIO(content)) as image:
        assert max(image.size) <= checking.PICTURE_EDGE
        assert min(image.size) > 1500


# ---- Bombs


def test_a_picture_of_too_many_pixels_is_not_unpacked() -> None:
    body = bytearray(photo_bytes("PNG"))
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + body[24:29]
    body[12:33] = header + zlib.crc32(header).to_bytes(4, "big")
    assert reason_of(bytes(body), "a.png") == "pixels"


def test_the_limit_of_pixels_is_a_setting(settings: Settings) -> None:
    settings.FILE_LARGEST_PIXELS = 60 * 40
    kept(photo_bytes())
    settings.FILE_LARGEST_PIXELS = 60 * 40 - 1
    assert reason_of(photo_bytes()) == "pixels"


@pytest.mark.parametrize(
    ("limit", "value"), [("DECODER_MEMORY", 120_000_000), ("DECODER_PATIENCE", 0.001)]
)
def test_a_decoder_that_takes_too_much_is_ended(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: Any
) -> None:
    monkeypatch.setattr(checking, limit, value)
    assert reason_of(photo_bytes("PNG", (6500, 6500)), "a.png") == "pixels"
    monkeypatch.setattr(checking, limit, type(value)(value / 10))
    assert reason_of(pdf_bytes(), "a.pdf") == "objects"


def test_a_decoder_sees_neither_keys_nor_addresses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    decoder = tmp_path / "decoder.py"
    decoder.write_text(
        "import json, os, sys\n"
        "sys.stdout.write(json.dumps(dict(os.environ)))\n"
        "sys.stderr.write(json.dumps({'outcome': 'rewritten', 'media_type': 'image/png'}))\n"
    )
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", "secret")
    monkeypatch.setattr(checking, "_DECODER", decoder)
    _checked, content = kept(photo_bytes())
    assert b"secret" not in content
    assert b"DATABASE_URL" not in content


# ---- PDF


def test_a_pdf_is_kept_byte_by_byte() -> None:
    body = pdf_bytes()
    checked, content = kept(body, "发票.pdf", "application/pdf")
    assert content == body
    assert (checked.media_type, checked.name) == ("application/pdf", "发票.pdf")
    assert checked.sha256 == checked.received_sha256


def _action(**entries: Any) -> Any:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(**entries)

    return change


def _names(key: str) -> Any:
    def change(document: pikepdf.Pdf) -> None:
        script = document.make_indirect(
            pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        )
        document.Root.Names = pikepdf.Dictionary(
            {key: pikepdf.Dictionary(Names=pikepdf.Array(["x", script]))}
        )

    return change


def _attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ"


def _annotation(**entries: Any) -> Any:
    def change(document: pikepdf.Pdf) -> None:
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Rect=pikepdf.Array([0, 0, 9, 9]), **entries
        )
        document.pages[0].Annots = pikepdf.Array([link])

    return change


def _form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_stream(b"<xdp/>"))


def _nested(document: pikepdf.Pdf) -> None:
    inner = pikepdf.Array()
    for _depth in range(400):
        inner = pikepdf.Array([inner])
    document.Root.Deep = inner


NAME = pikepdf.Name
BAD_PDFS: dict[str, tuple[str, Any]] = {
    "script on opening": ("script", _action(S=NAME.JavaScript, JS="app.alert(1)")),
    "script by name": ("script", _names("/JavaScript")),
    "script on a link": (
        "script",
        _annotation(Subtype=NAME.Link, A=pikepdf.Dictionary(S=NAME.JavaScript, JS="x")),
    ),
    "script of a page": (
        "script",
        _annotation(
            Subtype=NAME.Widget,
            AA=pikepdf.Dictionary(E=pikepdf.Dictionary(S=NAME.JavaScript, JS="x")),
        ),
    ),
    "a form of programs": ("script", _form),
    "launch": ("launch", _action(S=NAME.Launch, F="cmd.exe")),
    "launch by the next action": (
        "launch",
        _action(S=NAME.GoTo, D="x", Next=pikepdf.Dictionary(S=NAME.Launch, F="cmd.exe")),
    ),
    "sending a form": ("launch", _action(S=NAME.SubmitForm, F="http://x.test")),
    "attachment": ("embedded", _attachment),
    "attachment on a page": ("embedded", _annotation(Subtype=NAME.FileAttachment)),
    "film": ("embedded", _annotation(Subtype=NAME.RichMedia)),
    "too deep": ("objects", _nested),
}


@pytest.mark.parametrize("name", BAD_PDFS)
@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_that_does_something_is_refused(name: str, packed: bool) -> None:
    reason, change = BAD_PDFS[name]
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    assert reason_of(pdf_bytes(change, object_stream_mode=mode), "a.pdf") == reason


@pytest.mark.parametrize("user", ["", "secret"])
def test_a_locked_pdf_is_refused(user: str) -> None:
    locked = pdf_bytes(encryption=pikepdf.Encryption(owner="x", user=user))
    assert reason_of(locked, "a.pdf") == "encrypted"


def test_a_pdf_with_plain_links_and_an_opening_page_is_fine() -> None:
    def change(document: pikepdf.Pdf) -> None:
        uri = pikepdf.Dictionary(S=NAME.URI, URI="https://example.test/")
        _annotation(Subtype=NAME.Link, A=uri)(document)
        _action(S=NAME.GoTo, D=pikepdf.Array([document.pages[0].obj, NAME.Fit]))(document)

    kept(pdf_bytes(change), "a.pdf")


def test_a_pdf_that_is_something_else_as_well_is_refused() -> None:
    plain = pdf_bytes()
    for behind in (b"<script>x</script>", ZIP.getvalue(), ZIP.getvalue()[:-2] + b"\x05\0%%EOF"):
        assert reason_of(plain + behind, "a.pdf") == "appended"
    assert reason_of(b"GIF89a" + plain, "a.pdf") == "kind"
    assert reason_of(b"\n" + plain, "a.pdf") == "kind"
    kept(plain + b"\r\n\0\0", "a.pdf")


def test_a_cut_off_pdf_is_refused() -> None:
    plain = pdf_bytes()
    for length in (10, len(plain) // 2, len(plain) - 10):
        assert reason_of(plain[:length], "a.pdf") == "damaged"


def test_too_many_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PDF_OBJECTS", 2)
    assert reason_of(pdf_bytes(), "a.pdf") == "objects"


def test_a_stream_packed_again_and_again_is_refused() -> None:
    def change(document: pikepdf.Pdf) -> None:
        body = zlib.compress(zlib.compress(zlib.compress(bytes(1_000_000))))
        stream = document.make_stream(body)
        document.Root.Bomb = stream
        stream.stream_dict.Filter = pikepdf.Array([NAME.FlateDecode] * 3)

    body = pdf_bytes(change, stream_decode_level=pikepdf.StreamDecodeLevel.none,
                     compress_streams=False)  # fmt: skip
    assert reason_of(body, "a.pdf") == "objects"


# ---- Name, type and content


@pytest.mark.parametrize(
    ("body", "name", "declared", "reason"),
    [
        (b"", "a.jpg", "", "empty"),
        (b"MZ" + bytes(100), "a.jpg", "image/jpeg", "kind"),
        (b"<html><script>", "a.pdf", "application/pdf", "kind"),
        (b"PK\x03\x04" + bytes(100), "a.docx", "", "kind"),
        (b"GIF89a" + bytes(100), "a.gif", "image/gif", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml", "kind"),
        (photo_bytes(), "a.pdf", "", "mismatch"),
        (photo_bytes(), "a.jpg", "application/pdf", "mismatch"),
        (photo_bytes(), "a.exe", "image/jpeg", "mismatch"),
        (photo_bytes(), "a.jpg", "text/html", "mismatch"),
        (photo_bytes(), "photo", "", "mismatch"),
        (pdf_bytes(), "a.png", "application/pdf", "mismatch"),
        (photo_bytes()[:200], "a.jpg", "", "damaged"),
        (b"\xff\xd8\xff" + bytes(500), "a.jpg", "", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "a.png", "", "damaged"),
        (bytes(4) + b"ftypheic" + bytes(500), "a.heic", "", "damaged"),
        (b"%PDF-1.7\n" + bytes(500), "a.pdf", "", "damaged"),
    ],
)
def test_what_is_not_what_it_seems_is_refused(
    body: bytes, name: str, declared: str, reason: str
) -> None:
    assert reason_of(body, name, declared) == reason


def test_a_messenger_may_call_a_png_jpg() -> None:
    checked, _content = kept(photo_bytes("PNG"), "微信图片.jpg", "image/jpeg")
    assert checked.name == "微信图片.png"


@given(st.binary(max_size=80))
def test_random_bytes_are_never_taken_for_two_kinds(head: bytes) -> None:
    kind = kinds.sniffed(head)
    assert kind in ("", kinds.JPEG, kinds.PNG, kinds.HEIC, kinds.PDF, *kinds.AUDIO)
    if kind and kind not in kinds.AUDIO:
        assert kinds.sniffed(head[1:]) in ("", kind, kinds.HEIC)


# ---- Sound recordings


@pytest.mark.parametrize(
    ("kind", "name", "media_type"),
    [
        ("wav", "会议录音.wav", kinds.WAV),
        ("mp3", "会议录音.MP3", kinds.MP3),
        ("m4a", "新录音 3.m4a", kinds.M4A),
    ],
)
def test_a_recording_is_kept_as_it_came_and_only_where_it_is_asked_for(
    kind: str, name: str, media_type: str
) -> None:
    body = recording_bytes(kind)
    assert reason_of(body, name, media_type) == "kind"
    checked = check(upload(body, name, media_type), audio=True)
    assert (checked.media_type, checked.name) == (media_type, name)
    assert b"".join(checked.chunks()) == body
    checked.close()


@pytest.mark.parametrize(
    ("body", "name", "reason"),
    [
        (recording_bytes("m4a", video=True), "会议.m4a", "video"),
        (recording_bytes("m4a")[:40], "会议.m4a", "damaged"),
        (recording_bytes("wav")[:30], "会议.wav", "damaged"),
        (recording_bytes("mp3")[:100], "会议.mp3", "damaged"),
        (recording_bytes("wav"), "会议.mp3", "mismatch"),
        (recording_bytes("wav"), "照片.jpg", "mismatch"),
        (photo_bytes(), "会议.mp3", "mismatch"),
        (b"MZ" + bytes(200), "会议.mp3", "kind-audio"),
    ],
)
def test_what_is_no_recording_is_refused_with_its_reason(
    body: bytes, name: str, reason: str
) -> None:
    with pytest.raises(FileRefused) as caught:
        check(upload(body, name), audio=True)
    assert caught.value.reason == reason
    assert name in str(caught.value.messages[0])


# ---- Size


class Liar:
    """An upload that declares another size than it has."""

    content_type, name, size = "image/jpeg", "a.jpg", 10

    def __init__(self, pieces: int) -> None:
        self.pieces, self.read = pieces, 0

    def chunks(self, size: int) -> Any:
        for _number in range(self.pieces):
            self.read += 1
            yield b"\xff\xd8\xff" + bytes(size - 3)


def test_bytes_are_counted_whatever_was_declared(settings: Settings) -> None:
    settings.FILE_LARGEST_BYTES = 1024 * 1024
    liar = Liar(1000)
    with pytest.raises(FileRefused) as caught:
        check(liar)  # type: ignore[arg-type]
    assert caught.value.reason == "too-large"
    assert liar.read == 5  # four fit; the fifth was one too many, and nothing more was read
    assert "1.0 MB" in caught.value.messages[0]


def test_a_full_disk_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: Any, **keywords: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(checking.tempfile, "TemporaryFile", full)
    assert reason_of(photo_bytes()) == "full"


# ---- Scanner


def _clean(file: Any) -> str:
    assert file.read(3) == b"\xff\xd8\xff"
    return "clean"


def _infected(file: Any) -> str:
    return "infected"


def _silent(file: Any) -> str:
    raise ConnectionRefusedError


def _talking(file: Any) -> str:
    return "probably fine"


def test_without_a_scanner_files_say_so() -> None:
    assert kept(photo_bytes())[0].scan == "not-scanned"


@pytest.mark.parametrize(
    ("scanner", "outcome"),
    [
        (f"{__name__}._clean", "clean"),
        (f"{__name__}._infected", "infected"),
        (f"{__name__}._silent", "scanner"),
        (f"{__name__}._talking", "scanner"),
        ("no.such.scanner", "scanner"),
        ("unix:/nowhere/clamd.ctl", "scanner"),
        ("127.0.0.1:1", "scanner"),
    ],
)
def test_a_scanner_that_is_configured_decides(
    settings: Settings, scanner: str, outcome: str
) -> None:
    settings.FILE_SCANNER = scanner
    if outcome == "clean":
        assert kept(photo_bytes())[0].scan == "clean"
    else:
        assert reason_of(photo_bytes()) == outcome


def test_clamd_finds_what_is_in_the_original(settings: Settings, tmp_path: Path) -> None:
    from tests.archives.mutations.bench import EICAR, Scanner

    answering = Scanner(tmp_path / "clamd.ctl")
    answering.start()
    settings.FILE_SCANNER = answering.address
    assert kept(photo_bytes())[0].scan == "clean"
    # Drawing anew would remove it; who hands in such a file shall know.
    assert reason_of(photo_bytes() + EICAR) == "infected"
    answering.server.close()


# ---- Words


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_refusal_is_a_chinese_sentence_with_a_remedy(reason: str) -> None:
    from django.utils.translation import override

    with override("zh-hans"):
        words = FileRefused(reason, "证件.jpg", 3).messages[0]
    assert words.endswith("。")
    assert "请" in words
    assert "%(" not in words


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\0.jpg", "ab.jpg"),
        ("", "file"),
        ("长" * 300 + ".jpg", "长" * 100 + "…" + "长" * 15 + ".jpg"),
    ],
)
def test_names_are_shown_harmless(given_name: str, shown: str) -> None:
    assert checking.shown_name(given_name) == shown
