"""What the pages of applications show of the register."""

from __future__ import annotations

from typing import Any

from django import template

from portal.cases.models import Case
from veterans.beneficiaries.accounts import open_proposal
from veterans.beneficiaries.duplicates import Duplicate, duplicates_of
from veterans.beneficiaries.entry import may_write
from veterans.beneficiaries.representatives import entry_of
from veterans.models import AccountProposal, Application, ApplicationEntry, PaperOnFile

register = template.Library()


@register.filter
def entry(application: Application) -> ApplicationEntry | None:
    """Return who wrote an application for the beneficiary; None for the beneficiary."""
    return entry_of(application)


@register.filter
def waiting_account(application: Application) -> AccountProposal | None:
    """Return the account that waits for the beneficiary's word."""
    return open_proposal(application.pk)


@register.filter
def reused_papers(application: Application) -> list[PaperOnFile]:
    """Return the papers on file that count for an application."""
    return list(
        PaperOnFile.objects.filter(reused__application=application).select_related(
            "file", "verified_by__person"
        )
    )


@register.filter
def duplicates(application: Application) -> list[Duplicate]:
    """Return what stands in another application, too."""
    return duplicates_of(application)


@register.simple_tag(takes_context=True)
def may_correct(context: dict[str, Any], case: Case) -> bool:
    """Whether the account corrects for the applicant what it typed in."""
    return case.state == "correcting" and may_write(context["request"].user, case)
