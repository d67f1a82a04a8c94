"""What follows a bad rating (差评整改): verified, put right, called back, by uninvolved people.

Source: 国办发〔2019〕51号: whoever is rated does not see who rated. So nobody who took a step in
the rated case sees its follow-up, whatever the role.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.flow import Context, Effect
from portal.cases.models import Case, CaseEvent, Rating
from portal.cases.permissions import concerned
from portal.people.models import User
from portal.refusals import Refusal
from portal.roles.permissions import has_role
from veterans.limits import FOLLOW_UP, last_day
from veterans.models import FollowUp
from veterans.models.handling import FollowUpState

HANDLERS = ("union_staff", "union_chair", "party_approver")
READERS = (*HANDLERS, "discipline_auditor")
BAD = 2


class NotThisFollowUp(Refusal):
    """The follow-up is not the account's, or stands elsewhere."""

    status = 409
    title = gettext_lazy("This is not possible now")


def is_involved(user: Any, case: Case) -> bool:
    """Whether an account took a step of a case in the office, or the case is its own."""
    if user.person_id in concerned(case):
        return True
    return CaseEvent.objects.filter(case=case, actor=user).exists()


def reads_follow_ups(user: Any) -> bool:
    """Whether the account sees follow-ups of cases it had nothing to do with."""
    return has_role(user, *READERS)


def visible_follow_ups(user: Any) -> QuerySet[FollowUp]:
    """Return the follow-ups an account sees: none of a case in which it took a step."""
    if not reads_follow_ups(user):
        return FollowUp.objects.none()
    steps = CaseEvent.objects.filter(case=OuterRef("rating__case"), actor=user)
    return (
        FollowUp.objects.filter(~Exists(steps))
        .exclude(rating__case__applicant=user.person_id)
        .exclude(rating__case__beneficiary=user.person_id)
        .select_related("rating__case__unit")
    )


def may_handle(user: Any, follow_up: FollowUp) -> bool:
    """Whether the account may take the next step of a follow-up it sees."""
    return has_role(user, *HANDLERS) and not is_involved(user, follow_up.rating.case)


def calls_back(user: Any, case: Case) -> bool:
    """Whether the account has to call the person of a case because of an open follow-up."""
    found = FollowUp.objects.filter(rating__case=case).exclude(state=FollowUpState.CLOSED)
    follow_up = found.select_related("rating__case").first()
    return follow_up is not None and may_handle(user, follow_up)


def open_follow_up(rating: Rating) -> FollowUp | None:
    """Open a follow-up of a bad rating, once; None where the rating is not bad."""
    if rating.level > BAD:
        return None
    today = timezone.localdate()
    found, _made = FollowUp.objects.get_or_create(
        rating=rating, defaults={"opened_on": today, "due_on": last_day(FOLLOW_UP, today)}
    )
    return found


def _follow(context: Context) -> None:
    rating = Rating.objects.filter(case=context.case).first()
    if rating is not None:
        open_follow_up(rating)


def _locked(follow_up_id: int, user: User, state: FollowUpState) -> FollowUp:
    """Return a follow-up in a state, its row locked.

    Raises:
        NotThisFollowUp: it stands elsewhere, or is not the account's.
    """
    follow_up = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("rating__case")
        .get(pk=follow_up_id)
    )
    if not may_handle(user, follow_up):
        raise NotThisFollowUp(_("Somebody who had nothing to do with the case follows it up."))
    if follow_up.state != state:
        raise NotThisFollowUp(
            _("Somebody else acted first. It now stands at “%(state)s”.")
            % {"state": follow_up.get_state_display()}
        )
    return follow_up


@transaction.atomic
def verify(follow_up_id: int, user: User, justified: bool, finding: str) -> FollowUp:
    """Write down what was found and whether the rating is justified.

    Raises:
        NotThisFollowUp: it stands elsewhere, or is not the account's.
    """
    follow_up = _locked(follow_up_id, user, FollowUpState.OPEN)
    follow_up.justified, follow_up.finding = justified, finding
    follow_up.verified_by, follow_up.verified_at = user, timezone.now()
    follow_up.state = FollowUpState.VERIFIED
    follow_up.save()
    return follow_up


@transaction.atomic
def put_right(follow_up_id: int, user: User, measures: str) -> FollowUp:
    """Write down what was put right.

    Raises:
        NotThisFollowUp: it stands elsewhere, or is not the account's.
    """
    follow_up = _locked(follow_up_id, user, FollowUpState.VERIFIED)
    follow_up.measures = measures
    follow_up.put_right_by, follow_up.put_right_at = user, timezone.now()
    follow_up.state = FollowUpState.PUT_RIGHT
    follow_up.save()
    return follow_up


@transaction.atomic
def call_back(follow_up_id: int, user: User, satisfied: bool, answer: str) -> FollowUp:
    """Write down what the person said when called back; the follow-up ends.

    Raises:
        NotThisFollowUp: it stands elsewhere, or is not the account's.
    """
    follow_up = _locked(follow_up_id, user, FollowUpState.PUT_RIGHT)
    follow_up.satisfied, follow_up.answer = satisfied, answer
    follow_up.called_by, follow_up.called_at = user, timezone.now()
    follow_up.state = FollowUpState.CLOSED
    follow_up.save()
    return follow_up


FOLLOWED = Effect(
    "follow-up", gettext_lazy("Opens a follow-up of a bad rating for uninvolved people."), _follow
)
