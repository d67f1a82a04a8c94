"""Tools that damage an intact record, and the run that expects each damage to be found."""

from __future__ import annotations

import contextlib
import io
import json
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from django.db import transaction

from portal.archives import file_access, ledger
from portal.archives.access import stream
from portal.archives.inspection import metadata, services
from portal.archives.models import (
    EntryPayload,
    LedgerEntry,
    Outcome,
    Record,
    RecordFile,
)

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Bench:
    """An intact record with its files and rows; whatever is damaged is put back afterwards."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._kept: dict[Path, bytes | None] = {}

    @contextlib.contextmanager
    def damaged(self, mutation: Mutation) -> Iterator[None]:
        """Apply a mutation; take it back at the end, rows and bytes."""
        with transaction.atomic():
            try:
                mutation.apply(self)
                yield
            finally:
                transaction.set_rollback(True)
                self._put_back()

    def _put_back(self) -> None:
        for path, body in self._kept.items():
            self._write(path, body)
        self._kept.clear()

    def _write(self, path: Path, body: bytes | None) -> None:
        path.unlink(missing_ok=True)
        if body is not None:
            path.write_bytes(body)

    def _overwrite(self, path: Path, body: bytes | None) -> None:
        self._kept.setdefault(path, path.read_bytes() if path.exists() else None)
        self._write(path, body)

    # ---- Files

    def file(self, role: str) -> RecordFile:
        """The first file of a role."""
        found = RecordFile.objects.filter(record=self.record, role=role).order_by("position")
        return found[0]

    def body(self, role: str) -> bytes:
        """The plain bytes of a file."""
        return file_access.read(self.file(role))

    def raw(self, role: str, change: Callable[[bytes], bytes | None]) -> None:
        """Change the stored bytes as they lie on the disk; None removes the file."""
        path = file_access.path_of(self.file(role))
        self._overwrite(path, change(path.read_bytes()))

    def put(self, role: str, body: bytes) -> None:
        """Let a file have other bytes, as if its row and its name stood for them."""
        file = self.file(role)
        key = file_access.vault_for(file).key
        stored = body if key is None else b"".join(stream.seal([body], key, file.record_id))
        self._overwrite(file_access.path_of(file), stored)

    def xml(self, role: str, change: Callable[[Any], Any]) -> None:
        """Change a document of the package as a tree."""
        root = metadata.parse(self.body(role))
        change(root)
        self.put(role, metadata.write(root))

    def element(self, path: str, text: str) -> None:
        """Write another text into an element of the metadata."""

        def change(root: Any) -> None:
            found = root.find(path)
            assert found is not None, path
            found.text = text

        self.xml("metadata", change)

    def without(self, path: str, role: str = "metadata") -> None:
        """Take an element out of a document."""

        def change(root: Any) -> None:
            found = root.find(path)
            assert found is not None, path
            found.getparent().remove(found)

        self.xml(role, change)

    def field(self, name: str, text: str) -> None:
        """Write another text into the registration form."""
        self.xml("registration", lambda root: setattr(root.find(name), "text", text))

    def row(self, number: int, name: str, value: str | None) -> None:
        """Change an attribute of a row of the catalogue, from 0; None removes it."""

        def change(root: Any) -> None:
            found = root.findall("文件")[number]
            if value is None:
                del found.attrib[name]
            else:
                found.set(name, value)

        self.xml("catalogue", change)

    def pdf(self, change: Callable[[Any], Any], role: str = "pdf", **options: Any) -> None:
        """Change a PDF by its structure."""
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(self.body(role))) as document:
            change(document)
            document.save(target, **options)
        self.put(role, target.getvalue())

    # ---- Rows

    def column(self, **values: Any) -> None:
        """Change columns of the record."""
        Record.objects.filter(pk=self.record.pk).update(**values)

    def file_column(self, role: str, **values: Any) -> None:
        """Change columns of a file's row."""
        RecordFile.objects.filter(pk=self.file(role).pk).update(**values)

    def entry(self, kind: str) -> LedgerEntry:
        """The newest ledger entry of a kind."""
        return LedgerEntry.objects.filter(record_id=self.record.pk, kind=kind).latest("sequence")

    def payload(self, kind: str, change: Callable[[Any], Any]) -> None:
        """Change what lies behind a ledger entry."""
        sequence = self.entry(kind).sequence
        opened = ledger.payloads_of([sequence])[sequence]
        body = json.loads(opened.body)
        change(body)
        EntryPayload.objects.filter(sequence=sequence).update(
            salt=opened.salt, body=json.dumps(body, ensure_ascii=False)
        )

    def another(self, **values: Any) -> Record:
        """Write another record beside this one."""
        from tests.factories.archives import bare_record

        return bare_record(**values)

    def extra_file(self, body: bytes = b"nobody asked for this") -> RecordFile:
        """Add a file to the record that nothing describes."""
        record = Record.objects.get(pk=self.record.pk)
        stored = file_access.keep(record, [body])
        file = RecordFile.objects.create(
            record=record,
            role="document",
            position=500,
            name="多余.txt",
            media_type="text/plain",
            size=stored.size,
            sha256=stored.sha256,
            sm3=stored.sm3,
            source_object_id=999_999,
            stored_at=record.captured_at,
            sealed=self.file("pdf").sealed,
        )
        self._kept[file_access.path_of(file)] = None
        return file


