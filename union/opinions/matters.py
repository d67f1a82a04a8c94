"""A branch raises a matter to the management: an opinion by name, with the same limits."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import services as cases
from portal.cases.models import Case
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import NotPossible
from union.models import FeedbackBoxPage, Opinion, OpinionCategory, OpinionChannel, OpinionMode
from union.opinions.flow import FLOW
from union.opinions.permissions import branches_of


def open_box() -> FeedbackBoxPage:
    """Return the box to which branches write: the first that is open.

    Raises:
        NotPossible: none is.
    """
    box = FeedbackBoxPage.objects.live().order_by("path").first()
    if box is None:
        raise NotPossible(_("No opinion box is open. Please call the union office."))
    found: FeedbackBoxPage = box
    return found


def topmost_unit() -> Unit:
    """Return the enterprise, in whose name the union handles opinions."""
    return Unit.objects.filter(depth=1).order_by("path")[0]


@transaction.atomic
def raise_matter(user: User, values: dict[str, Any], key: uuid.UUID | None = None) -> Case:
    """Send a matter of a branch to the union, which passes it on with a limit.

    Args:
        values: branch, category, text, accused_unit and may_publish.

    Raises:
        NotPossible: the account does not speak for the branch, or no box is open.
    """
    branch: Unit = values["branch"]
    if branch not in branches_of(user):
        raise NotPossible(_("You do not speak for this branch."))
    category: OpinionCategory = values["category"]
    case = cases.open_draft(
        FLOW,
        item=_("Matter of a branch: %(category)s") % {"category": category.name},
        unit=topmost_unit(),
        applicant=user.person,
    )
    Opinion.objects.create(
        case=case,
        box=open_box(),
        category=category,
        mode=OpinionMode.NAMED,
        channel=OpinionChannel.BRANCH,
        text=values["text"],
        accused_unit=values.get("accused_unit"),
        may_publish=values["may_publish"],
        received_on=timezone.localdate(),
        raised_by=branch,
    )
    cases.apply(case.pk, "submit", user, {}, key=key)
    return case
