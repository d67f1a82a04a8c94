"""Usability (可用性): GD-3-1 to GD-3-8."""

from __future__ import annotations

from collections.abc import Iterator

from portal.archives.inspection import metadata
from portal.archives.inspection.context import Inspected
from portal.archives.inspection.formats import (
    PDF,
    archival_problems,
    hidden_problem,
    open_problem,
    producer,
    structure_problem,
)
from portal.archives.inspection.outcomes import Finding, failed, judged
from portal.archives.models import FileRole, Record

# Files that the portal makes itself, which must be PDF/A.
MADE_PDF = (FileRole.DOCUMENT_COPY, FileRole.PROCESS_SHEET)
XML_ROLES = (FileRole.METADATA, FileRole.CATALOGUE, FileRole.REGISTRATION)
# A copy in a lasting format of a file that is in none.
CONVERTED = "conversion"


def readable_metadata(inspected: Inspected) -> Finding:
    """GD-3-1: the XML documents of the package parse and are what they should be."""
    roots = {
        FileRole.METADATA: metadata.ROOT,
        FileRole.CATALOGUE: "文件目录",
        FileRole.REGISTRATION: "电子文件归档登记表",
    }
    problems = []
    for role, wanted in roots.items():
        body = inspected.document_body(role)
        if body is None:
            problems.append(f"{role.label}缺失")
            continue
        try:
            root = metadata.parse(body)
        except metadata.BadDocument as error:
            problems.append(f"{role.label}无法解析：{error}")
            continue
        if root.tag != wanted:
            problems.append(f"{role.label}的根元素是 {root.tag}，应为 {wanted}")
    return judged(problems, f"{len(roots)} 个 XML 文件可以解析")


def reachable_metadata(inspected: Inspected) -> Finding:
    """GD-3-2: the database finds the record by its numbers and says what the metadata says."""
    if inspected.metadata is None:
        return failed(["元数据.xml 缺失或无法解析，无从比对"])
    number = inspected.value("电子文件号")
    found = Record.objects.select_related("unit").filter(pk=inspected.record.pk).first()
    if found is None or str(found.pk) != number:
        return failed([f"按电子文件号 {number or '空'} 检索不到本件"])
    code = inspected.value("档号", "编码")
    problems = []
    if code and not Record.objects.filter(archive_code=code, pk=found.pk).exists():
        problems.append(f"按档号 {code} 检索不到本件")
    columns = {
        ("内容描述", "题名"): metadata.text_allowed(found.title),
        ("内容描述", "文件编号"): metadata.text_allowed(found.reference),
        ("内容描述", "日期"): found.business_date.strftime("%Y%m%d"),
        ("档号", "机构或问题"): inspected.class_code,
        ("档号", "保管期限"): metadata.PERIOD_NAMES.get(inspected.period, inspected.period),
        ("档号", "编码"): found.archive_code or "",
    }
    problems += [
        f"{path[-1]}：数据库为“{value[:40]}”，元数据为“{inspected.value(*path)[:40]}”"
        for path, value in columns.items()
        if inspected.value(*path) != value
    ]
    return judged(problems, f"按电子文件号检索到本件，{len(columns)} 项与元数据相同")


def accepted_formats(inspected: Inspected) -> Finding:
    """GD-3-3: every file is in a format that records may have, by its bytes."""
    problems, names = [], set()
    for file in inspected.content:
        if inspected.stored(file) is None:
            problems.append(f"{file.name} 不在库中")
            continue
        found = inspected.format_of(file)
        if found is None:
            problems.append(f"{file.name} 的格式无法识别")
        elif not found.accepted:
            problems.append(f"{file.name} 是{found.name}，不可归档")
        elif file.role in MADE_PDF and found.code != PDF.code:
            problems.append(f"{file.name} 应为 PDF，实际是 {found.name}")
        else:
            names.add(found.name)
    return judged(problems, f"格式：{'、'.join(sorted(names))}")


