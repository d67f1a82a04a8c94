"""Damages that the checks of authenticity must find."""

from __future__ import annotations

from typing import Any

from portal.archives.models import (
    CodeTemplate,
    EntryPayload,
    FileRole,
    IssuedCode,
    PoolItem,
    Record,
    RecordFile,
)
from tests.archives.mutations.bench import Bench, Mutation, flipped, swapped
from tests.factories.files import picture_bytes

PDF, TEXT = FileRole.DOCUMENT_COPY, FileRole.DOCUMENT
RECORD = "文件实体"


def _reversed(payload: dict[str, Any]) -> None:
    moments = [event["at"] for event in payload["process"]]
    for event, moment in zip(payload["process"], reversed(moments), strict=True):
        event["at"] = moment


def _same_item(bench: Bench) -> None:
    record = Record.objects.get(pk=bench.record.pk)
    bench.another(
        title=record.title,
        kind=record.kind,
        unit=record.unit,
        business_date=record.business_date,
        year=record.year,
    )


def _same_reference(bench: Bench) -> None:
    record = Record.objects.get(pk=bench.record.pk)
    bench.column(reference="沁岚党发〔2026〕7号")
    bench.another(reference="沁岚党发〔2026〕7号", kind=record.kind, unit=record.unit)


def _duplicate_path(root: Any) -> None:
    rows = root.findall("文件")
    rows[1].set("路径", rows[0].get("路径"))


def _code(bench: Bench, old: str, new: str) -> None:
    code = Record.objects.get(pk=bench.record.pk).archive_code or ""
    assert old in code, code
    changed = code.replace(old, new, 1)
    bench.column(archive_code=changed)
    IssuedCode.objects.filter(record=bench.record).update(code=changed)


def _other_period(bench: Bench) -> None:
    period = Record.objects.get(pk=bench.record.pk).period
    bench.column(period="D10" if period != "D10" else "D30")


