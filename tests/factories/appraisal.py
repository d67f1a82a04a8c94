"""Records whose retention period has ended, and destruction lists in every state."""

from __future__ import annotations

from typing import Any

from portal.archives import renders
from portal.archives.appraisal import lists
from portal.archives.models import DestructionList, Record
from portal.archives.pool import processing, services
from portal.archives.pool.intake import take_in_all
from portal.organizations.models import Unit
from tests.factories.archives import record_of
from tests.factories.files import make_document
from tests.factories.organizations import make_branch
from tests.factories.pages import (
    approve,
    change_draft,
    make_activity_page,
    make_branch_page,
    submit,
)
from tests.factories.people import make_user

#: A day on which everything that was filed for thirty years in these tests has expired.
EXPIRED_BY = "2058-02-01 09:00+08:00"


def branch_with_page() -> Unit:
    """Return a branch that can publish."""
    unit = make_branch()
    make_branch_page(unit)
    return unit


def accepted_records(branch: Unit, *titles: str, withdrawn: bool = True) -> list[Record]:
    """Publish theme days with an attachment, accept their records, withdraw the pages."""
    author = make_user("organization_member", unit=branch)
    reviewer = make_user("branch_secretary", unit=branch)
    archivist = make_user("archivist")
    pages = []
    for title in titles:
        page = make_activity_page(branch.branch_page, author, title)
        body = [("attachments", {"title": "", "attachments": [{"document": make_document()}]})]
        change_draft(page, author, body=body)
        approve(submit(page, author), reviewer)
        pages.append(page)
    renders.work_all()
    take_in_all()
    processing.work_all()
    found = []
    for page in pages:
        page.refresh_from_db()
        record = record_of(page)
        services.accept(record.pk, archivist)
        if withdrawn:
            page.unpublish()
        record.refresh_from_db()
        found.append(record)
    processing.work_all()
    return found


def people_of_a_list() -> dict[str, Any]:
    """Return the four people of a destruction: archivist, approver, two witnesses."""
    return {
        "archivist": make_user("archivist"),
        "approver": make_user("party_approver"),
        "first": make_user("discipline_auditor"),
        "second": make_user("party_staff"),
    }


def approved_list(people: dict[str, Any], *records: Record) -> DestructionList:
    """Return a list that waits for its witnesses."""
    found = lists.make_list(people["archivist"], [one.pk for one in records], "保管期限届满")
    lists.propose(found.pk, people["archivist"], [people["first"], people["second"]])
    return lists.approve(found.pk, people["approver"])


def executed_list(people: dict[str, Any], *records: Record) -> DestructionList:
    """Return a list that both witnesses signed and that was carried out."""
    found = approved_list(people, *records)
    lists.sign(found.pk, people["first"])
    lists.sign(found.pk, people["second"])
    found.refresh_from_db()
    return found
