"""The demo part of the union."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from portal.demo.parts import UNION_CHAIR, UNION_STAFF
from portal.demo.registry import DemoPart, register_part
from portal.demo.texts import DemoText
from union.demo import congress, handling, opinions, suggestions, survey_results, surveys
from union.demo.boxes import BOXES, BoxText
from union.demo.news import UNION_NEWS
from union.demo.open_news import OPEN_UNION_NEWS, UNION_CORRECTIONS
from union.demo.texts import UnionText


def register() -> None:
    """Register union news."""
    register_part(
        DemoPart(
            kind="union-news",
            name="工会之家",
            texts=(*UNION_NEWS, *OPEN_UNION_NEWS),
            corrections=UNION_CORRECTIONS,
            parent=_parent,
            build=_news,
            drafter=lambda text: UNION_STAFF,
            reviewer=lambda text: UNION_CHAIR,
        )
    )
    register_part(
        DemoPart(
            kind="feedback-box",
            name="意见箱",
            texts=BOXES,
            parent=_parent,
            build=_box,
            drafter=lambda text: UNION_STAFF,
            reviewer=lambda text: UNION_CHAIR,
        )
    )
    opinions.register()
    handling.register()
    congress.register()
    suggestions.register()
    surveys.register()
    survey_results.register()


def _parent(text: DemoText) -> Page:
    from union.models import UnionIndexPage

    return UnionIndexPage.objects.get()


def _news(text: UnionText) -> Any:
    from union.models import UnionNewsPage

    return UnionNewsPage(held_on=text.date)


def _box(text: BoxText) -> Any:
    from union.models import FeedbackBoxPage, OpinionCategory

    box = FeedbackBoxPage(who_reads=text.who_reads)
    box.categories = list(OpinionCategory.objects.filter(code__in=text.categories))
    return box
