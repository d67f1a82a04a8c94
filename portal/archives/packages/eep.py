"""The XML of a package: DA/T 48-2009 (EEP) with the metadata of DA/T 46-2009 and its evidence.

What DA/T 48 has no element for (digests of pages and embedded files, rows of the ledger) stands
in a block of its own namespace after the signed object.
"""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from lxml import etree

from portal.archives.inspection import metadata
from portal.archives.inspection.contents import Member

EEP = "http://www.saac.gov.cn/standards/ERM/encapsulation"
EVIDENCE = "urn:portal:archives:evidence:1"
XML_NAME = "封装包.xml"
SIGNATURE_FIELD = "ArchiveSeal"
ORIGINAL, MODIFIED = "原始型", "修改型"
EVENTS: dict[str, str] = {
    "capture": "捕获",
    "late-capture": "补录",
    "rendition": "生成归档文件",
    "conversion": "附件转换",
    "package": "编制元数据",
    "intake": "进入预归档库",
    "apart": "另行存放",
    "bring-in": "调入预归档库",
    "correct": "更正",
    "return": "退回",
    "answer": "整改回复",
    "accept": "接收编号",
    "void-code": "作废档号",
    "inspect": "四性检测",
    "access-level": "调整控制标识",
    "fixity-damage": "发现损坏",
    "repair": "修复",
    "paper": "登记纸质件",
    "seal": "封装签名",
    "end": "撤下",
}


@dataclass(frozen=True)
class PageProof:
    """One page of the package: of the text or of the process sheet, with its digest."""

    number: int
    part: str
    sha256: str


@dataclass(frozen=True)
class FileProof:
    """One file of the record: inside the package, or outside of it by its digest."""

    name: str
    role: str
    size: int
    sha256: str
    sm3: str
    embedded: bool


@dataclass(frozen=True)
class EntryProof:
    """One row of the ledger about the record."""

    sequence: int
    kind: str
    record: str
    commitment: str
    previous_hash: str
    entry_hash: str
    at: str = ""
    person: str = ""


@dataclass(frozen=True)
class Former:
    """The package that this one corrects: of the same record, or of the version it replaces."""

    record: str
    layer: int
    sha256: str
    size: int
    embedded_as: str = ""


@dataclass(frozen=True)
class Description:
    """All that the XML of a package says."""

    layer: int
    sealed_at: datetime.datetime
    metadata: Any
    members: list[Member]
    pages: list[PageProof]
    files: list[FileProof]
    entries: list[EntryProof]
    opened: list[dict[str, str]] = field(default_factory=list)
    former: Former | None = None
    signer: str = ""
    certificate: str = ""


def _add(parent: Any, name: str, text: Any = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{EEP}}}{name}")
    for key, value in attributes.items():
        element.set(key, metadata.text_allowed(value))
    if text is not None:
        element.text = metadata.text_allowed(text)
    return element


def _evidence(parent: Any, name: str, text: str | None = None, **attributes: Any) -> Any:
    element = etree.SubElement(parent, f"{{{EVIDENCE}}}{name}")
    for key, value in attributes.items():
        element.set(key, metadata.text_allowed(value))
    if text is not None:
        element.text = metadata.text_allowed(text)
    return element


def _moved(element: Any, parent: Any) -> Any:
    """Copy an element with everything below it into the namespace of the package."""
    copy = _add(parent, element.tag, element.text if len(element) == 0 else None)
    for child in element:
        _moved(child, copy)
    return copy


def write(described: Description) -> bytes:
    """Return the XML of a package."""
    root = etree.Element(f"{{{EEP}}}电子文件封装包", nsmap={None: EEP, "存证": EVIDENCE})
    _add(root, "封装包格式描述", "依据DA/T 48-2009；文件以PDF/A-3关联文件或摘要封装")
    _add(root, "版本", "2009")
    signed = _add(root, "被签名对象", eep版本="2009")
    corrects = described.former is not None
    _add(signed, "封装包类型", MODIFIED if corrects else ORIGINAL)
    _add(signed, "封装包类型描述", f"第{described.layer}层")
    _add(
        signed, "封装包创建时间", timezone.localtime(described.sealed_at).isoformat("T", "seconds")
    )
    _add(signed, "封装包创建单位", settings.SITE_NAME)
    if described.former is None:
        content = _add(signed, "封装内容")
    else:
        changed = _add(signed, "修改封装内容")
        _add(changed, "修改标识符", f"修改{described.layer - 1}")
        _former(_add(changed, "原封装包"), described.former)
        content = _add(changed, "修订内容")
    _files(content, described)
    _events(content, described)
    _agents(content, described.metadata)
    _signature(root, described)
    _evidence_block(root, described)
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _former(parent: Any, former: Former) -> None:
    _evidence(
        parent,
        "摘要",
        former.embedded_as or None,
        电子文件号=former.record,
        层=former.layer,
        字节数=former.size,
        sha256=former.sha256,
    )


def _files(parent: Any, described: Description) -> None:
    block = _add(parent, "文件实体块")
    entity = _add(block, metadata.RECORD)
    source = described.metadata.find(metadata.RECORD)
    for child in source if source is not None else ():
        if child.tag != metadata.ATTRIBUTES:
            _moved(child, entity)
    attributes = source.findall(metadata.ATTRIBUTES) if source is not None else []
    data = _add(entity, "文件数据")
    inside = {proof.sha256 for proof in described.files if proof.embedded}
    for number, member in enumerate(described.members, 1):
        name = f"修改{described.layer - 1}-文档{number}"
        document = _add(data, "文档")
        _add(document, "文档标识符", name)
        _add(document, "文档序号", member.order)
        _add(document, "文档主从声明", "主文档" if number == 1 else "附属文档")
        _add(document, "题名", member.name)
        content = _add(document, "文档数据", 文档数据ID=f"{name}-文档数据1")
        code = _add(content, "编码", 编码ID=f"{name}-文档数据1-编码1")
        if number <= len(attributes):
            _moved(attributes[number - 1], code)
        embedded = member.sha256 in inside
        _add(code, "编码描述", "PDF/A-3关联文件" if embedded else "包外文件，以摘要封装")
        _add(code, "反编码关键字", "sha256-base64Binary")
        digest = base64.b64encode(bytes.fromhex(member.sha256)).decode()
        _add(code, "编码数据", digest, 编码数据ID=f"{name}-文档数据1-编码1-编码数据1")


