"""The section of compilations: its front page, who writes and who approves in it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.pages.section_roots import register_section_root
from portal.roles.table import Section, grant, register_section


def register() -> None:
    """Register the section: the archive compiles, the Party department drafts and approves."""
    from portal.compilations.models import CompilationIndexPage

    register_section(Section("compilations"))
    grant("compilations", "archivist", "add", "change", "publish", "lock", "unlock")
    grant("compilations", "party_staff", "add", reviews=True)
    grant("compilations", "party_approver", reviews=True)
    register_section_root(
        "compilations",
        lambda slug: CompilationIndexPage(title=_("Topical compilations"), slug=slug),
    )
