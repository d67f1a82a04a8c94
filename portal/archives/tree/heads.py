"""Make the signed head of a day, once, and lay it down as a file."""

from __future__ import annotations

import contextlib
import datetime
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives.models import TreeHead
from portal.archives.tree import keys, nodes, notes
from portal.archives.tree.tree import Frontier


class HeadRefused(Exception):
    """No head is signed: the ledger does not fit the newest one. The message says where."""


def folder() -> Path:
    """Return the folder of the head files; it may be another medium that is mounted there."""
    return Path(settings.LEDGER_HEAD_DIR)


def file_name(date: datetime.date) -> str:
    """Return the name of the file of a day's head."""
    return f"head-{date.isoformat()}.txt"


def newest() -> TreeHead | None:
    """Return the newest head."""
    return TreeHead.objects.order_by("-date").first()


def make() -> tuple[TreeHead | None, bool]:
    """Sign today's head unless it exists; return it, and whether it was made now.

    The root is computed from all rows of the ledger, and the newest head and every signed file
    must fit them: otherwise a signature would cover up what was changed. Safe for two workers at
    once. An empty ledger has no head.

    Raises:
        HeadRefused: the ledger is shorter than it was, was changed, the newest head is not signed
            with a key that counts, or the clock runs behind it.
        OSError: the head is kept, but its file could not be written; the next call tries again.
    """
    today = timezone.localdate()
    last = newest()
    if last is not None and last.date >= today:
        transaction.on_commit(write_missing_files)
        _refuse_earlier_day(last, today)
        return last, False
    nodes.fill()
    size, root = _computed(last)
    if size == 0:
        return None, False
    note = notes.sign(
        notes.Checkpoint(settings.LEDGER_ORIGIN, size, root, today), keys.private_key()
    )
    public = keys.public_key()
    with transaction.atomic():
        nodes.take_lock()
        meanwhile = newest()
        if meanwhile is not None and meanwhile.date >= today:
            _refuse_earlier_day(meanwhile, today)
            return meanwhile, False
        if meanwhile is not None and meanwhile.size > size:
            raise _Anchor(meanwhile.date.isoformat(), meanwhile.size, meanwhile.root).shorter(size)
        head = TreeHead.objects.create(
            date=today,
            size=size,
            root=root.hex(),
            note=note,
            key_id=public.number.hex(),
            public_key=str(public),
            file_name=file_name(today),
            made_at=timezone.now(),
        )
        transaction.on_commit(write_missing_files)
    return head, True


def _refuse_earlier_day(last: TreeHead, today: datetime.date) -> None:
    if last.date > today:
        raise HeadRefused(
            _("The newest head bears the date %(newest)s, but today is %(today)s. Check the clock.")
            % {"newest": last.date.isoformat(), "today": today.isoformat()}
        )


@dataclass(frozen=True)
class _Anchor:
    """A size and root (hex) that were signed once, and where that is written."""

    name: str
    size: int
    root: str

    def shorter(self, size: int) -> HeadRefused:
        """Return the refusal for a ledger that has fewer entries."""
        return HeadRefused(
            _(
                "The head %(name)s covers %(head)s entries, but the ledger has %(size)s. Entries "
                "were lost; run archive_verify."
            )
            % {"name": self.name, "head": self.size, "size": size}
        )

    def changed(self) -> HeadRefused:
        """Return the refusal for a ledger with another root."""
        return HeadRefused(
            _("The ledger no longer fits the head %(name)s; run archive_verify.")
            % {"name": self.name}
        )


def files() -> Iterator[tuple[str, notes.Note | None]]:
    """Yield name and content of every head file in the folder; None for what is no head."""
    if not folder().is_dir():
        return
    for path in sorted(folder().glob("head-*.txt")):
        try:
            yield path.name, notes.parse(path.read_bytes().decode())
        except (OSError, ValueError):
            yield path.name, None


def _anchors(last: TreeHead | None) -> list[_Anchor]:
    """Return what the ledger must still fit: the newest head and all files that are signed."""
    trusted = keys.trusted_keys()
    anchors = []
    if last is not None:
        try:
            notes.parse(last.note).signed_by(trusted)
        except notes.NoteError as error:
            raise HeadRefused(
                _("The newest head, of %(date)s, is not signed with a key that counts.")
                % {"date": last.date.isoformat()}
            ) from error
        anchors.append(_Anchor(last.date.isoformat(), last.size, last.root))
    for name, note in files():
        # What is not signed proves nothing; the verification names it.
        with contextlib.suppress(notes.NoteError):
            if note is not None:
                note.signed_by(trusted)
                said = note.checkpoint
                anchors.append(_Anchor(name, said.size, said.root.hex()))
    return anchors


def _computed(last: TreeHead | None) -> tuple[int, bytes]:
    """Return size and root of the whole ledger, after comparing what was signed with it."""
    signed: dict[int, list[_Anchor]] = {}
    for anchor in _anchors(last):
        signed.setdefault(anchor.size, []).append(anchor)
    frontier = Frontier()
    try:
        for entry in nodes.entries(0):
            for _made in frontier.append(entry):
                pass
            for anchor in signed.get(frontier.size, ()):
                if anchor.root != frontier.root().hex():
                    raise anchor.changed()
    except nodes.BrokenTree as error:
        raise HeadRefused(
            _("The ledger is broken at %(place)s; run archive_verify.") % {"place": error}
        ) from error
    if signed and max(signed) > frontier.size:
        raise signed[max(signed)][0].shorter(frontier.size)
    return frontier.size, frontier.root()


def write_file(head: TreeHead) -> None:
    """Write a head's note into its file, whole or not at all; an existing file stays as it is.

    Raises:
        OSError: the folder cannot be written.
    """
    target = folder() / head.file_name
    if target.exists():
        return
    folder().mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix="incoming-", dir=folder())
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(head.note.encode())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o444)
        # No link, which a memory stick does not know. Two writers write the same bytes.
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_missing_files() -> int:
    """Write the files of heads that have none, such as after a full disk; return how many.

    Raises:
        OSError: the folder cannot be written.
    """
    present = {path.name for path in folder().glob("head-*.txt")}
    known = dict(TreeHead.objects.values_list("pk", "file_name"))
    missing = [key for key, name in known.items() if name not in present]
    for head in TreeHead.objects.filter(pk__in=missing).order_by("date"):
        write_file(head)
    return len(missing)


def daily() -> str:
    """Make the head of the day; return a line for the log."""
    head, made = make()
    if head is None:
        return "the ledger is empty"
    told = "signed" if made else "was there"
    return f"head of {head.date.isoformat()} {told}, {head.size} entries, root {head.root[:16]}"
