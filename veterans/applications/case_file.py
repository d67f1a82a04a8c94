"""The closed file of an application: what the archive keeps of it."""

from __future__ import annotations

from typing import Any

from portal.archives.sources import ContentPart
from portal.cases.history import step_rows, steps_text
from portal.cases.models import Case, CaseEvent
from veterans.applications.granting import in_kind_of
from veterans.applications.tasks import asked_questions, shown_answer
from veterans.models import Application

LABELS = {
    "item": "事项",
    "standard": "适用标准",
    "name": "受益人",
    "identity_number": "身份证号",
    "phone": "联系电话",
    "relation": "申请人与受益人关系",
    "bank": "收款账户",
    "amount": "核定金额（元）",
    "in_kind": "给予",
}


def case_file(case: Case, events: list[CaseEvent]) -> dict[str, Any]:
    """Return the file as plain values: facts, answers, computation, steps, payment."""
    application: Application = case.subject
    version = application.version
    answers = application.given_answers
    questions = asked_questions(application) if version else []
    return {
        "people": [application.name, *([str(case.applicant)] if case.applicant else [])],
        "facts": {
            "item": application.item.name,
            "standard": f"{version}（校验值 {application.standard_sha256}）" if version else "",
            "name": application.name,
            "identity_number": application.identity_number,
            "phone": application.phone,
            "relation": str(application.get_relation_display()) if application.relation else "本人",
            "bank": f"{application.bank_name} {application.bank_card}".strip(),
            "amount": f"{application.amount:f}" if application.amount is not None else "",
            "in_kind": "；".join(in_kind_of(application)),
        },
        "answers": [
            [str(question.label), str(shown_answer(question, answers.get(question.code, "")))]
            for question in questions
        ],
        "trace": application.trace,
        "corrections": [[row["label"], row["reason"]] for row in application.corrections],
        "steps": step_rows(case, events),
        "changes": [
            [
                f"{change.computed:f}",
                f"{change.changed:f}",
                change.reason,
                str(change.proposed_by),
                str(change.confirmed_by or ""),
            ]
            for change in application.amount_changes.select_related(
                "proposed_by__person", "confirmed_by__person"
            )
        ],
        "decisions": [event.data["decision"] for event in events if "decision" in event.data],
        "payments": [
            [f"{payment.amount:f}", payment.state, payment.ordered_at.isoformat()]
            # Further years are recorded by the lists they were paid in.
            for payment in application.payments.of_decisions().order_by("pk")
        ],
    }


def case_parts(content: dict[str, Any]) -> list[ContentPart]:
    """Return the same as readable text."""
    facts = content["facts"]
    parts = [
        ContentPart(f"fact-{key}", label, facts[key]) for key, label in LABELS.items() if facts[key]
    ]
    lists = {
        "answers": ("申请人陈述", [f"{label}：{value}" for label, value in content["answers"]]),
        "trace": ("金额计算过程", content["trace"]),
        "corrections": ("补正内容", [f"{label}：{why}" for label, why in content["corrections"]]),
        "steps": ("办理过程", steps_text(content["steps"]).splitlines()),
        "changes": ("金额调整", [_change_line(*row) for row in content.get("changes", [])]),
        "decisions": ("党委会决定文号", content.get("decisions", [])),
        "payments": ("发放", [" ".join(row) for row in content["payments"]]),
    }
    return parts + [
        ContentPart(key, label, "\n".join(lines)) for key, (label, lines) in lists.items() if lines
    ]


def _change_line(computed: str, changed: str, reason: str, who: str, agreed: str) -> str:
    line = f"计算{computed}元，调整为{changed}元（{reason}），{who}提出"
    return f"{line}，{agreed}同意" if agreed else f"{line}，未经同意"
