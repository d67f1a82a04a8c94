"""The section of union: its front page, who works in it, its block on the home page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.pages.home import HomeBlock, register_home_block
from portal.pages.section_roots import register_section_root
from portal.roles.table import Section, grant, register_section
from union.models import UnionIndexPage
from union.surveys.reading import home_beside


def register() -> None:
    """Register the section: the union officer writes, the chair reviews."""
    register_section(Section("union"))
    grant("union", "union_staff", "add", "change", "publish", "lock", "unlock", reviews=True)
    grant("union", "union_chair", reviews=True)
    register_section_root("union", lambda slug: UnionIndexPage(title=_("Union"), slug=slug))
    register_home_block(
        HomeBlock(
            "union",
            gettext_lazy("Union news"),
            ("union-news",),
            5,
            "/union/",
            20,
            template="union/surveys/home_block.html",
            beside=home_beside,
        )
    )
