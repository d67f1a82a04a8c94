"""Delivered flows as an archive source: process sheet, text and attachments in one record."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from portal.archives.deliveries.services import SOURCE
from portal.archives.kept_source import KeptSource
from portal.archives.models import DeliveredFile, Delivery, FileRole, FlowKind, Record
from portal.archives.scope.defaults import (
    PERMANENT,
    TEN_YEARS,
    THIRTY_YEARS,
    DefaultRule,
    register_default_rules,
)
from portal.archives.sources import (
    CapturedState,
    CitedFile,
    ContentPart,
    attached,
    written_rendition,
)
from portal.archives.sources import register as register_source

KIND = "office-flow"
KIND_NAME = "业务系统办结流程"
_ROLE_NAMES = {"form": "阅办单", "main": "正文", "attachment": "附件"}
_KIND_NAMES = {
    "incoming": "收文",
    "outgoing": "发文",
    "request": "请示报告",
    "minutes": "会议纪要",
    "other": "其他流程",
}


def _state(delivery: Delivery, files: list[DeliveredFile]) -> CapturedState:
    return CapturedState(
        kind=KIND,
        subkind=delivery.kind,
        title=delivery.title,
        business_date=delivery.finished_on,
        content={
            "model": SOURCE,
            "fields": {
                "system": delivery.system.name,
                "number": delivery.number,
                "kind": delivery.kind,
                "title": delivery.title,
                "reference": delivery.reference,
                "finished_on": delivery.finished_on,
                "files": [[file.role, file.name, file.sha256] for file in files],
            },
        },
        shown={
            "facts": [
                ["来源系统", delivery.system.name],
                ["流程编号", delivery.number],
                ["流程类别", _KIND_NAMES[delivery.kind]],
            ],
            "unit_name": delivery.unit.name,
            "kind_name": KIND_NAME,
        },
        unit_id=delivery.unit_id,
        reference=delivery.reference,
        files=[
            CitedFile(
                FileRole.DOCUMENT,
                file.pk,
                f"{_ROLE_NAMES[file.role]} {file.name}",
                file.media_type,
                file.size,
                file.sha256,
            )
            for file in files
        ],
        process=[
            # The other system answers for who its people are.
            *({**step, "account": None, "system": delivery.system.name} for step in delivery.steps),
            {
                "action": "移交归档",
                "account": None,
                "system": delivery.system.name,
                "person": delivery.system.name,
                "at": delivery.received_at,
                "remark": "",
            },
        ],
        reason="业务系统办结后移交归档",
    )


class DeliverySource(KeptSource):
    """Every delivery that was taken."""

    kind: ClassVar[str] = SOURCE
    file_models: ClassVar[dict[str, str]] = {FileRole.DOCUMENT.value: "archives.DeliveredFile"}

    def kinds(self) -> dict[str, Any]:
        """Return the one kind."""
        return {KIND: _("Finished flow of another system")}

    def subkinds(self, kind: str) -> dict[str, Any]:
        """Return what flows are about."""
        return {str(code): name for code, name in FlowKind.choices} if kind == KIND else {}

    def rendition_context(self, record: Record, payload: dict[str, Any]) -> dict[str, Any]:
        """Return where the flow came from, with its files by digest."""
        facts = payload["shown"]["facts"]
        return written_rendition(record, payload, facts, [attached(payload, "文件")])

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return title and facts as text."""
        return [
            ContentPart("title", "题名", payload["title"]),
            *(
                ContentPart(f"fact-{label}", label, value)
                for label, value in payload["shown"]["facts"]
            ),
        ]

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return what a delivery says."""
        delivery = (
            Delivery.objects.using(using)
            .filter(pk=int(source_id))
            .select_related("system", "unit")
            .first()
        )
        if delivery is None:
            return None
        return _state(delivery, list(delivery.files.using(using).order_by("position")))

    def title_of(self, source_id: str) -> str:
        """Return the title of a delivery."""
        found = Delivery.objects.filter(pk=int(source_id)).values_list("title", flat=True)
        return found.first() or ""

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all deliveries."""
        return {str(pk) for pk in Delivery.objects.using(using).values_list("pk", flat=True)}


def register() -> None:
    """Register the source and its rows of the scope table once, when the application is ready."""
    register_source(DeliverySource())
    # Source: the retention periods of Party work in chapter 8.2 of the domain facts; which of
    # them fits a flow is the archivist's to decide, so the rows say that they are not verified.
    for subkind, name, clause, period in (
        (FlowKind.OUTGOING, "本单位发文", "本单位制发的党群文件，永久", PERMANENT),
        (FlowKind.MINUTES, "会议纪要", "党委会等会议纪要，永久", PERMANENT),
        (FlowKind.REQUEST, "请示、报告及批复", "请示报告及批复，30年", THIRTY_YEARS),
        (FlowKind.INCOMING, "收文", "上级机关来文，30年", THIRTY_YEARS),
        ("", "其他流程", "一般事务性流程，10年", TEN_YEARS),
    ):
        register_default_rules(
            DefaultRule(
                KIND,
                f"业务系统移交：{name}",
                f"党群类：{clause}",
                "DQ01",
                period,
                subkind=subkind,
                unverified=True,
            )
        )
