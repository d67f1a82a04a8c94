"""What the archive keeps of a closed suggestion: text, review, effect check, scores, award."""

from __future__ import annotations

from typing import Any

from portal.archives.sources import ContentPart
from portal.cases.history import step_rows, steps_text
from portal.cases.models import Case, CaseEvent
from union.models import Award, Suggestion

_PARTS = (
    ("class", "类别"),
    ("authors", "建议人"),
    ("present", "现状分析"),
    ("measures", "改进措施"),
    ("expected", "预期效益"),
    ("expected_benefit", "预期年效益（元）"),
    ("done_already", "是否已实施"),
    ("verification", "效果验证"),
    ("verified_benefit", "核定年效益（元）"),
    ("scores", "评分"),
    ("award", "奖励"),
)


def _money(value: Any) -> str:
    return "" if value is None else f"{value:.2f}"


def _award(award: Award | None) -> str:
    if award is None:
        return ""
    money = _money(award.amount)
    return f"{award.tier}，平均{award.points}分，奖金{money}元（{award.clause}）"


def case_file(case: Case, events: list[CaseEvent]) -> dict[str, Any]:
    """Return the file as plain values."""
    suggestion: Suggestion = case.subject
    authors = [str(case.applicant)] if case.applicant else []
    authors += [str(person) for person in suggestion.co_authors.order_by("pk")]
    award = Award.objects.select_related("tier").filter(pk=case.pk).first()
    return {
        "people": authors,
        "authors": authors,
        "class": suggestion.suggestion_class.name,
        "present": suggestion.present,
        "measures": suggestion.measures,
        "expected": suggestion.expected,
        "expected_benefit": _money(suggestion.expected_benefit),
        "done_already": "是" if suggestion.done_already else "否",
        "verification": suggestion.verification,
        "verified_benefit": _money(suggestion.verified_benefit),
        "scores": [
            f"{score.scorer}：{score.total}分"
            + "（"
            + "、".join(f"{row.criterion.name}{row.points}" for row in score.points.all())
            + "）"
            for score in suggestion.scores.select_related("scorer__person").prefetch_related(
                "points__criterion"
            )
        ],
        "award": _award(award),
        "steps": step_rows(case, events),
    }


def case_parts(content: dict[str, Any]) -> list[ContentPart]:
    """Return the same as readable text."""
    parts = []
    for code, label in _PARTS:
        value = content[code]
        parts.append(
            ContentPart(code, label, "\n".join(value) if isinstance(value, list) else value)
        )
    parts.append(ContentPart("steps", "办理过程", steps_text(content["steps"])))
    return [part for part in parts if part.text]
