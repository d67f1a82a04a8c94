"""The documents of a record's package: metadata, catalogue, description, registration form.

They are made when the record is first inspected and made again only after an event in the
ledger that lawfully changes what they say (a correction, the acceptance). Everything in them
comes from the ledger, except class, period and code, which the archivist decides.
"""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from typing import Any

import pikepdf
import weasyprint
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from lxml import etree

from portal.archives import file_access, ledger, store
from portal.archives.access.keys import is_sealed_level
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.access.vault import vault_of
from portal.archives.fixity.mirror import mirrored_path
from portal.archives.inspection import metadata
from portal.archives.inspection.contents import (
    PACKAGE,
    Member,
    RecordEvents,
    contents_digest,
    members,
    record_events,
)
from portal.archives.models import (
    PACKAGE_ROLES,
    AccessLevel,
    FileRole,
    Fonds,
    IssuedCode,
    PageCount,
    PoolItem,
    Record,
    RecordFile,
    RenderStatus,
)

NAMES: dict[str, str] = {
    FileRole.METADATA: "元数据.xml",
    FileRole.CATALOGUE: "文件目录.xml",
    FileRole.DESCRIPTION: "说明文件.txt",
    FileRole.REGISTRATION: "电子文件归档登记表.xml",
}
MEDIA_TYPES: dict[str, str] = {
    FileRole.METADATA: "application/xml",
    FileRole.CATALOGUE: "application/xml",
    FileRole.DESCRIPTION: "text/plain",
    FileRole.REGISTRATION: "application/xml",
}
FIRST_POSITION = 900
SYSTEM_DESCRIPTION = "党群门户与档案系统；CPython、Django、Wagtail；内网"
LOCATION = "在线存储（内容寻址库）"
CREATED_BY = f"WeasyPrint {weasyprint.__version__}"
DESCRIPTION_LINES = (
    *("信息包名称", "电子文件号", "题名", "全宗", "档号", "文件数", "字节数"),
    *("目录文件", "元数据文件", "登记表", "编制时间", "编制系统"),
)


class NotReady(RuntimeError):
    """The files of the record are not made yet, so there is nothing to describe."""


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


def _pages_of_text(record: Record) -> int:
    """Return the pages of the text; 0 when it cannot be opened, which no check passes."""
    text = RecordFile.objects.filter(record=record, role=FileRole.DOCUMENT_COPY).first()
    if text is None:
        return 0
    try:
        return page_count(file_access.read(text))
    except (OSError, pikepdf.PdfError, SealedUnreadable):
        return 0


def _moment(text: Any) -> str:
    parsed = parse_datetime(text) if text else None
    return timezone.localtime(parsed).isoformat() if parsed else ""


def _agents(process: list[dict[str, Any]]) -> dict[str, str]:
    """Return identifiers and names of everybody who acted, each once, in their order."""
    return {agent_key(event): event["person"] or metadata.SYSTEM_AGENT for event in process}


def agent_key(event: dict[str, Any]) -> str:
    """Return the identifier of the actor of an event."""
    return f"account-{event['account']}" if event["account"] else "system"


def _metadata(
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


def _catalogue(record: Record, content: list[Member]) -> bytes:
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


def _description(
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


def _registration(
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


def _make(
    record: Record, events: RecordEvents, pages: int, now: datetime.datetime
) -> list[tuple[str, store.StoredBytes]]:
    content, about = members(events), described(record)
    documents = [
        (role, file_access.keep(record, [body]))
        for role, body in (
            (FileRole.METADATA.value, _metadata(record, events, content, about, pages)),
            (FileRole.CATALOGUE.value, _catalogue(record, content)),
            (FileRole.DESCRIPTION.value, _description(record, events, content, about, now)),
        )
    ]
    registration = _registration(record, events, content, documents, about)
    return [*documents, (FileRole.REGISTRATION.value, file_access.keep(record, [registration]))]


def prepare(record: Record) -> bool:
    """Make the documents of a record's package where they are missing or lawfully outdated.

    Returns whether they were made. Call it outside a transaction: it appends to the ledger.

    Raises:
        NotReady: the worker has not made the record's files.
    """
    if record.render.status != RenderStatus.DONE:
        raise NotReady(str(record.pk))
    events = record_events(record)
    if events.package_is_current or events.capture is None or events.rendition is None:
        # Without a readable ledger nothing can be described; the checks will say so.
        return False
    now = timezone.now()
    pages = _pages_of_text(record)
    documents = _make(record, events, pages, now)
    with transaction.atomic():
        Record.objects.select_for_update().get(pk=record.pk)
        if record_events(record).package_is_current:
            # Somebody else was quicker; nothing of this attempt may lie about in the store.
            _discard(record, documents)
            return False
        if pages:
            # The statistics need it too, and the text was opened for it just now.
            PageCount.objects.update_or_create(record=record, defaults={"pages": pages})
        _save(record, documents, now)
    return True


def _save(
    record: Record, documents: list[tuple[str, store.StoredBytes]], now: datetime.datetime
) -> None:
    """Write the rows of the documents and the ledger entry that proves them."""
    old = list(record.files.filter(role__in=PACKAGE_ROLES))
    for position, (role, stored) in enumerate(documents, start=FIRST_POSITION):
        RecordFile.objects.update_or_create(
            record=record,
            role=role,
            source_object_id=None,
            defaults={
                "name": NAMES[role],
                "position": position,
                "media_type": MEDIA_TYPES[role],
                "size": stored.size,
                "sha256": stored.sha256,
                "sm3": stored.sm3,
                "stored_at": now,
                "sealed": is_sealed_level(record.access_level),
                # Other bytes than those that were read and copied before.
                "checked_at": None,
                "mirrored": "",
            },
        )
    transaction.on_commit(lambda: _remove_replaced(old))
    ledger.append(
        [
            ledger.Draft(
                PACKAGE,
                record.pk,
                {
                    "record": record.pk,
                    "made_at": now,
                    "files": [
                        {
                            "role": role,
                            "name": NAMES[role],
                            "media_type": MEDIA_TYPES[role],
                            "size": stored.size,
                            "sha256": stored.sha256,
                            "sm3": stored.sm3,
                        }
                        for role, stored in documents
                    ],
                },
            )
        ]
    )


def _remove_replaced(replaced: list[RecordFile]) -> None:
    """Remove the bytes of replaced documents, copies too; their digests stay in the ledger."""
    for file in replaced:
        if not RecordFile.objects.filter(sha256=file.sha256).exists():
            file_access.path_of(file).unlink(missing_ok=True)
            if copy := mirrored_path(file):
                copy.unlink(missing_ok=True)


def _discard(record: Record, documents: list[tuple[str, store.StoredBytes]]) -> None:
    """Remove documents that got no row."""
    vault = vault_of(record)
    for _role, stored in documents:
        if not RecordFile.objects.filter(sha256=stored.sha256).exists():
            vault.path_of(stored.sha256).unlink(missing_ok=True)
