"""Closed handbooks as an archive source: the PDF that was closed, and what it holds in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from branches.handbook.closing import SOURCE_KIND
from branches.handbook.document import file_name
from branches.models import ClosedHandbook
from portal.archives.kept_source import KeptSource
from portal.archives.models import AccessLevel, FileRole, Record, RecordFile
from portal.archives.sources import (
    CapturedState,
    CitedFile,
    ContentPart,
    attached,
    written_rendition,
)
from portal.archives.sources import register as register_source
from portal.files import services as files
from portal.pages.formats import chinese_date

RULE = "党支部工作手册一年一册，年终收回归档；门户于次年1月16日自动收册"


def _state(row: ClosedHandbook) -> CapturedState:
    with override("zh-hans"):
        kind_name = str(_("Handbook of a branch"))
    step = {
        "action": "工作手册收册",
        "account": row.closed_by_id,  # type: ignore[attr-defined]
        "person": str(row.closed_by) if row.closed_by else "",
        "at": row.closed_at.isoformat(),
        "remark": "",
        **({} if row.closed_by else {"rule": RULE}),
    }
    return CapturedState(
        kind=SOURCE_KIND,
        title=file_name(row.branch, row.year).removesuffix(".pdf"),
        business_date=datetime.date(row.year, 12, 31),
        content=row.content,
        shown={"kind_name": kind_name, "unit_name": row.branch.name},
        unit_id=row.branch_id,
        files=[
            CitedFile(
                FileRole.DOCUMENT,
                row.pk,
                file_name(row.branch, row.year),
                row.file.media_type,
                row.file.size,
                row.file.sha256,
            )
        ],
        process=[step],
        actor_id=row.closed_by_id,  # type: ignore[attr-defined]
        access_level=AccessLevel.INTERNAL,
    )


class HandbookSource(KeptSource):
    """Every handbook that was closed."""

    kind: ClassVar[str] = SOURCE_KIND
    file_models: ClassVar[dict[str, str]] = {FileRole.DOCUMENT.value: "branches.ClosedHandbook"}

    def kinds(self) -> dict[str, Any]:
        """Return the one kind."""
        return {SOURCE_KIND: _("Handbook of a branch")}

    def original_chunks(self, file: RecordFile) -> Iterator[bytes]:
        """Read the plain bytes of the closed PDF."""
        row = ClosedHandbook.objects.select_related("file").get(pk=file.source_object_id or 0)
        return files.read(row.file)

    def rendition_context(self, record: Record, payload: dict[str, Any]) -> dict[str, Any]:
        """Return what the handbook holds, and the PDF by its digest."""
        facts = [[part.label, part.text] for part in self.parts(payload)]
        return written_rendition(record, payload, facts, [attached(payload, "工作手册")])

    def people(self, payload: dict[str, Any]) -> list[str]:
        """Return the secretary."""
        name = payload["content"]["secretary"]
        return [name] if name else []

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return counts, the list of activities and what is missing."""
        content = payload["content"]
        held = "\n".join(
            f"{chinese_date(parse_date(day))}　{kind}　{topic}"
            for day, kind, topic in content["activities"]
        )
        missing = "；".join(f"{name}缺{count}次" for name, count in content["missing"])
        parts = [
            ContentPart("branch", "党支部", content["branch"]),
            ContentPart("year", "年度", f"{content['year']}年"),
            ContentPart("secretary", "支部书记", content["secretary"]),
            ContentPart(
                "members",
                "党员",
                f"{content['members']}人，其中正式党员{content['full_members']}人",
            ),
            ContentPart("talks", "谈心谈话", f"{content['talks']}对"),
            ContentPart("activities", "组织生活和活动", held),
            ContentPart("missing", "缺项", missing),
        ]
        return [part for part in parts if part.text]

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return the closed handbook."""
        rows = ClosedHandbook.objects.using(using).select_related(
            "branch", "file", "closed_by__person"
        )
        row = rows.filter(pk=int(source_id)).first()
        return _state(row) if row is not None else None

    def title_of(self, source_id: str) -> str:
        """Return branch and year."""
        row = ClosedHandbook.objects.select_related("branch").filter(pk=int(source_id)).first()
        return file_name(row.branch, row.year).removesuffix(".pdf") if row else ""

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all closed handbooks."""
        return {str(pk) for pk in ClosedHandbook.objects.using(using).values_list("pk", flat=True)}


def register() -> None:
    """Register the source once, when the application is ready."""
    register_source(HandbookSource())
