"""The file of a closed opinion, for the archive."""

from __future__ import annotations

from typing import Any

from portal.archives.sources import ContentPart
from portal.cases.history import step_rows, steps_text
from portal.cases.models import Case, CaseEvent
from union.models import Opinion


def opinion_of(case: Case) -> Opinion | None:
    """Return the opinion behind a case."""
    return Opinion.objects.select_related("box", "category").filter(pk=case.pk).first()


def case_file(case: Case, events: list[CaseEvent]) -> dict[str, Any]:
    """Return the file as plain values."""
    opinion: Opinion = case.subject
    return {
        "people": [case.applicant.name] if case.applicant else [],
        "box": opinion.box.title,
        "category": opinion.category.name,
        "mode": str(opinion.get_mode_display()),
        "channel": str(opinion.get_channel_display()),
        "text": opinion.text,
        "messages": [
            [message.day.isoformat(), str(message.get_direction_display()), message.body]
            for message in opinion.messages.all()
        ],
        "help": [
            [row.asked_on.isoformat(), row.unit.name, row.question, row.answer]
            for row in opinion.help.select_related("unit")
        ],
        "steps": step_rows(case, events),
    }


def case_parts(content: dict[str, Any]) -> list[ContentPart]:
    """Return the same as readable text."""
    messages = [f"{day} {who}：{body}" for day, who, body in content["messages"]]
    # Files that were closed before contributions belonged to them have none.
    contributions = [
        f"{day} {unit}：{question}\n{answer or '（未答复）'}"
        for day, unit, question, answer in content.get("help", [])
    ]
    parts = [
        ContentPart("box", "意见箱", content["box"]),
        ContentPart("category", "类别", content["category"]),
        ContentPart("mode", "署名方式", content["mode"]),
        ContentPart("text", "意见内容", content["text"]),
        ContentPart("messages", "往来信息", "\n".join(messages)),
        ContentPart("help", "协办情况", "\n".join(contributions)),
        ContentPart("steps", "办理过程", steps_text(content["steps"])),
    ]
    return [part for part in parts if part.text]
