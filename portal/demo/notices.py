"""All demo notices (通知公告)."""

from __future__ import annotations

from portal.demo.notice_text import NoticeText
from portal.demo.notices_party import PARTY_NOTICES
from portal.demo.notices_services import SERVICE_NOTICES

NOTICES: tuple[NoticeText, ...] = (*PARTY_NOTICES, *SERVICE_NOTICES)
