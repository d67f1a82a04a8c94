"""The page of a version: found, and written as a draft for the usual review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from veterans.models import ItemVersion, PolicyPage, SupportStandardPage, VeteransIndexPage
from veterans.standards.permissions import may_write_standards
from veterans.standards.refusals import NotAllowed, NotAtThisState

if TYPE_CHECKING:
    from portal.people.models import User


def page_of(version: ItemVersion) -> SupportStandardPage | None:
    """Return the page of the item and region of a version, live or not."""
    found: SupportStandardPage | None = SupportStandardPage.objects.filter(
        version__item=version.item_id, version__region=version.region
    ).first()
    return found


def write_page_draft(version: ItemVersion, user: User) -> SupportStandardPage:
    """Return the page with a draft that speaks of the version; a live page stays as it is.

    Raises:
        NotAllowed: the account does not write standards.
        NotAtThisState: the version is not published.
    """
    if not may_write_standards(user):
        raise NotAllowed(_("Standards are written by the veterans service officer."))
    if not version.is_published:
        raise NotAtThisState(
            _("“%(version)s” is not published yet; its page follows then.") % {"version": version}
        )
    with transaction.atomic():
        page = page_of(version)
        if page is None:
            page = SupportStandardPage(
                title=_("%(item)s: who, how much, how") % {"item": version.item.name},
                summary=version.item.summary,
                unit=version.item.unit,
                version=version,
                policy=_policy(version),
                owner=user,
                live=False,
            )
            VeteransIndexPage.objects.get().add_child(instance=page)
        draft: SupportStandardPage = page.get_latest_revision_as_object()
        draft.version = version
        draft.policy = _policy(version) or draft.policy
        draft.save_revision(user=user, log_action=True)
    return page


def _policy(version: ItemVersion) -> PolicyPage | None:
    """Return the live policy with the number of the document, if there is exactly one."""
    found = list(PolicyPage.objects.filter(live=True, document_number=version.document_number)[:2])
    return found[0] if len(found) == 1 else None
