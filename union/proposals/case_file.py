"""What the archive keeps of a closed proposal: text, supporters, units, reply, ratings."""

from __future__ import annotations

from typing import Any

from portal.archives.sources import ContentPart
from portal.cases.history import step_rows, steps_text
from portal.cases.models import Case, CaseEvent
from union.models import Proposal
from union.proposals.states import PROPOSER
from union.proposals.supporters import supporters_of


def case_file(case: Case, events: list[CaseEvent]) -> dict[str, Any]:
    """Return the file as plain values."""
    proposal: Proposal = case.subject
    proposer = str(proposal.proposer.person) if proposal.proposer else ""
    supporters = supporters_of(proposal)
    return {
        "people": [proposer] if proposer else [],
        "session": str(proposal.session),
        "category": proposal.category.name,
        "proposer": proposer,
        "supporters": [
            f"{row.delegate.person}（{row.delegate.unit}）"
            + (f"，见{row.number}" if row.number != case.number else "")
            for row in supporters
        ],
        "reasons": proposal.reasons,
        "measures": proposal.measures,
        "main": proposal.merged_into.case.number if proposal.merged_into else "",
        "merged": [row.case.number for row in proposal.merged.select_related("case")],
        "turned_to": str(proposal.get_turned_to_display()) if proposal.turned_to else "",
        "units": [
            f"{row.unit}（{'主办' if row.lead else '协办'}）"
            for row in proposal.units.select_related("unit")
        ],
        "instruction": proposal.instruction,
        "opinions": [
            f"{row.unit}：{row.opinion}"
            for row in proposal.units.select_related("unit")
            if row.opinion
        ],
        "first_reply": proposal.first_reply,
        "reply": proposal.reply,
        "result": str(proposal.get_result_display()) if proposal.result else "",
        "ratings": [
            f"第{row.round}次：答复{row.get_reply_level_display()}"
            + (
                f"，落实{row.get_implementation_level_display()}"
                if row.implementation_level
                else ""
            )
            for row in proposal.ratings.all()
        ],
        "steps": _steps(case, events),
    }


def _steps(case: Case, events: list[CaseEvent]) -> list[list[str]]:
    rows = step_rows(case, events)
    if case.state != "withdrawn":
        return rows
    # Whoever withdrew a proposal is no longer named in its file.
    own = {PROPOSER: str(case.table.party(PROPOSER).name)}
    return [
        [at, step, own.get(event.party, actor), reason]
        for event, (at, step, actor, reason) in zip(events, rows, strict=True)
    ]


_PARTS = (
    ("session", "届次"),
    ("category", "类别"),
    ("proposer", "提案人"),
    ("supporters", "附议人"),
    ("reasons", "提案缘由"),
    ("measures", "建议措施"),
    ("main", "并入"),
    ("merged", "并案"),
    ("turned_to", "转为"),
    ("units", "承办单位"),
    ("instruction", "分管领导批示"),
    ("opinions", "协办意见"),
    ("first_reply", "首次答复"),
    ("reply", "答复"),
    ("result", "办理结果"),
    ("ratings", "代表评价"),
)


def case_parts(content: dict[str, Any]) -> list[ContentPart]:
    """Return the same as readable text."""
    parts = []
    for code, label in _PARTS:
        value = content[code]
        text = "\n".join(value) if isinstance(value, list) else value
        parts.append(ContentPart(code, label, text))
    parts.append(ContentPart("steps", "办理过程", steps_text(content["steps"])))
    return [part for part in parts if part.text]
