"""Authenticity (真实性): the digests and the values, GD-1-1 to GD-1-8."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.archives import ledger
from portal.archives.inspection import metadata
from portal.archives.inspection.context import Inspected
from portal.archives.inspection.outcomes import (
    Finding,
    failed,
    judged,
    not_applicable,
    not_run,
)
from portal.archives.models import (
    ArchiveClass,
    Record,
    RecordState,
    RetentionPeriod,
)

NO_METADATA = "元数据.xml 缺失或无法解析"
EARLIEST_YEAR = 1921


def fixity_information(inspected: Inspected) -> Finding:
    """GD-1-1: digests of all files, rows and ledger entries against the ledger's commitments."""
    problems = [f"{fault.place.split(':')[0]}：{fault.problem}" for fault in _faults(inspected)]
    return judged(
        problems,
        f"{len(inspected.files)} 个文件的 SHA-256、SM3 与台账一致，"
        f"{len(inspected.events.entries)} 条台账未改动；无电子签名和时间戳",
    )


def _faults(inspected: Inspected) -> Iterator[ledger.Fault]:
    # The proof of the archive asks the pool, which asks for inspections.
    from portal.archives.verification import digest_faults, record_faults

    yield from record_faults(inspected.record)
    for file in inspected.files:
        found = inspected.stored(file)
        if found is None:
            yield ledger.Fault(f"文件 {file.name}", "库中没有")
            continue
        for fault in digest_faults(file, found.digests):
            yield ledger.Fault(f"文件 {file.name}", fault.problem)
    payloads = ledger.payloads_of(entry.sequence for entry in inspected.events.entries)
    for entry in inspected.events.entries:
        place = f"台账 {entry.sequence}"
        computed = ledger.entry_hash(
            entry.sequence, entry.kind, entry.record_id, entry.commitment, entry.previous_hash
        )
        if computed != entry.entry_hash:
            yield ledger.Fault(place, "散列值不符")
        payload = payloads.get(entry.sequence)
        if payload is None:
            yield ledger.Fault(place, "内容缺失")
            continue
        if payload.refusal is not None:
            yield ledger.Fault(place, payload.refusal.problem)
            continue
        try:
            kept = ledger.commit_to(payload.salt, payload.body) == entry.commitment
        except ValueError:
            kept = False
        if not kept:
            yield ledger.Fault(place, "内容与承诺值不符")


def lengths(inspected: Inspected) -> Finding:
    """GD-1-2: no value is longer than its element allows."""
    if inspected.metadata is None:
        return failed([NO_METADATA])
    found = list(metadata.each_value(inspected.metadata))
    return judged(
        (
            f"{element.name} {len(text)} 字，应不超过 {element.longest}"
            for element, text in found
            if len(text) > element.longest
        ),
        f"{len(found)} 个值的长度都在规定之内",
    )


def formats(inspected: Inspected) -> Finding:
    """GD-1-3: every value has the type and form of its element."""
    if inspected.metadata is None:
        return failed([NO_METADATA])
    found = [
        (element, text)
        for element, text in metadata.each_value(inspected.metadata)
        if element.pattern and text
    ]
    return judged(
        (
            f"{element.name}“{text[:30]}”格式不符"
            for element, text in found
            if re.fullmatch(element.pattern or "", text) is None
        ),
        f"{len(found)} 个值的类型和格式相符",
    )


def domains(inspected: Inspected) -> Finding:
    """GD-1-4: values of closed lists are in their list; no secrecy above 内部."""
    if inspected.metadata is None:
        return failed([NO_METADATA])
    found = [
        (element, text)
        for element, text in metadata.each_value(inspected.metadata)
        if element.domain and text
    ]
    return judged(
        (
            f"{element.name}“{text[:30]}”不在值域（{'、'.join(element.domain)}）内"
            for element, text in found
            if text not in element.domain
        ),
        f"{len(found)} 个值在值域内",
    )


def reasonableness(inspected: Inspected) -> Finding:
    """GD-1-5: dates, years, pages and sizes that can be true, and say the same everywhere."""
    if inspected.metadata is None:
        return failed([NO_METADATA])
    return judged(
        _unreasonable(inspected),
        f"日期 {inspected.value('内容描述', '日期')}、年度 {inspected.value('档号', '年度')}、"
        f"页数 {inspected.value('形式特征', '页数')} 合理",
    )


