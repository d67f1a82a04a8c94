"""Released answers on disclosed matters as an archive source: what everybody reads is a record."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.archives.kept_source import KeptSource
from portal.archives.models import AccessLevel
from portal.archives.sources import CapturedState, ContentPart
from portal.archives.sources import register as register_source
from portal.pages.formats import chinese_date
from union.models import DisclosureQuestion

SOURCE_KIND = "disclosure-answer"


def _state(question: DisclosureQuestion) -> CapturedState:
    """Return question and answer as readers have them; who asked is not told."""
    released_on = question.released_on or timezone.localdate()
    # No more than the day is kept of who released it; a record asks for a moment.
    moment = timezone.make_aware(datetime.datetime.combine(released_on, datetime.time.min))
    steps = (
        (_("Answer drafted"), question.answered_by),
        (_("Answer released"), question.released_by),
    )
    with override("zh-hans"):
        kind_name = str(_("Answer on a disclosed matter"))
        process = [
            {
                "action": str(label),
                "account": user.pk if user else None,
                "person": str(user) if user else "",
                "at": moment.isoformat(),
                "remark": "",
            }
            for label, user in steps
        ]
    return CapturedState(
        kind=SOURCE_KIND,
        title=f"{question.page.title}：答复职工询问",
        business_date=released_on,
        content={
            "model": SOURCE_KIND,
            "matter": question.page.title,
            "question": question.text,
            "answer": question.answer,
            "asked_on": question.asked_on.isoformat(),
        },
        shown={
            "kind_name": kind_name,
            "unit_name": question.page.unit.name if question.page.unit else "",
        },
        unit_id=question.page.unit_id,
        process=process,
        actor_id=question.released_by_id,
        access_level=AccessLevel.INTERNAL,
    )


class DisclosureAnswerSource(KeptSource):
    """Every answer that was released."""

    kind: ClassVar[str] = SOURCE_KIND

    def kinds(self) -> dict[str, Any]:
        """Return the one kind."""
        return {SOURCE_KIND: _("Answer on a disclosed matter")}

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return matter, question and answer."""
        content = payload["content"]
        return [
            ContentPart("matter", "公开事项", content["matter"]),
            ContentPart("asked_on", "提问日期", chinese_date(parse_date(content["asked_on"]))),
            ContentPart("question", "职工询问", content["question"]),
            ContentPart("answer", "答复", content["answer"]),
        ]

    def origin(self, source_id: str) -> dict[str, str] | None:
        """Return the page on which the answer is read."""
        question = _released().filter(pk=int(source_id)).first()
        if question is None or not question.page.live:
            return None
        return {"title": question.page.title, "url": question.page.url or ""}

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return the released answer; None while it is a draft."""
        question = _released().using(using).filter(pk=int(source_id)).first()
        return _state(question) if question is not None else None

    def title_of(self, source_id: str) -> str:
        """Return the title of the matter."""
        question = _released().filter(pk=int(source_id)).first()
        return question.page.title if question is not None else ""

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all released answers."""
        rows = DisclosureQuestion.objects.using(using).filter(released_on__isnull=False)
        return {str(pk) for pk in rows.values_list("pk", flat=True)}


def _released() -> Any:
    rows = DisclosureQuestion.objects.filter(released_on__isnull=False)
    return rows.select_related("page__unit", "answered_by__person", "released_by__person")


def register() -> None:
    """Register the source once, when the application is ready."""
    register_source(DisclosureAnswerSource())
