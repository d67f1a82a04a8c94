"""Models of public notices."""

from __future__ import annotations

from portal.public_notices.models.notices import NoticeEvent, NoticePause, NoticeState, PublicNotice
from portal.public_notices.models.objections import Objection, ObjectionState
from portal.public_notices.models.pages import PublicNoticeIndexPage, PublicNoticePage

__all__ = [
    "NoticeEvent",
    "NoticePause",
    "NoticeState",
    "Objection",
    "ObjectionState",
    "PublicNotice",
    "PublicNoticeIndexPage",
    "PublicNoticePage",
]
