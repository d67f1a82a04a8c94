"""Damages that the checks of completeness must find."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.models import Page

from portal.archives.models import (
    FileRole,
    IssuedCode,
    RecordFile,
    ScopeRule,
)
from tests.archives.mutations.bench import Bench, Mutation

PDF, TEXT = FileRole.DOCUMENT_COPY, FileRole.DOCUMENT
RECORD = "文件实体"


def _row_gone(role: str) -> Any:
    return lambda b: RecordFile.objects.filter(pk=b.file(role).pk).delete()


def without_approval(payload: dict[str, Any]) -> None:
    payload["process"] = [event for event in payload["process"] if event["action"] != "approve"]


def _nobody_drafted(payload: dict[str, Any]) -> None:
    payload["process"][0].update(account=None, person="")


def _no_moment(payload: dict[str, Any]) -> None:
    payload["process"][1]["at"] = None


def _second_attachment(payload: dict[str, Any]) -> None:
    payload["files"].append({**payload["files"][0], "object": 424_242, "name": "第二份.txt"})


def _last_page_gone(document: Any) -> None:
    document.add_blank_page()


def _void_without_reason(bench: Bench) -> None:
    IssuedCode.objects.filter(item_number=2).update(voided_at=timezone.now(), void_reason="")


def _first_number_gone(bench: Bench) -> None:
    own = IssuedCode.objects.get(record=bench.record)
    gone = IssuedCode.objects.filter(
        archive_class=own.archive_class_id, item_number__lt=own.item_number
    )
    assert gone.delete()[0] > 0


def _page(bench: Bench, **values: Any) -> None:
    Page.objects.filter(pk=int(bench.record.source_id)).update(**values)


def _rules(bench: Bench, **values: Any) -> None:
    ScopeRule.objects.filter(kind=bench.record.kind).update(**values)


def _without_agents(root: Any) -> None:
    for agent in root.findall("机构人员实体"):
        root.remove(agent)


MUTATIONS = [
    Mutation("a row gone", "2-1", _row_gone(TEXT)),
    Mutation("the text gone", "2-1", _row_gone(PDF)),
    Mutation("another number of files registered", "2-1", lambda b: b.field("文件数", "99")),
    Mutation("no number of items registered", "2-1", lambda b: b.field("件数", "")),
    Mutation("a text cut short", "2-2", lambda b: b.put(PDF, b.body(PDF)[:-100])),
    Mutation("another number of bytes registered", "2-2", lambda b: b.field("字节数", "12345")),
    Mutation("an element left out", "2-3", lambda b: b.without(f"{RECORD}/形式特征/语种")),
    Mutation("no agents", "2-3", lambda b: b.xml("metadata", _without_agents)),
    Mutation("no title", "2-4", lambda b: b.element(f"{RECORD}/内容描述/题名", " ")),
    Mutation("no author", "2-4", lambda b: b.element(f"{RECORD}/内容描述/责任者", "")),
    Mutation(
        "no code after the acceptance", "2-4", lambda b: b.element(f"{RECORD}/档号/编码", ""), True
    ),
    Mutation("no approval", "2-5", lambda b: b.payload("capture", without_approval)),
    Mutation("nobody drafted it", "2-5", lambda b: b.payload("capture", _nobody_drafted)),
    Mutation("submitted at no time", "2-5", lambda b: b.payload("capture", _no_moment)),
    Mutation("a gap inside the item", "2-6", lambda b: b.row(1, "顺序号", "7")),
    Mutation("a number of the class gone", "2-6", _first_number_gone, True),
    Mutation("a void without a reason", "2-6", _void_without_reason, True),
    Mutation("a text that does not open", "2-7", lambda b: b.put(PDF, b"%PDF-1.7\nnothing")),
    Mutation("a text with another page", "2-7", lambda b: b.pdf(_last_page_gone)),
    Mutation(
        "other pages in the metadata", "2-7", lambda b: b.element(f"{RECORD}/形式特征/页数", "9")
    ),
    Mutation("half a picture", "2-7", lambda b: b.put("picture", b.body("picture")[:60])),
    Mutation("an empty attachment", "2-7", lambda b: b.put(TEXT, b" ")),
    Mutation("an attachment gone", "2-8", _row_gone(TEXT)),
    Mutation("the bytes of an attachment gone", "2-8", lambda b: b.raw(TEXT, lambda body: None)),
    Mutation(
        "a published attachment missing", "2-8", lambda b: b.payload("capture", _second_attachment)
    ),
    Mutation("no rule for the kind", "2-9", lambda b: _rules(b, kind="nothing")),
    Mutation("a rule that does not file it", "2-9", lambda b: _rules(b, files=False)),
    Mutation("another text published meanwhile", "2-9", lambda b: _page(b, title="别的题名")),
    Mutation("withdrawn behind the archive's back", "2-9", lambda b: _page(b, live=False)),
    Mutation("an event left out", "2-10", lambda b: b.without("业务实体")),
    Mutation("an actor left out", "2-10", lambda b: b.without("机构人员实体")),
    Mutation("no catalogue", "2-10", _row_gone("catalogue")),
    Mutation("a row of the catalogue gone", "2-11", lambda b: b.without("文件", "catalogue")),
    Mutation("a file too many", "2-11", lambda b: b.extra_file()),
    Mutation("the digest of another file", "2-11", lambda b: b.row(0, "SHA-256", "0" * 64)),
]
