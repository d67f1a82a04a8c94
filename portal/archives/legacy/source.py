"""Rows of confirmed catalogues as an archive source."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.archives.kept_source import KeptSource
from portal.archives.models import (
    ArchiveClass,
    FileRole,
    LegacyItem,
    LegacyScan,
    Record,
    RetentionPeriod,
)
from portal.archives.refusals import NotReady
from portal.archives.sources import (
    CapturedState,
    CitedFile,
    ContentPart,
    attached,
    written_rendition,
)
from portal.archives.sources import register as register_source

LEGACY_SOURCE = "legacy"
LEGACY_KIND = "legacy"
TAKE_OVER = "take-over"
# The words of the catalogue, in every language.
LABELS = {
    "old_code": "原档号",
    "author": "责任者",
    "year": "年度",
    "class": "类别号",
    "period": "保管期限",
    "secrecy": "密级",
    "page_count": "页数",
    "box": "盒号",
    "physical_form": "数字化对象形态",
    "resolution": "扫描分辨率",
    "color_model": "扫描色彩模式",
    "compression": "图像压缩方案",
    "remark": "备注",
}
PERIOD_WORDS = {"Y": "永久", "D30": "30年", "D10": "10年"}


@dataclass(frozen=True)
class Proposal:
    """What the catalogue says of a record; the pool proposes it before any rule."""

    archive_class: ArchiveClass
    period: str
    clause: str
    old_code: str
    box: str


def proposal_of(record: Record) -> Proposal | None:
    """Return what the catalogue of a record says, None for records that came otherwise."""
    if record.source_kind != LEGACY_SOURCE:
        return None
    item = (
        LegacyItem.objects.filter(pk=int(record.source_id)).select_related("archive_class").first()
    )
    if item is None:
        return None
    with override("zh-hans"):
        clause = _("As in the catalogue, row %(row)d") % {"row": item.row_number}
    return Proposal(item.archive_class, item.period, clause, item.old_code, item.box)


def _content(item: LegacyItem) -> dict[str, Any]:
    return {
        "model": LEGACY_SOURCE,
        "fields": {
            "title": item.title,
            "reference": item.reference,
            "author": item.author,
            "date": item.document_date,
            "old_code": item.old_code,
            "year": item.year,
            "class": item.archive_class_id,
            "period": item.period,
            "secrecy": item.secrecy,
            "page_count": item.page_count,
            "remark": item.remark,
            "box": item.box,
            "physical_form": item.physical_form,
            "resolution": item.resolution,
            "color_model": item.color_model,
            "compression": item.compression,
        },
    }


def _facts(item: LegacyItem) -> list[list[str]]:
    values = {
        **_content(item)["fields"],
        "class": str(item.archive_class),
        "period": PERIOD_WORDS[RetentionPeriod(item.period)],
    }
    return [[label, str(values[key])] for key, label in LABELS.items() if values[key]]


def state_of_item(item: LegacyItem, scans: list[LegacyScan]) -> CapturedState:
    """Return what the record of an item says. The item comes with batch, unit and class."""
    batch = item.batch
    uploader = batch.uploaded_by
    return CapturedState(
        kind=LEGACY_KIND,
        title=item.title,
        business_date=item.document_date,
        content=_content(item),
        shown={
            "facts": _facts(item),
            "unit_name": item.unit.name,
            "kind_name": "传统载体档案数字化成果",
        },
        unit_id=item.unit_id,
        reference=item.reference,
        files=[
            CitedFile(
                FileRole.SCAN,
                scan.pk,
                PurePosixPath(scan.name).name,
                scan.media_type,
                scan.size,
                scan.sha256,
            )
            for scan in scans
        ],
        process=[
            {
                "action": TAKE_OVER,
                "account": batch.uploaded_by_id,
                "person": str(uploader) if uploader else "",
                "at": batch.uploaded_at,
                "remark": f"目录“{batch.catalogue_name[:80]}”第{item.row_number}行",
            }
        ],
        actor_id=batch.uploaded_by_id,
        late=True,
        reason="传统载体档案数字化成果补录",
    )


class LegacySource(KeptSource):
    """Every row of a confirmed catalogue."""

    kind: ClassVar[str] = LEGACY_SOURCE
    file_models: ClassVar[dict[str, str]] = {FileRole.SCAN.value: "archives.LegacyScan"}

    def kinds(self) -> dict[str, Any]:
        """Return the one kind."""
        return {LEGACY_KIND: gettext_lazy("Paper records of earlier years")}

    def rendition_context(self, record: Record, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the catalogue card of an item, with its scans by digest."""
        facts = payload["shown"]["facts"]
        return written_rendition(record, payload, facts, [attached(payload, "扫描件")])

    def people(self, payload: dict[str, Any]) -> list[str]:
        """Return the author as the catalogue names it; mostly an organization."""
        author = payload["content"]["fields"].get("author", "")
        return [author] if author else []

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
        """Return what a confirmed row says."""
        item = (
            LegacyItem.objects.using(using)
            .filter(pk=int(source_id), reserved=True)
            .select_related("batch__uploaded_by__person", "unit", "archive_class")
            .first()
        )
        if item is None:
            return None
        return state_of_item(item, list(item.scans.using(using).order_by("position", "pk")))

    def state_of(self, source_id: str) -> CapturedState | None:
        """Return what a row says that became a record."""
        if not LegacyItem.objects.filter(pk=int(source_id), record__isnull=False).exists():
            return None
        return self.committed_state(source_id, "default")

    def accept_capture(self, source_id: str, state: CapturedState) -> None:
        """Refuse what no archivist confirmed.

        Raises:
            NotReady: the batch of the row is not confirmed.
        """
        if not LegacyItem.objects.filter(pk=int(source_id), reserved=True).exists():
            raise NotReady(_("The catalogue of this item is not confirmed."))

    def title_of(self, source_id: str) -> str:
        """Return the title of a row."""
        found = LegacyItem.objects.filter(pk=int(source_id)).values_list("title", flat=True)
        return found.first() or ""

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all rows that became records."""
        keys = LegacyItem.objects.using(using).filter(record__isnull=False)
        return {str(pk) for pk in keys.values_list("pk", flat=True)}


def register() -> None:
    """Register the source once, when the application is ready."""
    register_source(LegacySource())