def readable_contents(inspected: Inspected) -> Finding:
    """GD-3-4: the inner structure of every file is sound, not only its beginning."""
    problems, count = [], 0
    for file in inspected.content:
        stored, found = inspected.stored(file), inspected.format_of(file)
        if stored is None or found is None or stored.body is None:
            if stored is None or found is None:
                problems.append(f"{file.name} 无法读取")
            continue
        count += 1
        if found.code == PDF.code:
            problem = structure_problem(stored.body)
        else:
            problem = open_problem(found, stored.body)
        if problem:
            problems.append(f"{file.name} {problem}")
    return judged(problems, f"{count} 个文件的内部结构完好")


def lasting_formats(inspected: Inspected) -> Finding:
    """GD-3-5: texts are PDF/A; files in other formats have a copy in one that lasts.

    An attachment without such a copy is named but does not stop the filing: the original is
    kept in any case.
    """
    broken = list(_not_archival(inspected))
    if broken:
        return failed(broken)
    converted = {
        getattr(file, "derived_from_id", None)
        for file in inspected.content
        if file.role == CONVERTED
    }
    other = []
    for file in inspected.cited:
        found = inspected.format_of(file)
        if (found is None or not found.lasting) and file.pk not in converted:
            name = found.name if found else "未知格式"
            other.append(f"{file.name} 是 {name}，没有长期保存格式的副本")
    if other:
        return failed(other, blocking=False)
    return judged([], "正文和阅办单是 PDF/A（轻量检查），附件都是长期保存格式")


def _not_archival(inspected: Inspected) -> Iterator[str]:
    for file in inspected.content:
        if file.role not in MADE_PDF:
            continue
        stored = inspected.stored(file)
        if stored is None or stored.body is None:
            yield f"{file.name} 不在库中"
            continue
        yield from (f"{file.name} {problem}" for problem in archival_problems(stored.body))


def recorded_environment(inspected: Inspected) -> Finding:
    """GD-3-6: the metadata says what made the files and in which system."""
    if inspected.metadata is None:
        return failed(["元数据.xml 缺失或无法解析"])
    problems = []
    if not inspected.value("信息系统描述"):
        problems.append("M51 信息系统描述为空")
    for member in inspected.members:
        values = inspected.attributes.get(member.path, {})
        if member.role in MADE_PDF and not values.get("文档创建程序"):
            problems.append(f"{member.path} 的 M50 文档创建程序为空")
    return judged(problems, f"信息系统：{inspected.value('信息系统描述')}")


def actual_environment(inspected: Inspected) -> Finding:
    """GD-3-7: the files name the program that the metadata names."""
    problems, found = [], set()
    for file in inspected.content:
        if file.role not in MADE_PDF:
            continue
        stored, member = inspected.stored(file), inspected.member_of(file)
        recorded = inspected.attributes.get(member.path, {}) if member else {}
        actual = producer(stored.body) if stored and stored.body is not None else ""
        found.add(actual)
        if not actual or actual != recorded.get("文档创建程序"):
            problems.append(
                f"{file.name} 由“{actual or '不明'}”生成，"
                f"元数据为“{recorded.get('文档创建程序') or '空'}”"
            )
    if not found:
        problems.append("没有可供核对的文件")
    return judged(problems, f"生成程序与元数据相符：{'、'.join(sorted(found))}")


def open_contents(inspected: Inspected) -> Finding:
    """GD-3-8: nothing in the package is encrypted or in a compression of one maker's own."""
    problems = []
    for file in inspected.content:
        stored, found = inspected.stored(file), inspected.format_of(file)
        if stored is None or found is None:
            problems.append(f"{file.name} 无法识别")
        elif stored.body is not None and (problem := hidden_problem(found, stored.body)):
            problems.append(f"{file.name}：{problem}")
    return judged(problems, f"{len(inspected.content)} 个文件没有加密和专有压缩")
