"""One digest for everything a page of a PDF shows, whatever numbers its objects have.

The text of a package is pages, not a file inside it, so its pages are named with their digests:
if the signature fails, the digests say which page is another than the sealed one.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pikepdf

#: What leads away from the page, or changes with a lawful signature.
NOT_SHOWN = frozenset({"/Parent", "/Annots", "/StructParents", "/Tabs", "/P", "/StructParent"})
#: How a stream is written, not what it says.
_OF_THE_FORM = frozenset({"/Length", "/Filter", "/DecodeParms"})


def page_digest(page: Any) -> str:
    """Return the SHA-256 over the page with all that it draws: text, fonts, pictures.

    Raises:
        pikepdf.PdfError: something it draws cannot be read.
    """
    digest = hashlib.sha256()
    _take_in(page.obj, digest, {})
    return digest.hexdigest()


def _take_in(value: Any, digest: Any, seen: dict[tuple[int, int], int]) -> None:
    """Add a value to the digest; what was met before by its place in the order of meeting."""
    if isinstance(value, pikepdf.Object) and value.is_indirect:
        key = value.objgen
        if key in seen:
            digest.update(f"r{seen[key]};".encode())
            return
        seen[key] = len(seen)
    if isinstance(value, pikepdf.Stream):
        digest.update(b"s")
        _take_in_keys(value, digest, seen, _OF_THE_FORM)
        body = _body(value)
        digest.update(f"{len(body)}:".encode() + body)
    elif isinstance(value, pikepdf.Dictionary):
        digest.update(b"d")
        _take_in_keys(value, digest, seen, frozenset())
    elif isinstance(value, pikepdf.Array):
        digest.update(f"a{len(value)}:".encode())
        for one in value:
            _take_in(one, digest, seen)
    elif isinstance(value, pikepdf.Object):
        digest.update(b"v" + value.unparse() + b";")
    else:
        digest.update(f"v{value};".encode())


def _take_in_keys(
    value: Any, digest: Any, seen: dict[tuple[int, int], int], besides: frozenset[str]
) -> None:
    for name in sorted(value.keys()):
        if name in NOT_SHOWN or name in besides:
            continue
        digest.update(f"k{name}=".encode())
        _take_in(value[name], digest, seen)
    digest.update(b"e")


def _body(stream: Any) -> bytes:
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        # Pictures in formats of their own are not unpacked.
        return bytes(stream.read_raw_bytes())
