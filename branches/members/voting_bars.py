"""Times in which a member has no vote and cannot be elected: begun and ended."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.dates import ONE_DAY, in_words
from branches.members.register import current, locked, require_keeper, write_line
from branches.models import ChangeKind, VotingBar
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible


@transaction.atomic
def bar(member_id: int, values: dict[str, Any], user: User) -> VotingBar:
    """Take a member's vote away for a time.

    Args:
        values: kind, document, valid_from, valid_to (None: until it is lifted).

    Raises:
        NotYours, ChangedMeanwhile: as the other verbs.
        NotPossible: such a time runs already.
        ValidationError: a value is wrong.
    """
    member = locked(member_id)
    place = current(member)
    require_keeper(user, place.branch)
    if values.get("valid_to") and values["valid_to"] < values["valid_from"]:
        raise ValidationError({"valid_to": _("The end lies before the beginning.")})
    overlapping = member.voting_bars.exclude(valid_to__lt=values["valid_from"])
    if values.get("valid_to"):
        overlapping = overlapping.filter(valid_from__lte=values["valid_to"])
    if overlapping.exists():
        raise NotPossible(_("The member has no vote in this time already."))
    row = VotingBar.objects.create(member=member, **values)
    write_line(member, ChangeKind.BARRED, row.valid_from, user, place.branch)
    return row


@transaction.atomic
def lift(bar_id: int, day: datetime.date, user: User) -> None:
    """Give a member the vote back: the day is the last one without it.

    Raises:
        NotYours, ChangedMeanwhile: as the other verbs.
        ValidationError: the day lies before the beginning, or after the end it had.
    """
    member_id = VotingBar.objects.filter(pk=bar_id).values_list("member", flat=True).first()
    if member_id is None:
        raise ChangedMeanwhile(_("There is no such time."))
    member = locked(member_id)
    found = VotingBar.objects.get(pk=bar_id)
    place = current(member)
    require_keeper(user, place.branch)
    if day < found.valid_from:
        raise ValidationError({"day": _("The end lies before the beginning.")})
    if found.valid_to is not None and day > found.valid_to:
        raise ValidationError(
            {
                "day": _("This time without a vote ends on %(day)s. It cannot become longer here.")
                % {"day": in_words(found.valid_to)}
            }
        )
    VotingBar.objects.filter(pk=bar_id).update(valid_to=day)
    write_line(member, ChangeKind.BAR_ENDED, day + ONE_DAY, user, place.branch)
