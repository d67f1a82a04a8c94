"""Pages of the portal itself, their files and their published face."""

from __future__ import annotations

from portal.pages.models.base import Audience, IndexPage, PortalPage
from portal.pages.models.files import PortalDocument, PortalImage, PortalMedia, PortalRendition
from portal.pages.models.publication import Publication
from portal.pages.models.types import (
    HomePage,
    NewsIndexPage,
    NewsPage,
    NoticeIndexPage,
    NoticePage,
)

__all__ = [
    "Audience",
    "HomePage",
    "IndexPage",
    "NewsIndexPage",
    "NewsPage",
    "NoticeIndexPage",
    "NoticePage",
    "PortalDocument",
    "PortalImage",
    "PortalMedia",
    "PortalPage",
    "PortalRendition",
    "Publication",
]
