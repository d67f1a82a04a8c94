"""What the archive keeps of a closed round: terms, nominations, opinions, scores, notice."""

from __future__ import annotations

from typing import Any

from honors.models import Investigation, Nomination, Round
from honors.rounds.states import FLOW
from portal.archives.sources import ContentPart
from portal.cases.history import step_rows, steps_text
from portal.cases.models import Case, CaseEvent
from portal.cases.ownership import owner_id
from portal.public_notices.models import PublicNotice


def _nomination(row: Nomination) -> dict[str, Any]:
    recused = set(row.recusals.values_list("judge", flat=True))
    return {
        "name": row.subject_name,
        "unit": row.unit.name,
        "position": row.position,
        "by": str(row.get_kind_display()),
        "state": str(row.get_state_display()),
        "deeds": row.deeds,
        "branch": row.branch_opinion,
        "reason": row.reason,
        "examined": row.examined,
        "opinions": [
            f"{opinion.get_part_display()}：{opinion.get_verdict_display()} {opinion.words}".strip()
            for opinion in row.opinions.order_by("part")
        ],
        "sheets": [
            [sheet.judge.person.name, str(sheet.total), sheet.points]
            for sheet in row.sheets.select_related("judge__person")
            if sheet.judge_id not in recused
        ],
        "recusals": [
            recusal.judge.person.name for recusal in row.recusals.select_related("judge__person")
        ],
        "mean": None if row.score_mean is None else str(row.score_mean),
        "spread": None if row.score_spread is None else str(row.score_spread),
        "ballot": [row.ballot_yes, row.ballot_no, row.ballot_abstained],
        "award": row.award.number if row.award else "",
    }


def _notice(notice: PublicNotice) -> str:
    ended = f"，结束于{notice.closed_on}" if notice.closed_on else ""
    return f"{notice.title}：{notice.starts_on}起{notice.days}个工作日，{notice.state}{ended}"


def _investigation(row: Investigation) -> str:
    concluded = "影响表彰" if row.affects else "不影响表彰"
    return f"核查人{row.investigators}，{concluded}：{row.findings}"


def case_file(case: Case, events: list[CaseEvent]) -> dict[str, Any]:
    """Return the file as plain values."""
    round_: Round = case.subject
    nominations = list(
        round_.nominations.handed_in().select_related("unit", "award").order_by("unit__path", "pk")
    )
    notices = PublicNotice.objects.of_owner(FLOW, owner_id(case)).order_by("starts_on", "pk")
    return {
        "people": sorted({row.person.name for row in nominations if row.person is not None}),
        "title": round_.title.name,
        "year": round_.year,
        "requirements": round_.requirements,
        "terms": round_.terms,
        "seats": round_.seats,
        "members": [
            f"{row.get_part_display()}：{row.person.name}"
            for row in round_.members.select_related("person")
        ],
        "ballot": f"{round_.ballot_on}，发出选票{round_.ballots}张，监票计票：{round_.tellers}"
        if round_.ballot_on
        else "",
        "meeting": f"{round_.meeting}，{round_.meeting_on}" if round_.meeting else "",
        "decision": f"{round_.decision_number} {round_.decision_title}，{round_.decided_on}"
        if round_.decision_number
        else "",
        "nominations": [_nomination(row) for row in nominations],
        "notices": [_notice(notice) for notice in notices],
        "investigations": [_investigation(row) for row in round_.investigations.all()],
        "steps": step_rows(case, events),
    }


_PARTS = (
    ("title", "称号"),
    ("year", "年度"),
    ("requirements", "推荐要求"),
    ("seats", "表彰名额"),
    ("members", "评审和征求意见人员"),
    ("ballot", "票决"),
    ("meeting", "党委会"),
    ("notices", "公示"),
    ("investigations", "异议核查"),
    ("decision", "表彰决定"),
)


def _nomination_text(row: dict[str, Any]) -> str:
    ballot = "、".join("—" if vote is None else str(vote) for vote in row["ballot"])
    lines = [
        f"{row['name']}（{row['unit']} {row['position']}），{row['by']}，{row['state']}",
        f"事迹：{row['deeds']}",
        f"支部意见：{row['branch']}" if row["branch"] else "",
        *row["opinions"],
        f"平均分{row['mean']}，标准差{row['spread']}" if row["mean"] else "",
        *(f"{name}：{given}" for name, given, _points in row["sheets"]),
        f"回避：{'、'.join(row['recusals'])}" if row["recusals"] else "",
        f"票决（同意、不同意、弃权）：{ballot}" if row["ballot"][0] is not None else "",
        f"理由：{row['reason']}" if row["reason"] else "",
        f"证书编号：{row['award']}" if row["award"] else "",
    ]
    return "\n".join(line for line in lines if line)


def case_parts(content: dict[str, Any]) -> list[ContentPart]:
    """Return the same as readable text."""
    parts = []
    for code, label in _PARTS:
        value = content[code]
        text = "\n".join(value) if isinstance(value, list) else str(value)
        parts.append(ContentPart(code, label, text))
    for place, row in enumerate(content["nominations"], 1):
        parts.append(ContentPart(f"nomination-{place}", f"推荐对象{place}", _nomination_text(row)))
    parts.append(ContentPart("steps", "办理过程", steps_text(content["steps"])))
    return [part for part in parts if part.text]
