"""What the documents of a package say: metadata, catalogue, description, registration form.

Everything in them comes from the ledger, except class, period and code, which the archivist
decides.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pikepdf
import weasyprint
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from lxml import etree

from portal.archives import store
from portal.archives.inspection import metadata
from portal.archives.inspection.contents import Member, RecordEvents, contents_digest
from portal.archives.models import (
    AccessLevel,
    FileRole,
    Fonds,
    IssuedCode,
    PoolItem,
    Record,
)

NAMES: dict[str, str] = {
    FileRole.METADATA: "元数据.xml",
    FileRole.CATALOGUE: "文件目录.xml",
    FileRole.DESCRIPTION: "说明文件.txt",
    FileRole.REGISTRATION: "电子文件归档登记表.xml",
}
SYSTEM_DESCRIPTION = "党群门户与档案系统；CPython、Django、Wagtail；内网"
LOCATION = "在线存储（内容寻址库）"
CREATED_BY = f"WeasyPrint {weasyprint.__version__}"
DESCRIPTION_LINES = (
    *("信息包名称", "电子文件号", "题名", "全宗", "档号", "文件数", "字节数"),
    *("目录文件", "元数据文件", "登记表", "编制时间", "编制系统"),
)


@dataclass(frozen=True)
class Described:
    """What the archivist decided, or what the pool proposes, when the documents are made."""

    class_code: str
    period: str
    archive_code: str
    fonds_code: str
    fonds_name: str
    unit_name: str
    category: str
    item_number: str


def described(record: Record) -> Described:
    """Return class, period and code of a record as they stand now."""
    item = PoolItem.objects.filter(record=record).first()
    issued = (
        IssuedCode.objects.filter(record=record, voided_at=None).select_related("fonds").first()
    )
    fonds = issued.fonds if issued else Fonds.objects.order_by("code").first()
    return Described(
        class_code=record.class_code or (item.archive_class_id or "" if item else ""),
        period=record.period or (item.period if item else ""),
        archive_code=record.archive_code or "",
        fonds_code=fonds.code if fonds else "",
        fonds_name=fonds.name if fonds else "",
        unit_name=fonds.unit_name if fonds else _topmost_unit(),
        category=issued.category if issued else "",
        item_number=str(issued.item_number) if issued else "",
    )


def _topmost_unit() -> str:
    from portal.organizations.models import Unit

    return Unit.objects.filter(depth=1).values_list("name", flat=True).first() or ""


def page_count(body: bytes) -> int:
    """Return the number of pages of a PDF."""
    with pikepdf.open(io.BytesIO(body)) as document:
        return len(document.pages)


def _moment(text: Any) -> str:
    parsed = parse_datetime(text) if text else None
    return timezone.localtime(parsed).isoformat() if parsed else ""


def _agents(process: list[dict[str, Any]]) -> dict[str, str]:
    """Return identifiers and names of everybody who acted, each once, in their order."""
    return {agent_key(event): event["person"] or metadata.SYSTEM_AGENT for event in process}


def agent_key(event: dict[str, Any]) -> str:
    """Return the identifier of the actor of an event; of another system with the system."""
    if event["account"]:
        return f"account-{event['account']}"
    elsewhere = event.get("system")
    return f"{elsewhere}/{event['person']}" if elsewhere else "system"


def metadata_document(
    record: Record, events: RecordEvents, content: list[Member], about: Described, pages: int
) -> bytes:
    captured = events.capture or {}
    shown, fields = captured["shown"], captured["content"].get("fields", {})
    root = etree.Element(metadata.ROOT, {"标准": metadata.STANDARD})
    entity = etree.SubElement(root, metadata.RECORD)
    open_to_all = record.access_level == AccessLevel.OPEN
    metadata.fill(
        entity,
        {
            "聚合层次": "件",
            "全宗名称": about.fonds_name,
            "立档单位名称": about.unit_name,
            "电子文件号": record.pk,
            "编码": about.archive_code,
            "全宗号": about.fonds_code,
            "年度": captured["business_date"][:4],
            "保管期限": metadata.PERIOD_NAMES.get(about.period, about.period),
            "机构或问题": about.class_code,
            "类别号": about.category,
            "室编件号": about.item_number,
            "题名": captured["title"],
            "摘要": str(fields.get("summary") or "")[:500],
            "文件编号": captured["reference"],
            "责任者": shown.get("unit_name") or about.unit_name,
            "日期": captured["business_date"].replace("-", ""),
            "文种": shown.get("kind_name") or captured["kind"],
            "密级": "公开" if open_to_all else "内部",
            "文件组合类型": "组合文件",
            "件数": 1,
            "页数": pages,
            "语种": "汉语",
            "稿本": "正本",
            "信息系统描述": SYSTEM_DESCRIPTION,
            "当前位置": LOCATION,
            "控制标识": "开放" if open_to_all else "控制",
            "附注": f"补录：{captured['reason']}" if captured["late"] else "",
        },
    )
    made_here = {FileRole.DOCUMENT_COPY, FileRole.PROCESS_SHEET, FileRole.SNAPSHOT}
    for member in content:
        metadata.fill_attributes(
            entity,
            {
                "格式信息": member.media_type,
                "计算机文件名": member.path,
                "计算机文件大小": member.size,
                "文档创建程序": CREATED_BY if member.role in made_here else "",
            },
        )
    for event in captured["process"]:
        metadata.fill(
            etree.SubElement(root, metadata.EVENT),
            {
                "业务状态": "历史行为",
                "业务行为": metadata.EVENT_NAMES.get(event["action"], event["action"]),
                "行为时间": _moment(event["at"]),
                "行为描述": event["remark"],
                "机构人员标识符": agent_key(event),
            },
        )
    for key, name in _agents(captured["process"]).items():
        metadata.fill(
            etree.SubElement(root, metadata.AGENT),
            {
                "机构人员类型": "系统" if key == "system" else "个人",
                "机构人员名称": name,
                "实体标识符": key,
            },
        )
    if captured["previous"]:
        metadata.fill(
            etree.SubElement(root, metadata.RELATION),
            {"实体标识符": captured["previous"], "关系类型": "版本", "关系": "旧版本"},
        )
    return metadata.write(root)


def catalogue_document(record: Record, content: list[Member]) -> bytes:
    root = etree.Element("文件目录", {"电子文件号": str(record.pk), "文件数": str(len(content))})
    for member in content:
        etree.SubElement(
            root,
            "文件",
            {
                "顺序号": str(member.order),
                "路径": member.path,
                "类型": member.role,
                "名称": metadata.text_allowed(member.name),
                "格式": member.media_type,
                "字节数": str(member.size),
                "SHA-256": member.sha256,
                "SM3": member.sm3,
            },
        )
    return metadata.write(root)


def description_document(
    record: Record, events: RecordEvents, content: list[Member], about: Described, now: Any
) -> bytes:
    title = metadata.text_allowed((events.capture or {})["title"]).replace("\n", " ")
    lines = (
        f"归档信息包 {record.pk}",
        str(record.pk),
        title,
        f"{about.fonds_code} {about.fonds_name}".strip() or "未设",
        about.archive_code or "接收时赋予",
        str(len(content)),
        str(sum(member.size for member in content)),
        NAMES[FileRole.CATALOGUE],
        NAMES[FileRole.METADATA],
        NAMES[FileRole.REGISTRATION],
        timezone.localtime(now).isoformat(timespec="seconds"),
        settings.SITE_NAME,
    )
    return "".join(
        f"{name}：{text}\r\n" for name, text in zip(DESCRIPTION_LINES, lines, strict=True)
    ).encode()


def registration_document(
    record: Record,
    events: RecordEvents,
    content: list[Member],
    documents: list[tuple[str, store.StoredBytes]],
    about: Described,
) -> bytes:
    """Count what is sent, as the ledger proved it when the files were made (登记表).

    Source: GB/T 18894-2016, table A.1.
    """
    rendition = events.rendition or {}
    items = [(member.role, member.name, member.size, member.sha256) for member in content]
    items += [(role, NAMES[role], stored.size, stored.sha256) for role, stored in documents]
    root = etree.Element("电子文件归档登记表", {"依据": "GB/T 18894-2016 表A.1"})
    for name, text in (
        ("电子文件号", record.pk),
        ("立档单位", about.unit_name),
        ("移交时间", _moment(rendition.get("finished_at"))),
        ("件数", 1),
        ("文件数", len(content)),
        ("字节数", sum(member.size for member in content)),
        ("载体", "在线"),
        ("信息包摘要算法", "SHA-256"),
        ("信息包摘要", contents_digest(items)),
    ):
        etree.SubElement(root, name).text = metadata.text_allowed(text)
    return metadata.write(root)
