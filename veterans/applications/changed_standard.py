"""A newer standard that came into force while an application was still a draft.

The draft shows what changed and asks; it is not handed in before its applicant has read it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases import services as cases
from portal.cases.flow import Context, Guard
from portal.cases.refusals import AlreadyMoved, ConditionNotMet, NotYourTurn
from portal.people.models import User
from veterans.applications.tasks import binding_version
from veterans.models import Application, ItemVersion
from veterans.standards.difference import Change, changes
from veterans.standards.refusals import NoStandardInForce


@dataclass(frozen=True)
class ChangedStandard:
    """What changed for a draft.

    Attributes:
        before: the version its applicant had read; now: the one in force today.
    """

    before: ItemVersion
    now: ItemVersion
    changes: list[Change]


def changed_standard(application: Application) -> ChangedStandard | None:
    """Return what changed since the applicant looked; None where nothing did or it is no draft."""
    before = application.drafted_under
    if before is None or application.version_id is not None:
        return None
    try:
        now = binding_version(application)
    except NoStandardInForce:
        return None  # The hand-in says so.
    if now.pk == before.pk:
        return None
    return ChangedStandard(before, now, changes(before.standard, now.standard))


def note_standard(application: Application) -> None:
    """Write down which version the applicant reads from now on; the caller saves."""
    try:
        application.drafted_under = binding_version(application)
    except NoStandardInForce:
        application.drafted_under = None


@transaction.atomic
def go_on_with(case_id: uuid.UUID, user: User, version_id: int) -> Application:
    """Note that the applicant has read what changed.

    Args:
        version_id: the version whose changes were on the page.

    Raises:
        NotYourTurn: it is not the account's draft.
        AlreadyMoved: it was handed in, or yet another version came into force meanwhile.
    """
    case = cases.locked(case_id)
    if user.person_id is None or user.person_id not in (case.applicant_id, case.beneficiary_id):
        raise NotYourTurn(_("Only who applied may change this."))
    if case.state != "draft":
        raise AlreadyMoved(_("This was handed in and cannot be changed any more."))
    application: Application = case.subject
    if binding_version(application).pk != version_id:
        raise AlreadyMoved(_("The standard has changed once more. Please look again."))
    note_standard(application)
    application.save(update_fields=["drafted_under"])
    return application


def _change_seen(context: Context) -> None:
    found = changed_standard(context.subject)
    if found is not None:
        raise ConditionNotMet(
            _(
                "Since you began, “%(version)s” has come into force. Please read what changed on"
                " the page of your application first; nothing you wrote is lost."
            )
            % {"version": found.now}
        )


CHANGE_SEEN = Guard(
    "change-seen",
    gettext_lazy("The applicant has read what changed in the standard since the draft."),
    _change_seen,
)