@dataclass(frozen=True)
class Mutation:
    """One damage, and the code that must not pass because of it.

    Attributes:
        code: declared before the run.
        numbered: whether it needs a record that was accepted and has its archive code.
    """

    name: str
    code: str
    apply: Callable[[Bench], Any]
    numbered: bool = False


@dataclass
class Outcomes:
    """What a run found of each mutation."""

    missed: list[str] = field(default_factory=list)
    found: int = 0


def run(bench: Bench, mutations: list[Mutation]) -> Outcomes:
    """Apply each mutation by itself; it is missed unless its code is 不通过."""
    outcomes = Outcomes()
    for mutation in mutations:
        with bench.damaged(mutation):
            finding = services.run_checks(bench.record, codes=[mutation.code])[mutation.code]
        if finding.outcome == Outcome.FAILED and "检测中断" not in finding.evidence:
            outcomes.found += 1
        else:
            outcomes.missed.append(f"{mutation.code} {mutation.name}: {finding}")
    return outcomes


def unnoticed(bench: Bench) -> list[str]:
    """Return which checks do not pass on the intact record; the bench is blunt otherwise."""
    return [
        f"{code}: {finding.evidence}"
        for code, finding in services.run_checks(bench.record).items()
        if finding.outcome == Outcome.FAILED
    ]


# ---- Bytes of other kinds


def zip_bytes(name: str = "word/document.xml", encrypted: bool = False) -> bytes:
    """Return a zip file; encrypted ones only say so, which is what a check reads."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, "内容")
    body = bytearray(target.getvalue())
    if encrypted:
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = body.index(signature) + offset
            (flags,) = struct.unpack_from("<H", body, place)
            struct.pack_into("<H", body, place, flags | 1)
    return bytes(body)


def flipped(body: bytes) -> bytes:
    """Return bytes with one bit in their middle turned over."""
    changed = bytearray(body)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


class Scanner(threading.Thread):
    """A virus scanner that knows one virus, on a socket of its own."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        import socket

        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.server.bind(str(path))
        self.server.listen(8)
        self.address = f"unix:{path}"

    def run(self) -> None:
        """Answer until the socket is closed."""
        while True:
            try:
                opened, _address = self.server.accept()
            except OSError:
                return
            with opened, opened.makefile("rwb") as stream_:
                self.answer(stream_)

    def answer(self, opened: Any) -> None:
        """Answer one question."""
        question = b""
        while not question.endswith(b"\0"):
            question += opened.read(1)
        if question == b"zVERSION\0":
            opened.write(b"ClamAV 1.4.6/27900\0")
            return
        body = b""
        while size := struct.unpack("!I", opened.read(4))[0]:
            body += opened.read(size)
        opened.write(b"stream: Eicar-Test FOUND\0" if EICAR in body else b"stream: OK\0")

    def close(self) -> None:
        """Stop answering."""
        import socket

        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


def swapped(first: str, second: str) -> Callable[[Bench], None]:
    """Return a mutation that exchanges the stored bytes of two files."""

    def apply(bench: Bench) -> None:
        one, other = bench.body(first), bench.body(second)
        bench.put(first, other)
        bench.put(second, one)

    return apply
