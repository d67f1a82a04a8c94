"""Closed case files as an archive source: controlled records that nobody has to publish."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import override

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
from portal.cases.flow import flow, flows
from portal.cases.history import BESIDE, actor_name, nameless_party, step_name
from portal.cases.models import Case, CaseDocument, CaseEvent, ClosedFile
from portal.cases.services import SOURCE_KIND
from portal.files import services as files


def freeze(case: Case) -> ClosedFile:
    """Write down the case file as it is at this moment, inside the closing transaction."""
    events = list(case.events.select_related("actor__person").order_by("sequence"))
    with override("zh-hans"):
        content = {
            "model": SOURCE_KIND,
            "flow": case.flow,
            "number": case.number,
            "state": case.state,
            "file": case.table.case_file(case, events),
            "clocks": [_clock(clock) for clock in case.clocks.order_by("pk")],
            "events": [_event(event) for event in events],
        }
        shown = {
            "kind_name": str(case.table.archive_kind[1]),
            "unit_name": case.unit.name,
            "item": case.item,
            "process": [_step(case, event) for event in events],
        }
    closed, _created = ClosedFile.objects.update_or_create(
        case=case,
        defaults={
            "content": json.dumps(content, ensure_ascii=False, default=str, sort_keys=True),
            "shown": json.dumps(shown, ensure_ascii=False, default=str),
            "closed_at": events[-1].at,
        },
    )
    return closed


def _event(event: CaseEvent) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "transition": event.transition,
        "from": event.from_state,
        "to": event.to_state,
        "party": event.party,
        "actor": event.actor_id,
        "at": event.at.isoformat(),
        "reason": event.note_public,
        "note": event.note_internal,
        "data": event.data,
    }


def _clock(clock: Any) -> dict[str, Any]:
    return {
        "code": clock.code,
        "started_on": clock.started_on.isoformat(),
        "days": clock.days,
        "extension_days": clock.extension_days,
        "ended_on": clock.ended_on.isoformat() if clock.ended_on else None,
        "pauses": [
            [pause.since.isoformat(), pause.until.isoformat() if pause.until else None]
            for pause in clock.pauses.all()
        ],
    }


def _step(case: Case, event: CaseEvent) -> dict[str, Any]:
    return {
        "action": step_name(case.table, event.transition),
        "account": event.actor_id,
        "person": actor_name(case.table, event),
        "at": event.at.isoformat(),
        "remark": event.note_public,
        **_answered_for(case, event),
    }


def _answered_for(case: Case, event: CaseEvent) -> dict[str, str]:
    """Return what answers for a step without an account: a rule, or that nobody is to be known."""
    if event.actor is not None:
        return {}
    if nameless_party(case.table, event):
        return {"unsigned": "按流程表不署名，不记录由谁办理"}
    return {"rule": _rule(case, event.transition)}


def _rule(case: Case, code: str) -> str:
    """Return the rule by which the portal took a step itself."""
    clause = next((row.clause for row in case.table.transitions if row.code == code), "")
    return clause or f"{case.table.name}流程表：{step_name(case.table, code)}"


def _documents(case: Case) -> list[CaseDocument]:
    return list(case.documents.select_related("file").order_by("pk"))


def _state(closed: ClosedFile) -> CapturedState:
    case = closed.case
    shown = json.loads(closed.shown)
    # What happens beside the table after the end, such as a new code, is no part of the file.
    last = case.events.exclude(transition__in=BESIDE).order_by("-sequence").first()
    return CapturedState(
        kind=case.table.archive_kind[0],
        title=f"{shown['item']} {case.number}".strip(),
        business_date=timezone.localdate(closed.closed_at),
        content=json.loads(closed.content),
        shown={**shown, "process": []},
        unit_id=case.unit_id,
        reference=case.number,
        files=[
            CitedFile(
                FileRole.DOCUMENT,
                document.pk,
                document.title,
                document.file.media_type,
                document.file.size,
                document.file.sha256,
            )
            for document in _documents(case)
        ],
        process=shown["process"],
        actor_id=last.actor_id if last else None,
        access_level=AccessLevel.CONTROLLED,
    )


class CaseFileSource(KeptSource):
    """Every case that closed, whichever flow it ran through."""

    kind: ClassVar[str] = SOURCE_KIND
    file_models: ClassVar[dict[str, str]] = {FileRole.DOCUMENT.value: "cases.CaseDocument"}

    def kinds(self) -> dict[str, Any]:
        """Return one kind for each flow."""
        return {table.archive_kind[0]: table.archive_kind[1] for table in flows()}

    def original_chunks(self, file: RecordFile) -> Iterator[bytes]:
        """Read the plain bytes of a document of the case."""
        document = CaseDocument.objects.select_related("file").get(pk=file.source_object_id or 0)
        return files.read(document.file)

    def rendition_context(self, record: Record, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the case file for paper: its parts, its documents by digest."""
        facts = [[part.label, part.text] for part in self.parts(payload)]
        return written_rendition(record, payload, facts, [attached(payload, "案卷材料")])

    def people(self, payload: dict[str, Any]) -> list[str]:
        """Return the names of those the case is about."""
        return [str(name) for name in payload["content"]["file"].get("people", [])]

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return the case file as readable text, as its subject words it."""
        content = payload["content"]
        return flow(content["flow"]).case_parts(content["file"])

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return the closed file; None while the case runs or runs again."""
        closed = (
            ClosedFile.objects.using(using)
            .filter(pk=uuid.UUID(source_id))
            .select_related("case__unit")
        )
        found = closed.first()
        return _state(found) if found is not None else None

    def title_of(self, source_id: str) -> str:
        """Return item and number of a case."""
        case = Case.objects.filter(pk=uuid.UUID(source_id)).first()
        return f"{case.item} {case.number}" if case else ""

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all closed files."""
        return {str(pk) for pk in ClosedFile.objects.using(using).values_list("pk", flat=True)}


def register() -> None:
    """Register the source once, when the application is ready."""
    register_source(CaseFileSource())
