"""The section of branches: its front page, who works in it, its block on the home page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from branches.models import BranchIndexPage, BranchPage
from portal.organizations.models import Unit
from portal.pages.home import HomeBlock, register_home_block
from portal.pages.section_roots import register_section_root
from portal.roles.table import Section, grant, register_section


def _unit_roots(unit: Unit) -> Iterable[Page]:
    """The pages of the branches at or below a unit."""
    return list(BranchPage.objects.filter(branch__path__startswith=unit.path))


def register() -> None:
    """Register the section; branch roles count only on the pages of their own branches."""
    register_section(Section("branches", unit_roots=_unit_roots))
    grant("branches", "organization_member", "add", "change")
    grant("branches", "branch_secretary", "add", "change", reviews=True)
    grant("branches", "party_staff", "add", "change", "publish", "lock", "unlock", reviews=True)
    grant("branches", "party_approver", reviews=True)
    register_section_root(
        "branches", lambda slug: BranchIndexPage(title=_("Party building"), slug=slug)
    )
    register_home_block(
        HomeBlock(
            "branches",
            gettext_lazy("Branch news"),
            ("activity",),
            5,
            "/branches/?kind=activity",
            10,
        )
    )