def _events(parent: Any, described: Description) -> None:
    """Write who did what: before the capture by the metadata, from then on by the ledger."""
    block = _add(parent, "业务实体块")
    for event in described.metadata.findall(metadata.EVENT):
        entity = _moved(event, block)
        _add(entity, "业务标识符", f"业务{len(block)}")
    for entry in described.entries:
        entity = _add(block, metadata.EVENT)
        _add(entity, "业务标识符", f"账本{entry.sequence}")
        _add(entity, "业务状态", "历史行为")
        _add(entity, "业务行为", EVENTS.get(entry.kind, entry.kind))
        _add(entity, "行为时间", entry.at)
        _add(entity, "行为描述", entry.person)


def _agents(parent: Any, source: Any) -> None:
    block = _add(parent, "机构人员实体块")
    for agent in source.findall(metadata.AGENT):
        _moved(agent, block)


def _signature(root: Any, described: Description) -> None:
    block = _add(root, "电子签名块")
    signature = _add(block, "电子签名", 签名标识符=f"修改{described.layer - 1}-签名1")
    _add(signature, "签名规则", "PAdES（ETSI EN 319 142-1），签名覆盖整个PDF文件")
    _add(signature, "签名时间", timezone.localtime(described.sealed_at).isoformat("T", "seconds"))
    _add(signature, "签名人", described.signer)
    _add(signature, "签名结果", f"PDF签名域 {SIGNATURE_FIELD}")
    _add(_add(signature, "证书块"), "证书引证", f"序列号 {described.certificate}")
    _add(signature, "签名算法标识", "SHA-256")


def _evidence_block(root: Any, described: Description) -> None:
    block = _evidence(root, "存证块")
    for page in described.pages:
        _evidence(block, "版面", 页=page.number, 部分=page.part, sha256=page.sha256)
    for file in described.files:
        _evidence(
            block,
            "文件",
            名称=file.name,
            类型=file.role,
            字节数=file.size,
            sha256=file.sha256,
            sm3=file.sm3,
            嵌入="是" if file.embedded else "否",
        )
    for entry in described.entries:
        _evidence(
            block,
            "账本",
            序号=entry.sequence,
            类型=entry.kind,
            电子文件号=entry.record,
            承诺=entry.commitment,
            前项=entry.previous_hash,
            本项=entry.entry_hash,
        )
    for payload in described.opened:
        _evidence(block, "清单", payload["body"], 序号=payload["sequence"], 盐=payload["salt"])


@dataclass(frozen=True)
class ReadBack:
    """What the XML of a package says, as far as it can be checked."""

    record: str
    layer: int
    archive_code: str
    title: str
    pages: list[PageProof]
    files: list[FileProof]
    entries: list[EntryProof]
    opened: list[tuple[int, str, str]]
    former: Former | None


def read(body: bytes) -> ReadBack:
    """Read the XML of a package.

    Raises:
        metadata.BadDocument: it is no such XML.
    """
    root = metadata.parse(body)
    try:
        return _read(root)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise metadata.BadDocument(str(error)[:200]) from error


def _text(root: Any, *path: str) -> str:
    found = root.find(".//" + "/".join(f"{{{EEP}}}{name}" for name in path))
    return (found.text or "") if found is not None else ""


def _each(root: Any, name: str) -> Iterable[Any]:
    return root.iterfind(f".//{{{EVIDENCE}}}{name}")


def _read(root: Any) -> ReadBack:
    if root.tag != f"{{{EEP}}}电子文件封装包":
        raise ValueError("电子文件封装包")
    former = next(iter(_each(root, "摘要")), None)
    layer = _text(root, "封装包类型描述")
    return ReadBack(
        record=_text(root, metadata.RECORD, "电子文件号"),
        layer=int(layer.strip("第层")),
        archive_code=_text(root, "档号", "编码"),
        title=_text(root, "内容描述", "题名"),
        pages=[
            PageProof(int(one.attrib["页"]), one.attrib["部分"], one.attrib["sha256"])
            for one in _each(root, "版面")
        ],
        files=[
            FileProof(
                one.attrib["名称"],
                one.attrib["类型"],
                int(one.attrib["字节数"]),
                one.attrib["sha256"],
                one.attrib["sm3"],
                one.attrib["嵌入"] == "是",
            )
            for one in _each(root, "文件")
        ],
        entries=[
            EntryProof(
                int(one.attrib["序号"]),
                one.attrib["类型"],
                one.attrib["电子文件号"],
                one.attrib["承诺"],
                one.attrib["前项"],
                one.attrib["本项"],
            )
            for one in _each(root, "账本")
        ],
        opened=[
            (int(one.attrib["序号"]), one.attrib["盐"], one.text or "")
            for one in _each(root, "清单")
        ],
        former=None
        if former is None
        else Former(
            former.attrib["电子文件号"],
            int(former.attrib["层"]),
            former.attrib["sha256"],
            int(former.attrib["字节数"]),
            former.text or "",
        ),
    )
