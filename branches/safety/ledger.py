"""The ledger of rewards and penalties: lines are written and taken back, never changed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import SafetyMerit
from branches.safety.areas import require_keeper, require_members
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours


@transaction.atomic
def write(branch: Unit, values: dict[str, Any], user: User) -> SafetyMerit:
    """Write a line.

    Args:
        values: kind, person (or None), day, points, amount, reason, document.

    Raises:
        NotYours: the account does not keep the branch, or writes itself a line.
        ValidationError: neither points nor yuan, a day ahead, or somebody from elsewhere.
    """
    require_keeper(user, branch)
    person = values["person"]
    if person is not None and person.pk == user.person_id:
        raise NotYours(_("Nobody writes a line about themselves. Please ask a colleague."))
    if values["day"] > timezone.localdate():
        raise ValidationError({"day": _("This day lies in the future.")})
    if not values["points"] and not values["amount"]:
        raise ValidationError({"points": _("Please write points, yuan or both.")})
    if person is not None:
        try:
            require_members(branch, [person], values["day"])
        except ValidationError as error:
            raise ValidationError({"person": error.messages}) from error
    return SafetyMerit.objects.create(branch=branch, written_by=user, **values)


@transaction.atomic
def take_back(line_id: int, reason: str, user: User) -> SafetyMerit:
    """Cancel a line by another one that says why.

    Raises:
        NotYours: the account does not keep the branch.
        NotPossible: no reason, or the line itself takes another back.
        ChangedMeanwhile: it was taken back already.
    """
    line = (
        SafetyMerit.objects.select_for_update(of=("self",)).select_related("branch").get(pk=line_id)
    )
    require_keeper(user, line.branch)
    if line.takes_back_id is not None:
        raise NotPossible(_("This line takes another one back. Please write a new line."))
    if SafetyMerit.objects.filter(takes_back=line).exists():
        raise ChangedMeanwhile(_("This line was taken back already."))
    if not reason.strip():
        raise NotPossible(_("Please write why it is taken back."))
    return SafetyMerit.objects.create(
        branch=line.branch,
        person=line.person,
        kind=line.kind,
        day=timezone.localdate(),
        points=line.points,
        amount=line.amount,
        reason=reason.strip()[:200],
        document=line.document,
        hazard=line.hazard,
        takes_back=line,
        written_by=user,
    )
