"""News and notices: the demo parts that belong to no subject."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from portal.demo.news import NEWS
from portal.demo.notice_text import NoticeText
from portal.demo.notices import NOTICES
from portal.demo.open_news import NEWS_CORRECTIONS, OPEN_NEWS, OPEN_NOTICES
from portal.demo.registry import DemoPart, register_part
from portal.demo.texts import DemoText

PARTY_STAFF = "100006"
PARTY_APPROVER = "100001"
UNION_STAFF = "100008"
UNION_CHAIR = "100003"
VETERANS_OFFICER = "100009"


def register() -> None:
    """Register news and notices."""
    register_part(
        DemoPart(
            kind="news",
            name="综合新闻",
            texts=(*NEWS, *OPEN_NEWS),
            corrections=NEWS_CORRECTIONS,
            parent=_news_parent,
            build=_news,
            drafter=lambda text: PARTY_STAFF,
            reviewer=lambda text: PARTY_APPROVER,
        )
    )
    register_part(
        DemoPart(
            kind="notice",
            name="通知公告",
            texts=(*NOTICES, *OPEN_NOTICES),
            parent=_notice_parent,
            build=_notice,
            drafter=_notice_drafter,
            reviewer=_notice_reviewer,
        )
    )


def _news_parent(text: DemoText) -> Page:
    from portal.pages.models import NewsIndexPage

    return NewsIndexPage.objects.get()


def _news(text: DemoText) -> Any:
    from portal.pages.models import NewsPage

    return NewsPage()


def _notice_parent(text: DemoText) -> Page:
    from portal.pages.models import NoticeIndexPage

    return NoticeIndexPage.objects.get()


def _notice(text: NoticeText) -> Any:
    from portal.pages.models import NoticePage

    return NoticePage(
        document_number=text.document_number,
        valid_from=text.valid_from,
        valid_to=text.valid_to,
    )


def _notice_drafter(text: DemoText) -> str:
    return {"QL-GH": UNION_STAFF, "QL-FW": VETERANS_OFFICER}.get(text.unit, PARTY_STAFF)


def _notice_reviewer(text: DemoText) -> str:
    return {"QL-GH": UNION_CHAIR, "QL-FW": PARTY_STAFF}.get(text.unit, PARTY_APPROVER)
