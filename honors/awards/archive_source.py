"""Awards as an archive source: what was granted and what happened to it later.

Awards of a round are in the record of its decision, and those of a workbook in the record of the
workbook; from the first change of its state on, each award has records of its own as well.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from honors.models import Award, AwardChange, ChangeOutcome
from portal.archives.capture import capture
from portal.archives.kept_source import KeptSource
from portal.archives.models import AccessLevel
from portal.archives.sources import CapturedState, ContentPart
from portal.archives.sources import register as register_source
from portal.pages.formats import chinese_date

SOURCE_KIND = "honor-award"


def capture_award(pk: int) -> None:
    """Write a record of an award at the commit, if it has records of its own."""
    capture(SOURCE_KIND, str(pk))


def _recorded(using: str) -> Any:
    """Return the awards with records of their own."""
    changed = AwardChange.objects.using(using).filter(
        award=OuterRef("pk"), outcome=ChangeOutcome.CONFIRMED
    )
    by_hand = Q(nomination__isnull=True, taken_from__isnull=True, entered_by__isnull=False)
    return Award.objects.using(using).confirmed().filter(by_hand | Exists(changed))


def _event(action: Any, user: Any, at: Any) -> dict[str, Any]:
    return {
        "action": str(action),
        "account": user.pk if user else None,
        "person": str(user) if user else "",
        "at": at.isoformat(),
        "remark": "",
    }


def _state(award: Award) -> CapturedState:
    changes = list(
        AwardChange.objects.filter(award=award, outcome=ChangeOutcome.CONFIRMED).select_related(
            "proposed_by__person", "answered_by__person"
        )
    )
    with override("zh-hans"):
        process = []
        if award.entered_by is not None:
            process.append(_event(_("Award entered"), award.entered_by, award.entered_at))
        if award.confirmed_at is not None:
            process.append(_event(_("Award granted"), award.confirmed_by, award.confirmed_at))
        for change in changes:
            words = change.get_kind_display()
            process.append(_event(f"{words}（拟）", change.proposed_by, change.proposed_at))
            process.append(_event(words, change.answered_by, change.answered_at))
        kind_name = str(pgettext_lazy("archive", "Award of an honor"))
        content = {
            "model": SOURCE_KIND,
            "number": award.number,
            "title": award.title_name,
            "year": award.year,
            "subject_kind": award.subject_kind,
            "name": award.subject_name,
            "position": award.position,
            "unit": award.unit_name,
            "decision_number": award.decision_number,
            "decided_on": award.decided_on.isoformat(),
            "conferred_by": award.conferred_by,
            "state": str(award.get_state_display()),
            "changes": [
                {
                    "kind": str(change.get_kind_display()),
                    "number": change.number,
                    "decided_on": change.decided_on.isoformat(),
                    "reason": change.reason,
                }
                for change in changes
            ],
        }
    last = changes[-1].answered_by_id if changes else award.confirmed_by_id
    return CapturedState(
        kind=SOURCE_KIND,
        title=f"{award.subject_name}：{award.year}年度{award.title_name}",
        business_date=changes[-1].decided_on if changes else award.decided_on,
        content=content,
        shown={"kind_name": kind_name, "unit_name": award.unit_name},
        unit_id=award.unit_id,
        reference=changes[-1].number if changes else award.decision_number,
        process=process,
        actor_id=last,
        access_level=AccessLevel.OPEN,
    )


class AwardSource(KeptSource):
    """Every award that was entered by hand, or whose state was changed."""

    kind: ClassVar[str] = SOURCE_KIND

    def kinds(self) -> dict[str, Any]:
        """Return the one kind."""
        return {SOURCE_KIND: pgettext_lazy("archive", "Award of an honor")}

    def people(self, payload: dict[str, Any]) -> list[str]:
        """Return the name of an honored person."""
        content = payload["content"]
        return [content["name"]] if content["subject_kind"] == "person" else []

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return what the certificate says, and each change."""
        content = payload["content"]
        decided = chinese_date(parse_date(content["decided_on"]))
        parts = [
            ContentPart("number", "证书编号", content["number"] or "—"),
            ContentPart("name", "获奖人（单位）", content["name"]),
            ContentPart("position", "岗位", content["position"]),
            ContentPart("unit", "所在单位", content["unit"]),
            ContentPart("title", "称号", f"{content['year']}年度{content['title']}"),
            ContentPart("conferred_by", "授予单位", content["conferred_by"]),
            ContentPart("decision", "表彰决定", f"{content['decision_number']}，{decided}"),
            ContentPart("state", "状态", content["state"]),
        ]
        for position, change in enumerate(content["changes"]):
            day = chinese_date(parse_date(change["decided_on"]))
            words = f"{day}，{change['number']}：{change['reason']}"
            parts.append(ContentPart(f"change-{position}", change["kind"], words))
        return [part for part in parts if part.text]

    def origin(self, source_id: str) -> dict[str, str] | None:
        """Return the verification page of the award."""
        award = Award.objects.confirmed().filter(pk=int(source_id)).first()
        return {"title": str(award), "url": award.get_absolute_url()} if award else None

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return the award as the database has it; None where it has no records of its own."""
        found = _recorded(using).filter(pk=int(source_id))
        award = found.select_related("entered_by__person", "confirmed_by__person").first()
        return _state(award) if award is not None else None

    def title_of(self, source_id: str) -> str:
        """Return number and title of an award."""
        award = Award.objects.filter(pk=int(source_id)).first()
        return str(award) if award is not None else ""

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all awards with records of their own."""
        return {str(pk) for pk in _recorded(using).values_list("pk", flat=True)}


def register() -> None:
    """Register the source once, when the application is ready."""
    register_source(AwardSource())
