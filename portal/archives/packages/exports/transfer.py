"""The transfer package: the layout of a transfer medium inside a bag.

Source: 电子档案移交与接收办法 (2012): 说明文件.TXT and 文件目录.XML beside 电子档案/<年度>/<类别>/,
with a folder for each item and 其他/ for what helps to read it.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any, Self

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from lxml import etree

from portal.archives import file_access, store
from portal.archives.inspection import report_documents
from portal.archives.inspection.contents import safe_name
from portal.archives.inspection.metadata import text_allowed
from portal.archives.models import AccessLevel, Fonds, Record, RecordFile, SealedPackage
from portal.archives.packages.exports.bag import BagWriter
from portal.archives.packages.exports.items import SealedItem, authorities, sealed_item
from portal.archives.packages.exports.selection import in_batches
from portal.archives.retrieval.exports import remark

DESCRIPTION, CATALOGUE = "说明文件.TXT", "文件目录.XML"
ITEMS, OTHERS = "电子档案", "其他"
METHOD, AUTHORITIES = f"{OTHERS}/核验方法.txt", f"{OTHERS}/签名机构.pem"
CHECKS = f"{OTHERS}/四性检测.XML"
OUTSIDE = "包外文件"
Progress = Callable[[int], None]


def item_folder(record: Record) -> str:
    """Return the folder of an item in the package."""
    code = safe_name(record.archive_code or str(record.pk))
    return f"{ITEMS}/{record.year}/{safe_name(record.class_code)}/{code}"


def write(target: IO[bytes], name: str, records: Any, progress: Progress) -> int:
    """Write the transfer package of these records and return how many there are.

    Raises:
        NotAllSealed: one of them has no package.
        NotPassed: one of them has not passed the checks of a transfer.
        SourceDamaged: what a package names beside it is gone.
        WrongDigest, MissingFile, SealedUnreadable: stored bytes are not those that were recorded.
    """
    count, first, last = 0, "", ""
    with (
        BagWriter(target, name) as bag,
        _Listing("文件目录", 依据="电子档案移交与接收办法") as catalogue,
        _Listing("四性检测", 依据="DA/T 70-2018") as checks,
    ):
        for record in in_batches(records):
            item = sealed_item(record)
            count += 1
            last = record.archive_code or ""
            first = first or last
            catalogue.add(_entry(count, record, _write_files(bag, item)))
            checks.add(report_documents.summary(record, item.check))
            progress(count)
        bag.add(CATALOGUE, catalogue.written())
        bag.add(CHECKS, checks.written())
        bag.add(METHOD, [_method().encode()])
        if certificates := authorities():
            bag.add(AUTHORITIES, [certificates])
        described = _description(name, count, bag.payload_bytes, first, last)
        bag.add(DESCRIPTION, [described.encode()])
        bag.finish(
            {
                "Source-Organization": settings.SITE_NAME,
                "External-Identifier": name,
                "External-Description": f"{count} 件，{first} 至 {last}",
            }
        )
    return count


class _Listing:
    """An XML document with one element for each item, on the disk while it grows."""

    def __init__(self, root: str, **attributes: str) -> None:
        self._root, self._attributes = root, attributes
        self._opened = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._file = self._opened.enter_context(tempfile.TemporaryFile())
        self._elements = contextlib.ExitStack()
        self._document = self._elements.enter_context(etree.xmlfile(self._file, encoding="UTF-8"))
        self._document.write_declaration()
        self._elements.enter_context(self._document.element(self._root, self._attributes))
        return self

    def __exit__(self, *_failure: object) -> None:
        self._opened.close()

    def add(self, element: Any) -> None:
        """Write the element of the next item."""
        self._document.write(element, pretty_print=True)

    def written(self) -> Iterator[bytes]:
        """End the document and return its bytes."""
        self._elements.close()
        self._file.seek(0)
        return iter(lambda: self._file.read(store.CHUNK_BYTES), b"")


def _write_files(bag: BagWriter, item: SealedItem) -> list[tuple[str, RecordFile]]:
    """Write the package of an item, and what is kept beside it."""
    folder = item_folder(item.record)
    package = item.package.file
    written = [(f"{folder}/{safe_name(package.name)}", package)]
    for number, file in enumerate(item.outside, 1):
        written.append((f"{folder}/{OUTSIDE}/{number:02d}-{safe_name(file.name)}", file))
    for path, file in written:
        bag.add(path, file_access.open_chunks(file), file.sha256)
    return written


def _entry(number: int, record: Record, written: list[tuple[str, RecordFile]]) -> Any:
    entry = etree.Element("文件")
    for name, value in (
        ("顺序号", number),
        ("档号", record.archive_code),
        ("电子文件号", record.pk),
        ("文号", record.reference),
        ("责任者", record.unit.name if record.unit else ""),
        ("题名", record.title),
        ("日期", f"{record.business_date:%Y%m%d}"),
        ("密级", "公开" if record.access_level == AccessLevel.OPEN else "内部"),
    ):
        etree.SubElement(entry, name).text = text_allowed(value)
    for path, file in written:
        etree.SubElement(
            entry, "电子档案名称", {"字节数": str(file.size), "SHA-256": file.sha256}
        ).text = path
    etree.SubElement(entry, "备注").text = text_allowed(remark(record))
    return entry


def _description(name: str, count: int, size: int, first: str, last: str) -> str:
    fonds = "；".join(
        f"{one.code} {one.name}（{one.unit_name}）" for one in Fonds.objects.order_by("code")
    )
    lines = (
        ("名称", name),
        ("移交单位", settings.SITE_NAME),
        ("全宗", fonds),
        ("件数", count),
        ("字节数", size),
        ("起止档号", f"{first} 至 {last}" if first else ""),
        ("目录文件", CATALOGUE),
        ("四性检测", f"每件移交前均通过移交与接收环节检测，结论见{CHECKS}"),
        ("封装格式", "PDF/A-3，DA/T 48-2009封装包XML，PAdES签名；BagIt 1.0（RFC 8493）"),
        ("核验方法", METHOD),
        ("编制时间", timezone.localtime().isoformat(timespec="seconds")),
    )
    return "".join(f"{title}：{value}\r\n" for title, value in lines)


def _method() -> str:
    return render_to_string("archives/packages/method.txt").replace("\n", "\r\n")


def paths_of(records: Any) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of every item file that a transfer package of these records has."""
    for record in in_batches(records):
        package = SealedPackage.objects.filter(record=record).select_related("file").last()
        if package is not None:
            yield f"{item_folder(record)}/{safe_name(package.file.name)}", package.file.sha256
