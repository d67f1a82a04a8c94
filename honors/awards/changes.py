"""Suspension, its end, and revocation: prepared by one person, confirmed by another.

What is in force shows at once on the wall, on the page of the honor, on the certificate and where
it is verified. Nothing is deleted: the page gets a new version, and so does its record.
"""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from honors.awards.archive_source import capture_award
from honors.awards.page_drafts import show_standing
from honors.awards.permissions import may_confirm, may_prepare
from honors.models import Award, AwardChange, AwardState, ChangeKind, ChangeOutcome
from portal.notifications.services import Recipient, notify
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours

MESSAGE = "honor-changed"
#: From which states a change starts.
STARTS = {
    ChangeKind.SUSPEND: (AwardState.VALID,),
    ChangeKind.RESTORE: (AwardState.SUSPENDED,),
    ChangeKind.REVOKE: (AwardState.VALID, AwardState.SUSPENDED),
}
ENDS = {
    ChangeKind.SUSPEND: AwardState.SUSPENDED,
    ChangeKind.RESTORE: AwardState.VALID,
    ChangeKind.REVOKE: AwardState.REVOKED,
}


def possible_kinds(award: Award) -> list[ChangeKind]:
    """Return what can be done to an award as it stands."""
    if not award.is_confirmed:
        return []
    return [kind for kind, states in STARTS.items() if award.state in states]


def _locked(award_pk: int) -> Award:
    return Award.objects.select_for_update(of=("self",)).select_related("title").get(pk=award_pk)


def _refuse_kind(award: Award, kind: str) -> None:
    if kind not in possible_kinds(award):
        raise ChangedMeanwhile(
            _("The award is %(state)s; this cannot be done to it.")
            % {"state": award.get_state_display()}
        )


@transaction.atomic
def propose(
    award_pk: int, kind: str, *, number: str, reason: str, decided_on: datetime.date, by: User
) -> AwardChange:
    """Prepare a change; it is in force when a second person confirms it.

    Raises:
        NotYours: the account does not prepare changes of the title.
        ChangedMeanwhile: the award is in another state.
        NotPossible: another change waits already.
        ValidationError: a field is wrong.
    """
    award = _locked(award_pk)
    if not may_prepare(by, award.title):
        raise NotYours(_("Awards of this title are prepared by another office."))
    _refuse_kind(award, kind)
    if decided_on > timezone.localdate():
        raise ValidationError({"decided_on": _("This day has not come yet.")})
    earliest = award.state_on or award.decided_on
    if decided_on < earliest:
        raise ValidationError(
            {
                "decided_on": _("This day lies before %(day)s, when the award got its state.")
                % {"day": date_format(earliest)}
            }
        )
    change = AwardChange(
        award=award,
        kind=kind,
        number=number.strip(),
        reason=reason.strip(),
        decided_on=decided_on,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as error:
        raise NotPossible(
            _("Another change of this award waits for confirmation. Please end that one first.")
        ) from error
    return change


def _locked_change(pk: int) -> tuple[AwardChange, Award]:
    """Return a change that waits and its award, the award locked first."""
    award = _locked(AwardChange.objects.values_list("award_id", flat=True).get(pk=pk))
    change = (
        AwardChange.objects.select_for_update(of=("self",))
        .select_related("answered_by__person", "proposed_by__person")
        .get(pk=pk)
    )
    if change.outcome != ChangeOutcome.WAITING:
        raise ChangedMeanwhile(
            _("%(who)s already dealt with this: %(outcome)s.")
            % {"who": change.answered_by, "outcome": change.get_outcome_display()}
        )
    return change, award


@transaction.atomic
def confirm(pk: int, by: User) -> Award:
    """Put a change in force: on the award, on its page and in the archive, all or nothing.

    Raises:
        ChangedMeanwhile: somebody dealt with it, or the award is in another state.
        NotYours: the account may not confirm, prepared it, or holds the award.
        PublishingRefused: the page cannot be published by this account.
    """
    change, award = _locked_change(pk)
    if not may_confirm(by):
        raise NotYours(_("Your role does not confirm changes of awards."))
    if change.proposed_by_id == by.pk:
        raise NotYours(_("You prepared this change. Please ask a colleague to confirm it."))
    if award.person_id is not None and award.person_id == by.person_id:
        raise NotYours(_("Nobody decides on an award of their own."))
    _refuse_kind(award, change.kind)
    change.outcome = ChangeOutcome.CONFIRMED
    change.answered_by, change.answered_at = by, timezone.now()
    change.save(update_fields=["outcome", "answered_by", "answered_at"])
    award.state = ENDS[ChangeKind(change.kind)]
    if award.state == AwardState.VALID:
        award.state_number, award.state_reason, award.state_on = "", "", None
    else:
        award.state_number = change.number
        award.state_reason = change.reason
        award.state_on = change.decided_on
    award.save(update_fields=["state", "state_number", "state_reason", "state_on"])
    show_standing(award, drafted_by=change.proposed_by, approved_by=by)
    capture_award(award.pk)
    _tell(award, change)
    return award


def _tell(award: Award, change: AwardChange) -> None:
    if award.person is None:
        return
    notify(
        MESSAGE,
        [Recipient(person=award.person)],
        {"number": award.number},
        event_key=f"honor-change:{change.pk}",
        url=reverse("honor_mine"),
    )


@transaction.atomic
def drop(pk: int, answer: str, by: User) -> AwardChange:
    """End a change that shall not come into force; whoever prepared it may take it back.

    Raises:
        ChangedMeanwhile: somebody dealt with it.
        NotYours: the account neither prepared it nor confirms changes.
    """
    change, _award = _locked_change(pk)
    if not (may_confirm(by) or change.proposed_by_id == by.pk):
        raise NotYours(_("Your role does not confirm changes of awards."))
    change.outcome = ChangeOutcome.DROPPED
    change.answer = answer.strip()
    change.answered_by, change.answered_at = by, timezone.now()
    change.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    return change
