"""The metadata of a record as a document: the elements of DA/T 46-2009 that the portal fills.

One table says of each element where it stands, whether it must be there, and what its values
may look like. The document is written and checked by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from lxml import etree

ROOT = "电子文件元数据"
STANDARD = "DA/T 46-2009"
RECORD, EVENT, AGENT, RELATION = "文件实体", "业务实体", "机构人员实体", "实体关系"
ATTRIBUTES = "电子属性"

PERIOD_NAMES = {"Y": "永久", "D30": "30年", "D10": "10年"}
CLASSIFICATIONS = ("公开", "内部")
EVENT_NAMES = {
    "draft": "拟稿",
    "submit": "送审",
    "approve": "审核",
    "publish": "发布",
    "take-over": "补录",
}
# An event whose actor is the portal itself: a publication at its scheduled time.
SYSTEM_AGENT = "本系统"


class Needed(Enum):
    """When an element must have a value."""

    ALWAYS = "always"
    WHEN_CLASSED = "when a class and period are proposed"
    WHEN_NUMBERED = "when the archive code has been issued"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Element:
    """One element of the standard.

    Attributes:
        number: M number of DA/T 46-2009.
        path: containers and name below the entity.
        pattern: what a value must match as a whole, None for free text.
        domain: the only values allowed, empty for no such list.
    """

    number: int
    entity: str
    path: tuple[str, ...]
    needed: Needed
    longest: int
    pattern: str | None = None
    domain: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the element itself."""
        return self.path[-1]


_A, _C, _N, _O = Needed.ALWAYS, Needed.WHEN_CLASSED, Needed.WHEN_NUMBERED, Needed.OPTIONAL
_DATE, _DIGITS = r"\d{8}", r"\d{1,15}"
_MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?[+-]\d{2}:\d{2}"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_FONDS, _CLASS = r"[A-Z]\d{3}", r"[A-Z0-9]{1,10}"

ELEMENTS: tuple[Element, ...] = (
    Element(1, RECORD, ("聚合层次",), _A, 4, None, ("件",)),
    Element(5, RECORD, ("来源", "全宗名称"), _O, 100),
    Element(6, RECORD, ("来源", "立档单位名称"), _A, 100),
    Element(7, RECORD, ("电子文件号",), _A, 36, _UUID),
    Element(8, RECORD, ("档号", "编码"), _N, 80),
    Element(9, RECORD, ("档号", "全宗号"), _N, 4, _FONDS),
    Element(11, RECORD, ("档号", "年度"), _A, 4, r"\d{4}"),
    Element(12, RECORD, ("档号", "保管期限"), _C, 6, None, tuple(PERIOD_NAMES.values())),
    Element(13, RECORD, ("档号", "机构或问题"), _C, 10, _CLASS),
    Element(14, RECORD, ("档号", "类别号"), _N, 4, r"[A-Z]{2,4}"),
    Element(17, RECORD, ("档号", "室编件号"), _N, 6, r"\d{1,6}"),
    Element(22, RECORD, ("内容描述", "题名"), _A, 255),
    Element(29, RECORD, ("内容描述", "摘要"), _O, 500),
    Element(31, RECORD, ("内容描述", "文件编号"), _O, 60),
    Element(32, RECORD, ("内容描述", "责任者"), _A, 100),
    Element(33, RECORD, ("内容描述", "日期"), _A, 8, _DATE),
    Element(34, RECORD, ("内容描述", "文种"), _A, 40),
    Element(38, RECORD, ("内容描述", "密级"), _A, 4, None, CLASSIFICATIONS),
    Element(41, RECORD, ("形式特征", "文件组合类型"), _A, 4, None, ("单件", "组合文件")),
    Element(42, RECORD, ("形式特征", "件数"), _A, 4, _DIGITS),
    Element(43, RECORD, ("形式特征", "页数"), _A, 6, _DIGITS),
    Element(44, RECORD, ("形式特征", "语种"), _A, 10, None, ("汉语",)),
    Element(45, RECORD, ("形式特征", "稿本"), _A, 10, None, ("正本",)),
    Element(47, RECORD, (ATTRIBUTES, "格式信息"), _A, 100, r"[a-z]+/[A-Za-z0-9.+-]+"),
    Element(48, RECORD, (ATTRIBUTES, "计算机文件名"), _A, 255),
    Element(49, RECORD, (ATTRIBUTES, "计算机文件大小"), _A, 15, _DIGITS),
    Element(50, RECORD, (ATTRIBUTES, "文档创建程序"), _O, 100),
    Element(51, RECORD, ("信息系统描述",), _A, 200),
    Element(66, RECORD, ("存储位置", "当前位置"), _A, 100),
    Element(74, RECORD, ("权限管理", "控制标识"), _A, 4, None, ("开放", "控制")),
    Element(75, RECORD, ("附注",), _O, 500),
    Element(80, EVENT, ("业务状态",), _A, 4, None, ("历史行为", "计划任务")),
    Element(81, EVENT, ("业务行为",), _A, 30),
    Element(82, EVENT, ("行为时间",), _A, 40, _MOMENT),
    Element(84, EVENT, ("行为描述",), _O, 500),
    Element(85, EVENT, ("机构人员标识符",), _A, 40),
    Element(76, AGENT, ("机构人员类型",), _A, 4, None, ("单位", "内设机构", "个人", "系统")),
    Element(77, AGENT, ("机构人员名称",), _A, 100),
    Element(85, AGENT, ("实体标识符",), _A, 40),
    Element(85, RELATION, ("实体标识符",), _A, 36, _UUID),
    Element(86, RELATION, ("关系类型",), _A, 10),
    Element(87, RELATION, ("关系",), _A, 10, None, ("新版本", "旧版本", "引用", "参见")),
)
BY_PATH = {(element.entity, *element.path): element for element in ELEMENTS}
# Entities every record has; relations only where there is another version.
REQUIRED_ENTITIES = (RECORD, EVENT, AGENT)


