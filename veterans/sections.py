"""The section of veterans: its front page, who works in it, its block on the home page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.pages.home import HomeBlock, register_home_block
from portal.pages.section_roots import register_section_root
from portal.roles.table import Section, grant, register_section
from veterans.models import VeteransIndexPage
from veterans.publicity.home import home_beside


def register() -> None:
    """Register the section: the service officer writes, the Party department reviews."""
    register_section(Section("veterans"))
    grant(
        "veterans", "veterans_officer", "add", "change", "publish", "lock", "unlock", reviews=True
    )
    grant("veterans", "party_staff", reviews=True)
    grant("veterans", "party_approver", reviews=True)
    # The union reviews and approves applications, so it drafts and approves their notices.
    grant("veterans", "union_staff", reviews=True)
    grant("veterans", "union_chair", reviews=True)
    register_section_root(
        "veterans", lambda slug: VeteransIndexPage(title=_("Veterans support"), slug=slug)
    )
    register_home_block(
        HomeBlock(
            "veterans",
            gettext_lazy("For military families"),
            ("policy",),
            4,
            "/veterans/",
            30,
            template="veterans/publicity/home_block.html",
            beside=home_beside,
        )
    )