MUTATIONS = [
    Mutation("one bit of the stored text", "1-1", lambda b: b.raw(PDF, flipped)),
    Mutation("one bit of the snapshot", "1-1", lambda b: b.raw("snapshot", flipped)),
    Mutation("one bit of the metadata", "1-1", lambda b: b.raw("metadata", flipped)),
    Mutation("one bit of the catalogue", "1-1", lambda b: b.raw("catalogue", flipped)),
    Mutation("one bit of the registration form", "1-1", lambda b: b.raw("registration", flipped)),
    Mutation("one bit of an attachment", "1-1", lambda b: b.raw(TEXT, flipped)),
    Mutation("two files exchanged", "1-1", swapped("picture", "document")),
    Mutation("a stored file gone", "1-1", lambda b: b.raw(PDF, lambda body: None)),
    Mutation("a stored file cut short", "1-1", lambda b: b.raw(PDF, lambda body: body[:-9])),
    Mutation("another digest in the row", "1-1", lambda b: b.file_column(TEXT, sm3="0" * 64)),
    Mutation("another title in the row", "1-1", lambda b: b.column(title="另一个题名")),
    Mutation(
        "another payload in the ledger",
        "1-1",
        lambda b: b.payload("capture", lambda payload: payload.update(title="另一个题名")),
    ),
    Mutation(
        "a payload erased from the ledger",
        "1-1",
        lambda b: EntryPayload.objects.filter(sequence=b.entry("rendition").sequence).delete(),
    ),
    Mutation(
        "a title of 300 letters", "1-2", lambda b: b.element(f"{RECORD}/内容描述/题名", "长" * 300)
    ),
    Mutation(
        "a summary of 501 letters",
        "1-2",
        lambda b: b.element(f"{RECORD}/内容描述/摘要", "长" * 501),
    ),
    Mutation(
        "a date in words", "1-3", lambda b: b.element(f"{RECORD}/内容描述/日期", "2026年11月")
    ),
    Mutation(
        "a size with its unit",
        "1-3",
        lambda b: b.element(f"{RECORD}/电子属性/计算机文件大小", "12KB"),
    ),
    Mutation("a moment in words", "1-3", lambda b: b.element("业务实体/行为时间", "昨天上午")),
    Mutation("a secret", "1-4", lambda b: b.element(f"{RECORD}/内容描述/密级", "机密")),
    Mutation("a period of 15 years", "1-4", lambda b: b.element(f"{RECORD}/档号/保管期限", "15年")),
    Mutation("another level", "1-4", lambda b: b.element("机构人员实体/机构人员类型", "部队")),
    Mutation("the year of another date", "1-5", lambda b: b.element(f"{RECORD}/档号/年度", "2001")),
    Mutation("no pages", "1-5", lambda b: b.element(f"{RECORD}/形式特征/页数", "0")),
    Mutation("a date to come", "1-5", lambda b: b.element(f"{RECORD}/内容描述/日期", "20991231")),
    Mutation("another year in the row", "1-5", lambda b: b.column(year=2001)),
    Mutation("published before it was drafted", "1-5", lambda b: b.payload("capture", _reversed)),
    Mutation(
        "a zero width space",
        "1-6",
        lambda b: b.element(f"{RECORD}/内容描述/题名", "主题\u200b党日"),
    ),
    Mutation(
        "a lost character", "1-6", lambda b: b.element(f"{RECORD}/内容描述/题名", "主题\ufffd党日")
    ),
    Mutation(
        "a character of one's own",
        "1-6",
        lambda b: b.element(f"{RECORD}/内容描述/责任者", "\ue001队"),
    ),
    Mutation("a control character in the row", "1-6", lambda b: b.column(title="主题\x08党日")),
    Mutation("a decomposed character", "1-6", lambda b: b.column(title="Cafe\u0301")),
    Mutation("an unknown class", "1-7", lambda b: b.column(class_code="XX99")),
    Mutation("a period that is none", "1-7", lambda b: b.column(period="D15")),
    Mutation(
        "no class proposed",
        "1-7",
        lambda b: PoolItem.objects.filter(record=b.record).update(archive_class=None),
    ),
    Mutation("the code of another fonds", "1-7", lambda b: _code(b, "Q", "Z"), True),
    Mutation("the code of another year", "1-7", lambda b: _code(b, "2026", "2025"), True),
    Mutation("a number with fewer digits", "1-7", lambda b: _code(b, "-000", "-"), True),
    Mutation("another period in the code", "1-7", _other_period, True),
    Mutation(
        "a template that is not frozen",
        "1-7",
        lambda b: CodeTemplate.objects.update(frozen_at=None),
        True,
    ),
    Mutation(
        "a code that nobody issued",
        "1-7",
        lambda b: IssuedCode.objects.filter(record=b.record).delete(),
        True,
    ),
    Mutation("the same item again", "1-8", _same_item),
    Mutation("the same document number", "1-8", _same_reference),
    Mutation("another size in the row", "1-10", lambda b: b.file_column(TEXT, size=7)),
    Mutation("a picture called a text", "1-10", lambda b: b.put(TEXT, picture_bytes())),
    Mutation("another format in the row", "1-10", lambda b: b.file_column(TEXT, media_type="a/b")),
    Mutation(
        "another size in the metadata",
        "1-10",
        lambda b: b.element(f"{RECORD}/电子属性/计算机文件大小", "1"),
    ),
    Mutation(
        "a described file that is not there", "1-11", lambda b: b.raw(TEXT, lambda body: None)
    ),
    Mutation("a file that nothing describes", "1-11", lambda b: b.extra_file()),
    Mutation("a file left out of the metadata", "1-11", lambda b: b.without(f"{RECORD}/电子属性")),
    Mutation("a catalogue row without its format", "1-12", lambda b: b.row(1, "格式", None)),
    Mutation(
        "a catalogue row with a word as digest", "1-12", lambda b: b.row(0, "SHA-256", "x" * 64)
    ),
    Mutation("an empty description", "1-12", lambda b: b.put("description", b"")),
    Mutation(
        "a description in another encoding",
        "1-12",
        lambda b: b.put("description", b.body("description").decode().encode("gb18030")),
    ),
    Mutation(
        "no snapshot",
        "1-13",
        lambda b: RecordFile.objects.filter(record=b.record, role="snapshot").delete(),
    ),
    Mutation(
        "no description",
        "1-13",
        lambda b: RecordFile.objects.filter(record=b.record, role="description").delete(),
    ),
    Mutation("a path out of the package", "1-13", lambda b: b.row(0, "路径", "../正文.pdf")),
    Mutation("a path twice", "1-13", lambda b: b.xml("catalogue", _duplicate_path)),
    Mutation("another package digest", "1-14", lambda b: b.field("信息包摘要", "0" * 64)),
    Mutation("another attachment", "1-14", lambda b: b.put(TEXT, "另一份签到表\n".encode())),
    Mutation("another catalogue", "1-14", lambda b: b.row(0, "名称", "别的.pdf")),
]
