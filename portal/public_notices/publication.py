"""How a notice becomes a page: drafted by one person, approved by another, in one transaction."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import TaskState

from portal.organizations.models import Unit
from portal.pages.blocks.written import table_value
from portal.pages.forms import free_slug
from portal.pages.models import Audience
from portal.people.models import User
from portal.public_notices.models import PublicNotice, PublicNoticeIndexPage, PublicNoticePage
from portal.publishing import services as publishing


def how_to_object(unit: Unit) -> str:
    """Return the words on objections that stand on every notice.

    Source: chapter 3.3 of the domain facts: by name, to which unit, truthfully, letters by their
    postmark.
    """
    return _(
        "Whoever disagrees can object within the period of the notice, by name and with facts: "
        "sign in and use the form on this page, or phone, write to or visit %(unit)s. "
        "For letters the postmark counts. Please report truthfully."
    ) % {"unit": unit.name}


def _table(notice: PublicNotice) -> list[dict[str, Any]]:
    """Return the list of the notice as the body of the page, so that every copy shows it."""
    if any("nominee" in row for row in notice.entries):
        return _nominees(notice)
    with_amount = any(row.get("amount") for row in notice.entries)
    header = [pgettext("person", "Name"), _("Unit"), _("Item")] + (
        [_("Range of the amount")] if with_amount else []
    )
    rows = [
        [row["name"], row.get("unit") or "—", row["item"]]
        + ([row.get("amount") or "—"] if with_amount else [])
        for row in notice.entries
    ]
    caption = _("List of the notice, %(count)d people") % {"count": len(rows)}
    return [{"type": "table", "value": table_value(caption, header, rows)}]


def _nominees(notice: PublicNotice) -> list[dict[str, Any]]:
    """Return the list of those who are to be honored, by their whole names."""
    with_deeds = any(row.get("deeds") for row in notice.entries)
    header = [pgettext("honor", "Nominee"), _("Unit"), pgettext("honor", "Title")]
    header += [_("Deeds in one line")] if with_deeds else []
    rows = [
        [row["nominee"], row.get("unit") or "—", row["item"]]
        + ([row.get("deeds") or "—"] if with_deeds else [])
        for row in notice.entries
    ]
    caption = _("List of the notice, %(count)d in all") % {"count": len(rows)}
    return [{"type": "table", "value": table_value(caption, header, rows)}]


def build_page(
    notice: PublicNotice, starts_on: datetime.date, ends_on: datetime.date, owner: User
) -> PublicNoticePage:
    """Return the page of a notice that was given its dates; it is not saved yet."""
    return PublicNoticePage(
        title=notice.title,
        slug=free_slug(f"{starts_on:%Y%m%d}-{notice.pk.hex[:8]}", set()),
        summary=(
            _("%(subject)s, %(count)d in all. Objections by name until the end.")
            if any("nominee" in row for row in notice.entries)
            else _("%(subject)s, %(count)d people. Objections by name until the end.")
        )
        % {"subject": notice.subject, "count": len(notice.entries)},
        unit=notice.unit,
        audience=Audience.PUBLIC,
        body=json.dumps(_table(notice)),
        subject=notice.subject,
        basis=notice.basis,
        starts_on=starts_on,
        ends_on=ends_on,
        days=notice.days,
        include_start=notice.include_start,
        estimated=notice.estimated,
        phone=notice.phone,
        address=notice.address,
        how_to_object=how_to_object(notice.unit),
        live=False,
        owner=owner,
    )


def publish_page(page: PublicNoticePage, *, drafted_by: User, approved_by: User) -> None:
    """Put a new page live through the four-eyes review. Must run in a transaction.

    Raises:
        OwnWork: both are the same person.
        NotReviewer: the second may not review the section or the unit.
    """
    index = PublicNoticeIndexPage.objects.get()
    # Two who publish in the same moment must not give two pages the same place in the tree.
    publishing.lock_page(index.pk)
    PublicNoticeIndexPage.objects.get(pk=index.pk).add_child(instance=page)
    revision = page.save_revision(user=drafted_by, log_action=True)
    submitted = publishing.submit_for_review(PublicNoticePage.objects.get(pk=page.pk), drafted_by)
    state: TaskState = submitted.current_task_state
    publishing.approve(state.pk, seen_revision_id=revision.pk, user=approved_by)
