"""Printed tokens (一次性答题码) for crews without accounts.

A token is 16 symbols that exist on paper only; the invitation keeps a keyed digest. The sheet of
a group is printed once. As long as nobody of the group has answered with one, it can be printed
anew, and the earlier paper opens nothing any more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from wagtail.log_actions import log

from portal.people.models import User
from portal.refusals import NotYours
from union.anonymity.receipts import grouped, is_whole, keyed_digest, new_receipt, normalized
from union.models import Invitation, Segment, Survey
from union.surveys.office_refusals import NotAtThisPoint
from union.surveys.permissions import may_run

LABEL = "survey-token:v1:"
# Stands where a digest will be once the sheet is printed; no digest begins like this.
UNPRINTED = "unprinted:"
#: What stands for the one group of a survey that is not broken down by units.
EVERYBODY = "all"
PURPOSE = "survey-token"


@dataclass(frozen=True)
class TokenSheet:
    """The tokens of one group, as the office sees them.

    Attributes:
        group: its code.
        count: how many tokens.
        is_printed: whether the sheet was printed.
    """

    group: str
    name: str
    count: int
    is_printed: bool


@sensitive_variables()
def token_digest(typed: str) -> str:
    """Return what is stored of a token, from whatever spelling of it."""
    return keyed_digest(LABEL, normalized(typed)).hex()


@sensitive_variables("typed")
def invitation_of(typed: str) -> Invitation | None:
    """Return the invitation a typed token opens; the same work is done for every input."""
    found = (
        Invitation.objects.select_related("survey")
        .filter(token_digest=token_digest(typed), person=None)
        .first()
    )
    return found if found is not None and is_whole(normalized(typed)) else None


def token_sheets(survey: Survey) -> list[TokenSheet]:
    """Return the groups that have tokens, in the order of the questionnaire."""
    rows = Invitation.objects.filter(survey=survey, person=None)
    counts: dict[str, list[bool]] = {}
    for segments, digest in rows.values_list("segments", "token_digest"):
        group = segments.get(Segment.UNIT, EVERYBODY)
        counts.setdefault(group, []).append(not str(digest).startswith(UNPRINTED))
    names = group_names(survey)
    return [
        TokenSheet(group, names.get(group, _("All groups")), len(printed), any(printed))
        for group, printed in sorted(counts.items())
    ]


def group_names(survey: Survey) -> dict[str, str]:
    """Return the names of the groups of units by their codes."""
    return {
        group["code"]: group["name"]
        for segment in survey.snapshot.get("segments", [])
        if segment["code"] == Segment.UNIT
        for group in segment["groups"]
    }


@sensitive_variables()
@transaction.atomic
def print_tokens(survey_id: int, group: str, user: User) -> list[str]:
    """Make the tokens of a group and return them, grouped for reading; they exist nowhere else.

    Raises:
        NotYours: the account does not run the survey.
        NotAtThisPoint: the survey is not open, there are none, or one of them was used.
    """
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if not may_run(user, survey):
        raise NotYours(_("This survey is run by another office."))
    if survey not in Survey.objects.open():
        raise NotAtThisPoint(_("Tokens are printed while the survey is open."))
    rows = [
        row
        for row in Invitation.objects.select_for_update().filter(survey=survey, person=None)
        if row.segments.get(Segment.UNIT, EVERYBODY) == group
    ]
    if not rows:
        raise NotAtThisPoint(_("There are no tokens for this group."))
    if any(row.is_done for row in rows):
        raise NotAtThisPoint(
            _("Somebody has answered with a token of this sheet, so it is not printed again.")
        )
    tokens = [new_receipt() for _row in rows]
    for row, token in zip(rows, tokens, strict=True):
        row.token_digest = token_digest(token)
    Invitation.objects.bulk_update(rows, ["token_digest"], batch_size=500)
    log(instance=survey, action="union.survey.tokens", user=user, data={"count": len(tokens)})
    # Paper in another order than the rows.
    secrets.SystemRandom().shuffle(tokens)
    return [grouped(token) for token in tokens]
