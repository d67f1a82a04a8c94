"""What kind of file some bytes are, by how they begin; what a name and a browser claim."""

from __future__ import annotations

from pathlib import PurePath

HEAD_BYTES = 64
JPEG, PNG, HEIC, PDF = "image/jpeg", "image/png", "image/heic", "application/pdf"
MP3, M4A, WAV = "audio/mpeg", "audio/mp4", "audio/wav"
#: What recorders and phones write; taken only where a recording is asked for.
AUDIO = frozenset({MP3, M4A, WAV})
EXTENSIONS = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), JPEG),
    "png": PNG,
    **dict.fromkeys(("heic", "heif"), HEIC),
    "pdf": PDF,
    "mp3": MP3,
    "m4a": M4A,
    "wav": WAV,
}
ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}
DECLARED = {
    **dict.fromkeys(("image/jpeg", "image/jpg", "image/pjpeg"), JPEG),
    **dict.fromkeys(("image/png", "image/x-png"), PNG),
    **dict.fromkeys(("image/heic", "image/heif"), HEIC),
    **dict.fromkeys(("application/pdf", "application/x-pdf"), PDF),
    **dict.fromkeys(("audio/mpeg", "audio/mp3", "audio/x-mp3"), MP3),
    **dict.fromkeys(("audio/mp4", "audio/m4a", "audio/x-m4a"), M4A),
    **dict.fromkeys(("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"), WAV),
}
#: Said by browsers that do not know; nothing is claimed.
UNKNOWN = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# A tag, or the eleven set bits that begin a frame of MPEG layer III.
_MP3_BEGINNINGS = (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2")
_M4A_BRANDS = frozenset({b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"3gp4", b"3gp5"})


def sniffed(head: bytes) -> str:
    """Return the media type that the first bytes tell; empty for anything not accepted."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"%PDF-"):
        return PDF
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    if head[4:8] == b"ftyp" and head[8:12] in _M4A_BRANDS:
        return M4A
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return WAV
    # A tag, or the eleven set bits that begin a frame of MPEG layer III.
    if head.startswith(b"ID3") or (
        head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xfa", b"\xf3", b"\xf2")
    ):
        return MP3
    return ""


def claims(name: str, declared: str) -> set[str]:
    """Return what the ending of a name and the browser claim a file to be.

    An ending or a type that is not accepted is returned as an empty string.
    """
    declared = declared.partition(";")[0].strip().lower()
    found = {EXTENSIONS.get(PurePath(name).suffix.removeprefix(".").lower(), "")}
    if declared not in UNKNOWN:
        found.add(DECLARED.get(declared, ""))
    return found


def agree(media_type: str, name: str, declared: str) -> bool:
    """Whether name and declared type fit the content.

    Messengers name a PNG photo .jpg; since every picture is drawn anew, a picture may claim to
    be any accepted picture. Otherwise nothing is forgiven.
    """
    return all(claim and _family(claim) == _family(media_type) for claim in claims(name, declared))


def _family(media_type: str) -> str:
    return "picture" if media_type.startswith("image/") else media_type
