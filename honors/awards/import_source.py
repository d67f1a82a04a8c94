"""Workbooks of old honors as an archive source: one record holds the whole register."""

from __future__ import annotations

import mimetypes
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from honors.models import Award, HonorImport
from portal.archives.capture import capture
from portal.archives.kept_source import KeptSource
from portal.archives.models import AccessLevel, Record
from portal.archives.responsible_unit import responsible_unit
from portal.archives.sources import CapturedState, CitedFile, ContentPart, written_rendition
from portal.archives.sources import register as register_source

SOURCE_KIND = "honor-register"
_HEADER = ["证书编号", "获奖人（单位）", "称号", "所在单位", "表彰决定"]


def capture_import(pk: int) -> None:
    """Write the record of a confirmed workbook at the commit."""
    capture(SOURCE_KIND, str(pk))


def _awards(pk: int, using: str) -> list[Award]:
    rows = Award.objects.using(using).confirmed().filter(taken_from=pk)
    return list(rows.select_related("picture", "unit", "confirmed_by__person__unit").order_by("pk"))


def _state(row: HonorImport, awards: list[Award], using: str) -> CapturedState:
    first = awards[0]
    unit = responsible_unit((first.confirmed_by, row.uploaded_by), using, first.unit)
    moment = first.confirmed_at or row.uploaded_at
    with override("zh-hans"):
        kind_name = str(_("Register of old honors"))
        steps = (
            (_("Workbook taken over"), row.uploaded_by, row.taken_at or row.uploaded_at),
            (_("Register confirmed"), first.confirmed_by, moment),
        )
        process = [
            {
                "action": str(label),
                "account": user.pk if user else None,
                "person": str(user) if user else "",
                "at": at.isoformat(),
                "remark": "",
            }
            for label, user, at in steps
        ]
    return CapturedState(
        kind=SOURCE_KIND,
        title=f"历年荣誉名册（{len(awards)}项）",
        business_date=moment.date(),
        content={
            "model": SOURCE_KIND,
            "workbook_sha256": row.sha256,
            "honors": [
                [
                    award.number,
                    award.subject_name,
                    f"{award.year}年度{award.title_name}",
                    award.unit_name,
                    f"{award.decision_number}，{award.decided_on.isoformat()}",
                ]
                for award in awards
            ],
        },
        shown={"kind_name": kind_name, "unit_name": unit.name if unit else ""},
        unit_id=unit.pk if unit else None,
        files=[
            CitedFile(
                "picture",
                award.picture.pk,
                award.picture.filename,
                mimetypes.guess_type(award.picture.file.name)[0] or "image/jpeg",
                award.picture.file.size,
                award.picture.sha256,
            )
            for award in awards
            if award.picture is not None
        ],
        process=process,
        actor_id=first.confirmed_by_id,
        access_level=AccessLevel.OPEN,
    )


class HonorRegisterSource(KeptSource):
    """Every workbook whose honors were confirmed."""

    kind: ClassVar[str] = SOURCE_KIND
    file_models: ClassVar[dict[str, str]] = {"picture": "pages.PortalImage"}

    def kinds(self) -> dict[str, Any]:
        """Return the one kind."""
        return {SOURCE_KIND: _("Register of old honors")}

    def rendition_context(self, record: Record, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the register as a table for paper."""
        table = {
            "type": "table",
            "caption": "荣誉名册",
            "header": _HEADER,
            "rows": payload["content"]["honors"],
        }
        return written_rendition(record, payload, [], [table])

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return the register as lines."""
        rows = payload["content"]["honors"]
        lines = "\n".join("，".join(cell or "—" for cell in row) for row in rows)
        return [ContentPart("honors", "荣誉名册", lines)]

    def origin(self, source_id: str) -> dict[str, str] | None:
        """Return the wall, which shows the honors."""
        return {"title": "荣誉榜", "url": "/honors/"}

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return the confirmed register; None while nobody confirmed it."""
        row = (
            HonorImport.objects.using(using)
            .select_related("uploaded_by__person__unit")
            .filter(pk=int(source_id))
            .first()
        )
        awards = _awards(int(source_id), using)
        return _state(row, awards, using) if row is not None and awards else None

    def title_of(self, source_id: str) -> str:
        """Return what a register is."""
        return "历年荣誉名册"

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all confirmed workbooks."""
        rows = Award.objects.using(using).confirmed().filter(taken_from__isnull=False)
        return {str(pk) for pk in rows.values_list("taken_from", flat=True).distinct()}


def register() -> None:
    """Register the source once, when the application is ready."""
    register_source(HonorRegisterSource())
