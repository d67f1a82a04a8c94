"""Destruction lists that were carried out, as an archive source: they are kept for ever."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from portal.archives.appraisal.destruction import LIST_SOURCE
from portal.archives.kept_source import KeptSource
from portal.archives.models import (
    AccessLevel,
    DestructionEntry,
    DestructionList,
    DestructionState,
    RetentionPeriod,
)
from portal.archives.responsible_unit import responsible_unit
from portal.archives.scope.defaults import PERMANENT, DefaultRule, register_default_rules
from portal.archives.sources import CapturedState, ContentPart
from portal.archives.sources import register as register_source

KIND_NAME = "档案销毁清册"
#: The periods as records of this country print them.
PERIOD_WORDS = {
    RetentionPeriod.PERMANENT: "永久",
    RetentionPeriod.THIRTY_YEARS: "30年",
    RetentionPeriod.TEN_YEARS: "10年",
}


def _row(entry: DestructionEntry) -> dict[str, Any]:
    return {
        "code": entry.archive_code,
        "title": entry.title,
        "title_digest": entry.title_digest,
        "unit": entry.unit_name,
        "year": entry.year,
        "period": entry.period,
        "expired_on": entry.expired_on.isoformat() if entry.expired_on else "",
        "pages": entry.pages,
        "destroyed_on": timezone.localdate(entry.destroyed_at).isoformat()
        if entry.destroyed_at
        else "",
        "entry": entry.tombstone,
        "remark": entry.remark,
    }


def _state(found: DestructionList, using: str) -> CapturedState:
    unit = responsible_unit((found.made_by,), using)
    executed = found.executed_at or timezone.now()
    witnesses = list(found.witnesses.all())
    steps = [
        ("编制", found.made_by_id, found.made_by_name, found.proposed_at),
        ("审批", found.approved_by_id, found.approved_by_name, found.approved_at),
        *(("监销", one.account_id, one.name, one.signed_at) for one in witnesses),
    ]
    return CapturedState(
        kind=LIST_SOURCE,
        title=f"{KIND_NAME}（{found.number}）",
        reference=found.number,
        business_date=timezone.localdate(executed),
        content={
            "model": LIST_SOURCE,
            "number": found.number,
            "basis": found.basis,
            "made_by": found.made_by_name,
            "approved_by": found.approved_by_name,
            "witnesses": [witness.name for witness in witnesses],
            "entries": [_row(entry) for entry in found.entries.order_by("archive_code", "pk")],
        },
        shown={"kind_name": KIND_NAME, "unit_name": unit.name if unit else ""},
        unit_id=unit.pk if unit else None,
        process=[
            {
                "action": action,
                "account": account,
                "person": person,
                "at": moment.isoformat() if moment else None,
                "remark": "",
            }
            for action, account, person, moment in steps
        ],
        actor_id=found.made_by_id,
        access_level=AccessLevel.INTERNAL,
    )


def _words(row: dict[str, Any]) -> str:
    period = PERIOD_WORDS[RetentionPeriod(row["period"])]
    parts = [
        f"《{row['title']}》" if row["title"] else "（控制档案，题名不载）",
        row["unit"],
        f"{row['year']}年度",
        f"保管期限{period}",
        f"{row['pages']}页" if row["pages"] else "",
        _destroyed_words(row["destroyed_on"]),
        f"账簿条目{row['entry']}" if row["entry"] else "",
        row["remark"],
    ]
    return "，".join(part for part in parts if part)


def _destroyed_words(text: str | None) -> str:
    """Return on which day a record was destroyed, as papers say it; nothing before that."""
    day = parse_date(text) if text else None
    return f"{day.year}年{day.month}月{day.day}日销毁" if day else ""


class DestructionListSource(KeptSource):
    """Every list that was carried out."""

    kind: ClassVar[str] = LIST_SOURCE

    def kinds(self) -> dict[str, Any]:
        """Return the one kind."""
        return {LIST_SOURCE: _("Destruction list of the archive")}

    def people(self, payload: dict[str, Any]) -> list[str]:
        """Return who approved and who witnessed."""
        content = payload["content"]
        return [content["approved_by"], *content["witnesses"]]

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return basis, people and every record of the list."""
        content = payload["content"]
        return [
            ContentPart("number", "清册编号", content["number"]),
            ContentPart("basis", "销毁依据", content["basis"]),
            ContentPart("made_by", "编制人", content["made_by"]),
            ContentPart("approved_by", "审批人", content["approved_by"]),
            ContentPart("witnesses", "监销人", "、".join(content["witnesses"])),
            *(
                ContentPart(f"entry-{row['code']}", row["code"], _words(row))
                for row in content["entries"]
            ),
        ]

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return a list that was carried out."""
        found = (
            DestructionList.objects.using(using)
            .filter(pk=uuid.UUID(source_id), state=DestructionState.EXECUTED)
            .select_related("made_by__person__unit")
            .first()
        )
        return _state(found, using) if found is not None else None

    def title_of(self, source_id: str) -> str:
        """Return the number of the list."""
        found = DestructionList.objects.filter(pk=uuid.UUID(source_id)).first()
        return str(found) if found is not None else ""

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all lists that were carried out."""
        done = DestructionList.objects.using(using).filter(state=DestructionState.EXECUTED)
        return {str(pk) for pk in done.values_list("pk", flat=True)}


def register() -> None:
    """Register source and rule once, when the application is ready."""
    register_source(DestructionListSource())
    register_default_rules(
        DefaultRule(
            LIST_SOURCE,
            KIND_NAME,
            "档案销毁清册永久保存（国家档案局令第8号、第10号）",
            "DQ01",
            PERMANENT,
        )
    )
