"""Damages that the checks of usability and safety must find."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from django.conf import settings

from portal.archives.models import FileRole
from tests.archives.mutations.bench import EICAR, Bench, Mutation, zip_bytes
from tests.archives.mutations.completeness import without_approval

PDF, TEXT = FileRole.DOCUMENT_COPY, FileRole.DOCUMENT
RECORD = "文件实体"


def _no_marks(document: Any) -> None:
    del document.Root.Metadata
    del document.Root.OutputIntents


def _script(document: Any) -> None:
    document.Root.OpenAction = document.make_indirect(
        pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    )


def _font_taken_out(document: Any) -> None:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                if name in item:
                    del item[name]


def _other_producer(document: Any) -> None:
    document.docinfo["/Producer"] = "Word 97"


def _broken_stream(bench: Bench) -> None:
    body = bench.body(PDF)
    with pikepdf.open(io.BytesIO(body)) as document:
        compressed = document.pages[0].Contents.read_raw_bytes()
    place = body.index(compressed) + 20
    bench.put(PDF, body[:place] + bytes(100) + body[place + 100 :])


def _broken_table(bench: Bench) -> None:
    body = bench.body(PDF)
    place = body.rindex(b"startxref") + len(b"startxref\n")
    bench.put(PDF, body[:place] + b"17\n%%EOF\n")


def _approved_by_its_writer(payload: dict[str, Any]) -> None:
    events = {event["action"]: event for event in payload["process"]}
    events["approve"].update(account=events["draft"]["account"], person=events["draft"]["person"])


def _no_moment(payload: dict[str, Any]) -> None:
    payload["process"][0]["at"] = None


def _silent_scanner(bench: Bench) -> None:
    settings.CLAMD_ADDRESS = "unix:/nowhere/clamd.ctl"


def _strong(document: Any) -> None:
    """Leave the document as it is; the saving encrypts it."""


USABILITY = [
    Mutation("metadata cut short", "3-1", lambda b: b.put("metadata", b.body("metadata")[:-20])),
    Mutation("another root", "3-1", lambda b: b.put("catalogue", b"<nothing/>")),
    Mutation(
        "metadata in another encoding",
        "3-1",
        lambda b: b.put("metadata", b.body("metadata").decode().encode("gb18030")),
    ),
    Mutation("another title in the database", "3-2", lambda b: b.column(title="另一个题名")),
    Mutation(
        "another number in the metadata", "3-2", lambda b: b.element(f"{RECORD}/电子文件号", "0")
    ),
    Mutation("another number in the database", "3-2", lambda b: b.column(reference="无字1号")),
    Mutation("another class in the database", "3-2", lambda b: b.column(class_code="XX99")),
    Mutation("another code in the database", "3-2", lambda b: b.column(archive_code="Q-1"), True),
    Mutation("a program", "3-3", lambda b: b.put(TEXT, b"MZ" + bytes(200))),
    Mutation("bytes of no format", "3-3", lambda b: b.put(TEXT, bytes(range(256)) * 4)),
    Mutation("a text that is no PDF", "3-3", lambda b: b.put(PDF, "正文".encode())),
    Mutation("a damaged stream", "3-4", _broken_stream),
    Mutation("a damaged table of objects", "3-4", _broken_table),
    Mutation("half a picture", "3-4", lambda b: b.put("picture", b.body("picture")[:60])),
    Mutation("a text that is no PDF/A", "3-5", lambda b: b.pdf(_no_marks)),
    Mutation("a script", "3-5", lambda b: b.pdf(_script)),
    Mutation("a font that is not inside", "3-5", lambda b: b.pdf(_font_taken_out)),
    Mutation("an attachment that does not last", "3-5", lambda b: b.put(TEXT, zip_bytes())),
    Mutation("no system", "3-6", lambda b: b.element(f"{RECORD}/信息系统描述", "")),
    Mutation("no program", "3-6", lambda b: b.element(f"{RECORD}/电子属性/文档创建程序", "")),
    Mutation(
        "another program", "3-7", lambda b: b.element(f"{RECORD}/电子属性/文档创建程序", "Word 97")
    ),
    Mutation("made by another program", "3-7", lambda b: b.pdf(_other_producer)),
    Mutation(
        "an encrypted text",
        "3-8",
        lambda b: b.pdf(_strong, encryption=pikepdf.Encryption(owner="甲", user="")),
    ),
    Mutation("an encrypted zip file", "3-8", lambda b: b.put(TEXT, zip_bytes(encrypted=True))),
    Mutation(
        "a private compression", "3-8", lambda b: b.put(TEXT, b"Rar!\x1a\x07\x00" + bytes(90))
    ),
]
SAFETY = [
    Mutation("a scanner that does not answer", "4-1", _silent_scanner),
    Mutation("a virus in an attachment", "4-2", lambda b: b.put(TEXT, EICAR)),
    Mutation("a file outside the catalogue", "4-3", lambda b: b.extra_file()),
    Mutation("a catalogue that forgets a file", "4-3", lambda b: b.without("文件", "catalogue")),
    Mutation(
        "approved by its writer", "4-7", lambda b: b.payload("capture", _approved_by_its_writer)
    ),
    Mutation("approved by nobody", "4-7", lambda b: b.payload("capture", without_approval)),
    Mutation("drafted at no time", "4-7", lambda b: b.payload("capture", _no_moment)),
]
MUTATIONS = [*USABILITY, *SAFETY]
