"""Who may read a file: every application says it for the things it owns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.files.models import FileState, StoredFile


@dataclass(frozen=True)
class OwnerKind:
    """One kind of thing that files belong to.

    Attributes:
        kind: as in `StoredFile.owner_kind`.
        may_read: whether an account may read the files of the owner with this id.
        on_read: called before a file is handed out, to write down who opened what.
    """

    kind: str
    may_read: Callable[[Any, str], bool]
    on_read: Callable[[Any, StoredFile], None] | None = None


_kinds: dict[str, OwnerKind] = {}


def register_owner(
    kind: str,
    may_read: Callable[[Any, str], bool],
    on_read: Callable[[Any, StoredFile], None] | None = None,
) -> None:
    """Add a kind once, when its application is ready."""
    _kinds[kind] = OwnerKind(kind, may_read, on_read)


def note_reading(user: Any, file: StoredFile) -> None:
    """Let the owner of a file write down who opens it."""
    kind = _kinds.get(file.owner_kind)
    if kind is not None and kind.on_read is not None and file.state != FileState.TEMPORARY:
        kind.on_read(user, file)


def may_read_file(user: Any, file: StoredFile) -> bool:
    """Whether an account may read a file; what is temporary is its uploader's alone."""
    if not user.is_authenticated:
        return False
    if file.state == FileState.TEMPORARY:
        return file.uploaded_by_id is not None and file.uploaded_by_id == user.pk
    kind = _kinds.get(file.owner_kind)
    return kind is not None and kind.may_read(user, file.owner_id)