def _unreasonable(inspected: Inspected) -> Iterator[str]:
    date, year = inspected.value("内容描述", "日期"), inspected.value("档号", "年度")
    last = max(inspected.now, inspected.record.captured_at)
    if year != date[:4]:
        yield f"年度 {year} 与日期 {date} 不符"
    if inspected.record.year != inspected.record.business_date.year or str(
        inspected.record.year
    ) != (year):
        yield f"年度登记为 {inspected.record.year}，元数据为 {year}"
    if year.isdigit() and int(year) < EARLIEST_YEAR:
        yield f"年度 {year} 早于 {EARLIEST_YEAR}"
    if date > timezone.localdate(last).strftime("%Y%m%d"):
        yield f"日期 {date} 在将来"
    pages = inspected.value("形式特征", "页数")
    if not pages.isdigit() or int(pages) < 1:
        yield f"页数为 {pages or '空'}，应不小于 1"
    for path, values in inspected.attributes.items():
        if values.get("计算机文件大小") in ("", "0", None):
            yield f"{path} 的大小为 0"
    moments = [parse_datetime(str(event.get("at") or "")) for event in inspected.process]
    known = [moment for moment in moments if moment is not None]
    if not _in_order(known):
        yield "业务行为的时间前后颠倒"
    if known and known[-1] > inspected.now:
        yield "业务行为的时间在将来"


def _in_order(moments: list[datetime.datetime]) -> bool:
    """Whether moments follow one another; of what happened at midnight only the day is known.

    Steps of a sender without a name carry the day alone, by the start of the day in Shanghai.
    """
    local = [timezone.localtime(moment) for moment in moments]
    days = [moment.date() for moment in local]
    exact = [moment for moment in local if moment.time() != datetime.time.min]
    return days == sorted(days) and exact == sorted(exact)


def special_characters(inspected: Inspected) -> Finding:
    """GD-1-6: no characters that cannot be read, searched or exchanged; text is in NFC."""
    if inspected.metadata is None:
        return failed([NO_METADATA])
    texts = [(element.name, text) for element, text in metadata.each_value(inspected.metadata)]
    record = inspected.record
    texts += [("登记的题名", record.title), ("登记的文号", record.reference)]
    return judged(
        (f"{name}含 {words}" for name, text in texts if (words := _special(text))),
        f"{len(texts)} 个值没有特殊字符",
    )


def _special(text: str) -> str:
    """Return the special characters of a text by their numbers; empty when there are none."""
    found = {
        f"U+{ord(letter):04X}"
        for letter in text
        if letter == "\ufffd"
        or unicodedata.category(letter) in ("Cf", "Co", "Cs", "Cn")
        or (unicodedata.category(letter) == "Cc" and letter not in "\n\r\t")
    }
    if unicodedata.normalize("NFC", text) != text:
        found.add("非 NFC 形式")
    return "、".join(sorted(found))


def archive_code(inspected: Inspected) -> Finding:
    """GD-1-7: class, period and year are valid, and the code says the same element by element."""
    from portal.archives.inspection.codes import code_problems

    record = inspected.record
    if record.state == RecordState.APART:
        return not_applicable("不在归档范围内，不编档号")
    if inspected.item is None and record.state == RecordState.CAPTURED:
        return not_run("尚未进入预归档库，没有建议的类别和期限")
    problems = []
    if not ArchiveClass.objects.filter(code=inspected.class_code).exists():
        problems.append(f"类别“{inspected.class_code}”不在分类方案内")
    if inspected.period not in RetentionPeriod.values:
        problems.append(f"保管期限“{inspected.period}”不在规定之内")
    if record.year != record.business_date.year:
        problems.append(f"年度 {record.year} 与日期 {record.business_date} 不符")
    if record.archive_code:
        return judged(
            [*problems, *code_problems(record)], f"档号 {record.archive_code} 与各字段逐项相符"
        )
    if record.state == RecordState.ACCEPTED:
        problems.append("已接收而没有档号")
    return judged(
        problems,
        f"类别 {inspected.class_code}、期限 {inspected.period}、年度 {record.year} 有效；"
        "档号在接收时赋予",
    )


def duplicates(inspected: Inspected) -> Finding:
    """GD-1-8: no other item has the code, the document number of its kind, or title and date.

    One document is often published as several items, so a document number alone is said and
    does not block.
    """
    record = inspected.record
    others = Record.objects.exclude(
        source_kind=record.source_kind, source_id=record.source_id
    ).exclude(pk=record.pk)
    problems = []
    if (
        record.archive_code
        and Record.objects.filter(archive_code=record.archive_code).exclude(pk=record.pk).exists()
    ):
        problems.append(f"档号 {record.archive_code} 重复")
    numbered = bool(
        record.reference
        and others.filter(reference=record.reference, kind=record.kind, unit=record.unit_id)
        .exclude(state=RecordState.SUPERSEDED)
        .exists()
    )
    same = others.filter(
        title=record.title,
        kind=record.kind,
        unit=record.unit_id,
        business_date=record.business_date,
    ).exclude(state=RecordState.SUPERSEDED)
    if same.exists():
        problems.append("题名与同日、同单位的另一件重复")
    if numbered:
        note = f"文号 {record.reference} 与另一件相同"
        return failed([*problems, note], blocking=None if problems else False)
    return judged(problems, "档号、文号、题名都不重复")
