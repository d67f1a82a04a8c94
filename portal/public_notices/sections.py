"""The section of public notices: its front page and who drafts and approves in it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.pages.section_roots import register_section_root
from portal.roles.table import Section, grant, register_section


def register() -> None:
    """Register the section.

    Nobody has a right on its pages: they are written by the services alone. Those who review
    other sections draft and approve here what concerns their section.
    """
    from portal.public_notices.models import PublicNoticeIndexPage

    register_section(Section("public-notices"))
    for role in ("party_staff", "party_approver", "union_staff", "union_chair", "veterans_officer"):
        grant("public-notices", role, reviews=True)
    register_section_root(
        "public-notices",
        lambda slug: PublicNoticeIndexPage(title=_("Public notices"), slug=slug),
    )
