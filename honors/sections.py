"""The section of honors: its front page, who works in it, its block on the home page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from honors.models import HonorIndexPage
from portal.pages.home import HomeBlock, register_home_block
from portal.pages.section_roots import register_section_root
from portal.roles.table import Section, grant, register_section


def register() -> None:
    """Register the section: honors are written and reviewed by Party staff."""
    register_section(Section("honors"))
    grant("honors", "party_staff", "add", "change", "publish", "lock", "unlock", reviews=True)
    grant("honors", "union_staff", "add")
    grant("honors", "party_approver", reviews=True)
    register_section_root("honors", lambda slug: HonorIndexPage(title=_("Honors"), slug=slug))
    register_home_block(
        HomeBlock(
            "honors",
            gettext_lazy("Honor wall"),
            ("model-post", "excellent-member", "honored-collective"),
            5,
            "/honors/",
            40,
            with_pictures=True,
            template="honors/home_block.html",
        )
    )
