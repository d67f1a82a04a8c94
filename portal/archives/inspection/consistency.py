"""Authenticity (真实性): the metadata, the files and the package as one, GD-1-10 to GD-1-14."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.archives.inspection.authenticity import NO_METADATA
from portal.archives.inspection.contents import contents_digest
from portal.archives.inspection.context import Inspected
from portal.archives.inspection.documents import DESCRIPTION_LINES
from portal.archives.inspection.formats import declared_fits
from portal.archives.inspection.outcomes import Finding, failed, judged, passed
from portal.archives.models import PACKAGE_ROLES, FileRole


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
        f"说明文件 {len(DESCRIPTION_LINES)} 项齐全，目录 {len(inspected.catalogue or [])} 行合规",
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
    for name in DESCRIPTION_LINES:
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
