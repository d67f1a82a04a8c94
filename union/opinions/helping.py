"""Contributions of helping units (协办): asked at dispatch, given once, read by the lead."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases.services import locked
from portal.notifications.services import Recipient, notify
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, Refusal
from union.models import OpinionHelp
from union.opinions.effects import HELP_GIVEN, handlers_of
from union.opinions.permissions import may_contribute

# Once the reply was approved nobody waits for a contribution any more.
OPEN_STATES = ("accepted", "handling", "reviewing")


@transaction.atomic
def contribute(help_id: int, user: User, words: str) -> OpinionHelp:
    """Keep what a helping unit contributes and tell the unit that handles the opinion.

    Raises:
        Refusal: it is not asked of the account's unit.
        ChangedMeanwhile: a colleague contributed before.
        NotPossible: no words, or the reply is out already.
    """
    known = OpinionHelp.objects.get(pk=help_id)
    case = locked(known.opinion_id)
    row = OpinionHelp.objects.select_related(
        "unit", "answered_by__person", "opinion__accused_unit", "opinion__case"
    ).get(pk=help_id)
    if not may_contribute(user, row):
        raise Refusal(_("This was not asked of your unit."))
    if row.answered_on is not None:
        raise ChangedMeanwhile(_("%(who)s contributed already.") % {"who": row.answered_by})
    if case.state not in OPEN_STATES:
        raise NotPossible(_("The reply was sent already. Nothing more is needed. Thank you."))
    if not words.strip():
        raise NotPossible(_("Please write what your unit contributes."))
    row.answer, row.answered_by, row.answered_on = words.strip(), user, timezone.localdate()
    row.save(update_fields=["answer", "answered_by", "answered_on"])
    if case.lead_unit is not None:
        notify(
            HELP_GIVEN,
            [Recipient(user=one) for one in handlers_of(case.lead_unit, case) if one != user],
            {"item": case.item, "number": case.number},
            event_key=f"{HELP_GIVEN}:{row.pk}",
            url=reverse("case", args=[case.pk]),
        )
    return row
