"""What kind of file some bytes are, by how they begin; what a name and a browser claim."""

from __future__ import annotations

from pathlib import PurePath

HEAD_BYTES = 64
JPEG, PNG, HEIC, PDF = "image/jpeg", "image/png", "image/heic", "application/pdf"
EXTENSIONS = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), JPEG),
    "png": PNG,
    **dict.fromkeys(("heic", "heif"), HEIC),
    "pdf": PDF,
}
ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}
DECLARED = {
    **dict.fromkeys(("image/jpeg", "image/jpg", "image/pjpeg"), JPEG),
    **dict.fromkeys(("image/png", "image/x-png"), PNG),
    **dict.fromkeys(("image/heic", "image/heif"), HEIC),
    **dict.fromkeys(("application/pdf", "application/x-pdf"), PDF),
}
#: Said by browsers that do not know; nothing is claimed.
UNKNOWN = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


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
    be any accepted picture. Between pictures and documents nothing is forgiven.
    """
    picture = media_type != PDF
    return all(claim and (claim != PDF) == picture for claim in claims(name, declared))
