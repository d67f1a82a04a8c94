"""The sections that belong to no subject, and who works in them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.pages.section_roots import register_section_root
from portal.roles.table import Section, grant, register_section


def register_sections() -> None:
    """Register news and notices: written by Party, union and veterans staff."""
    from portal.pages.models import NewsIndexPage, NoticeIndexPage

    for code in ("news", "notices"):
        register_section(Section(code))
        grant(code, "party_staff", "add", "change", "publish", "lock", "unlock", reviews=True)
        grant(code, "party_approver", reviews=True)
        grant(code, "union_staff", "add", reviews=True)
        grant(code, "union_chair", reviews=True)
        grant(code, "veterans_officer", "add", reviews=True)
    register_section_root("news", lambda slug: NewsIndexPage(title=_("News"), slug=slug))
    register_section_root("notices", lambda slug: NoticeIndexPage(title=_("Notices"), slug=slug))