class BadDocument(ValueError):
    """A document of the package cannot be read as XML."""


def parse(body: bytes) -> Any:
    """Return the root of an XML document of the package; nothing outside it is fetched.

    Raises:
        BadDocument: it is not well-formed, or not in UTF-8.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        body.decode("utf-8")
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadDocument(str(error)[:200]) from error
    return root


def text_allowed(value: Any) -> str:
    """Return a value as text that XML can hold: forbidden control characters become U+FFFD."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", str(value))


def write(root: Any) -> bytes:
    """Return an XML document as bytes, UTF-8 with its declaration."""
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def add(parent: Any, path: tuple[str, ...], value: Any) -> None:
    """Add an element below a parent; containers on the way are made once."""
    for container in path[:-1]:
        found = parent.find(container)
        parent = found if found is not None else etree.SubElement(parent, container)
    etree.SubElement(parent, path[-1]).text = text_allowed(value)


def fill(entity: Any, values: dict[str, Any]) -> None:
    """Write the elements of one entity in the order of the table; those without value empty."""
    for element in ELEMENTS:
        if element.entity == entity.tag and element.path[0] != ATTRIBUTES:
            add(entity, element.path, values.get(element.name, ""))


def fill_attributes(entity: Any, values: dict[str, Any]) -> None:
    """Write the electronic attributes of one file; each file has a container of its own."""
    container = etree.SubElement(entity, ATTRIBUTES)
    for element in ELEMENTS:
        if element.path[0] == ATTRIBUTES:
            add(container, element.path[1:], values.get(element.name, ""))


def each_value(root: Any) -> Iterator[tuple[Element, str]]:
    """Yield every element of the table that a document has, with its text."""
    for entity in root:
        for element in ELEMENTS:
            if element.entity != entity.tag:
                continue
            for found in entity.findall("/".join(element.path)):
                yield element, found.text or ""


def first_value(root: Any, *path: str) -> str | None:
    """Return the text of the first element at a path below the record; None without one."""
    found = root.find("/".join((RECORD, *path)))
    return None if found is None else found.text or ""
