"""Authenticity (真实性): GD-1-1 to GD-1-14."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from django.utils.dateparse import parse_datetime

from portal.archives import ledger
from portal.archives.inspection import metadata, package
from portal.archives.inspection.contents import contents_digest
from portal.archives.inspection.context import Inspected
from portal.archives.inspection.formats import declared_fits
from portal.archives.inspection.outcomes import (
    Finding,
    failed,
    judged,
    not_applicable,
    not_run,
    passed,
)
from portal.archives.models import (
    PACKAGE_ROLES,
    ArchiveClass,
    FileRole,
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
    today = inspected.now.strftime("%Y%m%d")
    tomorrow_allowed = max(today, inspected.record.captured_at.strftime("%Y%m%d"))
    if year != date[:4]:
        yield f"年度 {year} 与日期 {date} 不符"
    if inspected.record.year != inspected.record.business_date.year or str(
        inspected.record.year
    ) != (year):
        yield f"年度登记为 {inspected.record.year}，元数据为 {year}"
    if year.isdigit() and int(year) < EARLIEST_YEAR:
        yield f"年度 {year} 早于 {EARLIEST_YEAR}"
    if date > tomorrow_allowed:
        yield f"日期 {date} 在将来"
    pages = inspected.value("形式特征", "页数")
    if not pages.isdigit() or int(pages) < 1:
        yield f"页数为 {pages or '空'}，应不小于 1"
    for path, values in inspected.attributes.items():
        if values.get("计算机文件大小") in ("", "0", None):
            yield f"{path} 的大小为 0"
    moments = [parse_datetime(str(event.get("at") or "")) for event in inspected.process]
    known = [moment for moment in moments if moment is not None]
    if known != sorted(known):
        yield "业务行为的时间前后颠倒"
    if known and known[-1] > inspected.now:
        yield "业务行为的时间在将来"


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


def electronic_attributes(inspected: Inspected) -> Finding:
    """GD-1-10: name, size and format in metadata, row and catalogue are those of the bytes."""
    if inspected.metadata is None:
        return failed([NO_METADATA])
    return judged(
        _differing_attributes(inspected),
        f"{len(inspected.content)} 个文件的名称、大小、格式与实际一致",
    )


def _differing_attributes(inspected: Inspected) -> Iterator[str]:
    for member in inspected.members:
        row = next(
            (file for file in inspected.content if inspected.member_of(file) == member), None
        )
        values = inspected.attributes.get(member.path)
        if row is None or values is None:
            yield f"{member.name} 没有对应的登记或电子属性"
            continue
        found = inspected.stored(row)
        if found is None:
            yield f"{row.name} 不在库中"
            continue
        actual = found.digests.size
        if str(actual) != values.get("计算机文件大小"):
            yield f"{row.name} 实际 {actual} 字节，元数据为 {values.get('计算机文件大小')}"
        if row.size != actual:
            yield f"{row.name} 实际 {actual} 字节，登记为 {row.size}"
        if values.get("格式信息") != row.media_type:
            yield f"{row.name} 登记为 {row.media_type}，元数据为 {values.get('格式信息')}"
        shown = inspected.format_of(row)
        if shown is None:
            yield f"{row.name} 的字节不像任何已知格式"
        elif not declared_fits(shown, row.media_type):
            yield f"{row.name} 声明为 {row.media_type}，实际是 {shown.name}"


def association(inspected: Inspected) -> Finding:
    """GD-1-11: every file the metadata names is there, and every file is named."""
    if inspected.metadata is None:
        return failed([NO_METADATA])
    named = set(inspected.attributes)
    present = set()
    problems = []
    for file in inspected.content:
        member = inspected.member_of(file)
        if member is None:
            problems.append(f"{file.name} 没有元数据")
        elif inspected.stored(file) is None:
            problems.append(f"{file.name} 有元数据而没有内容")
            present.add(member.path)
        else:
            present.add(member.path)
    problems += [f"元数据所列 {path} 不存在" for path in sorted(named - present)]
    problems += [f"{path} 没有列入元数据" for path in sorted(present - named)]
    return judged(problems, f"元数据所列 {len(named)} 个文件全部存在，没有多余")


CATALOGUE_FIELDS = ("顺序号", "路径", "类型", "名称", "格式", "字节数", "SHA-256")


def describing_documents(inspected: Inspected) -> Finding:
    """GD-1-12: description and catalogue have the fields and the form that they should have."""
    problems = list(_description_problems(inspected))
    if inspected.catalogue is None:
        problems.append("文件目录.xml 缺失或无法解析")
    for number, row in enumerate(inspected.catalogue or [], start=1):
        problems += [
            f"目录第 {number} 行缺{name}" for name in CATALOGUE_FIELDS if not row.get(name)
        ]
        if re.fullmatch(r"[0-9a-f]{64}", row.get("SHA-256", "")) is None:
            problems.append(f"目录第 {number} 行的摘要不是 SHA-256")
    return judged(
        problems,
        f"说明文件 {len(package.DESCRIPTION_LINES)} 项齐全，"
        f"目录 {len(inspected.catalogue or [])} 行合规",
    )


def _description_problems(inspected: Inspected) -> Iterator[str]:
    body = inspected.document_body(FileRole.DESCRIPTION)
    if body is None:
        yield "说明文件.txt 缺失"
        return
    try:
        lines = body.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        yield "说明文件.txt 不是 UTF-8"
        return
    fields = dict(line.split("：", 1) for line in lines if "：" in line)
    for name in package.DESCRIPTION_LINES:
        if not fields.get(name):
            yield f"说明文件.txt 缺“{name}”"


def layout(inspected: Inspected) -> Finding:
    """GD-1-13: the package has its documents once, and every path is unique and safe."""
    roles = [file.role for file in inspected.files]
    wanted = (
        *PACKAGE_ROLES,
        FileRole.DOCUMENT_COPY,
        FileRole.SNAPSHOT,
        FileRole.PROCESS_SHEET,
    )
    problems = [
        f"缺{FileRole(role).label}" if roles.count(role) == 0 else f"{FileRole(role).label}重复"
        for role in wanted
        if roles.count(role) != 1
    ]
    paths = [row.get("路径", "") for row in inspected.catalogue or []]
    if inspected.catalogue is None:
        problems.append("没有可读的文件目录，无法确定结构")
    problems += [f"路径 {path} 重复" for path in sorted({p for p in paths if paths.count(p) > 1})]
    problems += [f"路径 {path[:60]} 不合规" for path in paths if not _safe_path(path)]
    return judged(problems, f"根目录文件 {len(PACKAGE_ROLES)} 个、内容路径 {len(paths)} 个，均合规")


def _safe_path(path: str) -> bool:
    from portal.archives.inspection.contents import FOLDERS, OTHER_FOLDER, safe_name

    folder, slash, name = path.partition("/")
    return bool(slash) and folder in {*FOLDERS.values(), OTHER_FOLDER} and safe_name(name) == name


def same_package(inspected: Inspected) -> Finding:
    """GD-1-14: the digest of what is here is the digest registered when it was sent."""
    form = inspected.registration
    if form is None:
        return failed(["电子文件归档登记表缺失或无法解析"])
    items = [
        (file.role, file.name, stored.digests.size, stored.digests.sha256)
        for file in inspected.files
        if file.role != FileRole.REGISTRATION and (stored := inspected.stored(file)) is not None
    ]
    found, sent = contents_digest(items), form.get("信息包摘要", "")
    if found != sent:
        return failed([f"移交时 {sent[:16]}…，接收时 {found[:16]}…"])
    return passed(f"移交与接收的信息包摘要相同：{found[:16]}…")
