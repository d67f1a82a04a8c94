"""The writes of nominations: drafts, handing in, the branch, withdrawing, correcting.

Every write locks the case of the round first, so nothing is handed in after it was closed, and
the quota of a unit counts right when two branches act at once.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from honors.models import (
    COUNTED_STATES,
    STANDING_STATES,
    Nomination,
    NominationKind,
    NominationState,
    Round,
    SubjectKind,
    subject_key,
)
from honors.rounds import messages
from honors.rounds.effects import step
from honors.rounds.files import OWNER
from honors.rounds.permissions import is_employee, is_nominator, speaks_for
from honors.rounds.terms import terms_of
from portal.cases.models import Case
from portal.cases.services import locked
from portal.evidence import Subject, ruled_out
from portal.files.services import claim, receive, remove_of
from portal.people.models import User
from portal.refusals import NotPossible, NotYours, TooLate

ONE_YEAR = datetime.timedelta(days=365)
FIELDS = (
    "kind",
    "subject_name",
    "person",
    "unit",
    "branch",
    "position",
    "front_line",
    "posthumous",
    "brief",
    "deeds",
    "accident_free_days",
    "hazards_found",
    "innovation_before",
    "innovation_after",
)


def subject_of(nomination: Nomination) -> Subject:
    """Return of whom the portal is asked for evidence: the year before today."""
    today = timezone.localdate()
    return Subject(
        unit=nomination.unit,
        since=today - ONE_YEAR,
        until=today,
        person=nomination.person,
        branch=nomination.branch,
        name=nomination.subject_name,
    )


def _locked_round(round_id: Any) -> tuple[Case, Round]:
    case = locked(uuid.UUID(str(round_id)))
    return case, Round.objects.select_related("title", "case").get(pk=case.pk)


def _refuse_closed(case: Case, round_: Round) -> None:
    if case.state != "nominating" or timezone.localdate() > round_.closes_on:
        raise TooLate(
            _("Nominations of this round were taken until %(day)s.")
            % {"day": date_format(round_.closes_on, "DATE_FORMAT")}
        )


def _checked(round_: Round, user: User, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a nomination, after the rules of the title were asked.

    Raises:
        NotPossible: this way of nominating is not open, or not to this account.
    """
    terms = terms_of(round_.terms)
    kind = NominationKind(values["kind"])
    found = {name: values.get(name) for name in FIELDS if name in values}
    of_person = round_.title.subject_kind == SubjectKind.PERSON
    if not getattr(terms, f"by_{kind.value}"):
        raise NotPossible(
            _("One may not nominate oneself for “%(title)s”. A colleague or the branch can.")
            % {"title": round_.title.name}
            if kind == NominationKind.SELF
            else _("“%(title)s” does not take nominations of this kind.")
            % {"title": round_.title.name}
        )
    if of_person and kind == NominationKind.SELF:
        if user.person is None:
            raise NotPossible(_("This account belongs to nobody."))
        found["person"], found["subject_name"] = user.person, user.person.name
    person = found.get("person")
    if of_person and person is None:
        raise NotPossible(_("Please say who is nominated."))
    if person is not None and of_person:
        found["subject_name"] = person.name
        found["position"] = found.get("position") or person.position
        if person.unit is not None:
            found["unit"] = person.unit
    own = of_person and person is not None and person.pk == user.person_id
    if own and kind != NominationKind.SELF and not terms.by_self:
        raise NotPossible(
            _("One may not nominate oneself for “%(title)s”. A colleague or the branch can.")
            % {"title": round_.title.name}
        )
    if found.get("posthumous") and not terms.posthumous:
        raise NotPossible(_("This title is not given posthumously."))
    if kind == NominationKind.BRANCH and not speaks_for(user, found.get("branch")):
        raise NotPossible(_("Only those who speak for the branch nominate in its name."))
    return found


def _refuse_twice(round_: Round, key: str, own: int | None) -> None:
    others = Nomination.objects.filter(round=round_, subject_key=key, state__in=STANDING_STATES)
    if own is not None:
        others = others.exclude(pk=own)
    if others.exists():
        # A draft of somebody else is theirs alone, so nobody is told whose it is.
        raise NotPossible(_("This nominee is nominated in this round already."))


@transaction.atomic
def save_draft(
    round_id: Any,
    user: User,
    values: Mapping[str, Any],
    *,
    nomination_id: int | None = None,
    uploads: Sequence[Any] = (),
) -> Nomination:
    """Keep what was typed as a draft, or change a nomination that came back.

    Raises:
        NotYours: the account works nowhere here, or it is another's nomination.
        TooLate: the round takes none now, or it cannot be changed any more.
        NotPossible: see `_checked`, or the same is nominated already.
    """
    if not is_employee(user):
        raise NotYours(_("Only employees nominate."))
    case, round_ = _locked_round(round_id)
    nomination = None
    if nomination_id is not None:
        nomination = Nomination.objects.get(pk=nomination_id, round=round_)
        if not is_nominator(user, nomination):
            raise NotYours(_("Only whoever nominated can change it."))
    if nomination is None or nomination.is_draft:
        _refuse_closed(case, round_)
    elif nomination.state != NominationState.RETURNED or case.state != "examining":
        raise TooLate(_("This nomination cannot be changed any more."))
    found = _checked(round_, user, values)
    if nomination is None:
        nomination = Nomination(round=round_, nominated_by=user, nominated_at=timezone.now())
    for name, value in found.items():
        setattr(nomination, name, value)
    person = nomination.person if round_.title.subject_kind == SubjectKind.PERSON else None
    nomination.subject_key = subject_key(
        person.pk if person else None, nomination.unit_id, nomination.subject_name
    )
    _refuse_twice(round_, nomination.subject_key, nomination.pk)
    nomination.clean_fields(
        exclude={one.name for one in Nomination._meta.fields if one.name not in FIELDS}
    )
    nomination.save()
    if uploads:
        stored = [receive(upload, user=user, purpose="material") for upload in uploads]
        claim(stored, OWNER, str(nomination.pk), by=user)
    return nomination


def _own(nomination_id: int, user: User) -> tuple[Case, Nomination]:
    given = Nomination.objects.get(pk=nomination_id)
    case, _round = _locked_round(given.round_id)
    nomination = Nomination.objects.select_related(
        "round__title", "round__case", "person", "unit", "branch", "nominated_by"
    ).get(pk=nomination_id)
    if not is_nominator(user, nomination):
        raise NotYours(_("Only whoever nominated can do this."))
    return case, nomination


@transaction.atomic
def hand_in(nomination_id: int, user: User) -> Nomination:
    """Hand a draft in to the branch, or a corrected nomination to the office.

    Handed in twice it stays handed in once.

    Raises:
        NotYours, TooLate: another's, or the round takes none now.
        NotPossible: the account is under a penalty itself.
    """
    case, nomination = _own(nomination_id, user)
    if nomination.state in (NominationState.SUBMITTED, NominationState.RECOMMENDED):
        return nomination
    if nomination.state == NominationState.RETURNED and case.state == "examining":
        step(nomination, NominationState.RECOMMENDED, user, "", reason="")
        return nomination
    _refuse_closed(case, nomination.round)
    if not nomination.is_draft:
        raise TooLate(_("This nomination cannot be handed in any more."))
    if nomination.person_id == user.person_id:
        # Of a colleague nobody learns here whether a penalty runs; the branch is asked for it.
        _refuse_ruled_out(nomination)
    step(nomination, NominationState.SUBMITTED, user, nominated_at=timezone.now())
    messages.tell_branch(nomination)
    return nomination


def _refuse_ruled_out(nomination: Nomination) -> None:
    codes = [row.check for row in terms_of(nomination.round.terms).vetoes if row.check]
    if found := ruled_out(subject_of(nomination), codes):
        words = "；".join(str(row.words) for row in found)
        raise NotPossible(
            _("%(name)s cannot be nominated now: %(words)s.")
            % {"name": nomination.subject_name, "words": words}
        )


@transaction.atomic
def withdraw(nomination_id: int, user: User) -> None:
    """Take an own nomination back; a draft is deleted with its files.

    Raises:
        NotYours: another's.
        TooLate: it went before the judges already.
    """
    case, nomination = _own(nomination_id, user)
    if nomination.is_draft:
        remove_of(OWNER, str(nomination.pk))
        nomination.delete()
        return
    if nomination.state == NominationState.WITHDRAWN:
        return
    may = (NominationState.SUBMITTED, NominationState.RECOMMENDED, NominationState.RETURNED)
    if nomination.state not in may or case.state not in ("nominating", "examining"):
        raise TooLate(_("This nomination cannot be withdrawn any more."))
    step(nomination, NominationState.WITHDRAWN, user)


@transaction.atomic
def assess(nomination_id: int, user: User, values: Mapping[str, Any]) -> Nomination:
    """Write down what the branch says: it recommends the nominee, or it does not.

    Args:
        values: `recommends`, `assembly_on`, `attended`, `agreed`, `branch_opinion`.

    Raises:
        NotYours: the account does not speak for the branch, or is nominated itself.
        TooLate: it does not wait for the branch, or the round is closed.
        NotPossible: under a penalty, or the quota of the unit is used up.
    """
    given = Nomination.objects.get(pk=nomination_id)
    case, round_ = _locked_round(given.round_id)
    nomination = Nomination.objects.select_related(
        "round__title", "round__case", "person", "unit", "branch"
    ).get(pk=nomination_id)
    if not speaks_for(user, nomination.branch):
        raise NotYours(_("Only those who speak for the branch write down what it says."))
    if nomination.person_id is not None and nomination.person_id == user.person_id:
        raise NotYours(_("You are nominated yourself. A colleague has to write this down."))
    _refuse_closed(case, round_)
    if nomination.state != NominationState.SUBMITTED:
        raise TooLate(
            _("This nomination does not wait for the branch any more: %(state)s.")
            % {"state": nomination.get_state_display()}
        )
    fields = {
        name: values[name] for name in ("assembly_on", "attended", "agreed", "branch_opinion")
    }
    fields |= {"recommended_by": user, "recommended_at": timezone.now()}
    if not values["recommends"]:
        step(
            nomination,
            NominationState.DECLINED,
            user,
            values["branch_opinion"],
            reason=values["branch_opinion"],
            **fields,
        )
        return nomination
    _refuse_ruled_out(nomination)
    if values["agreed"] * 2 <= values["attended"]:
        raise NotPossible(_("A recommendation needs more than half of those present."))
    _refuse_beyond_quota(round_, nomination)
    step(nomination, NominationState.RECOMMENDED, user, **fields)
    return nomination


def _refuse_beyond_quota(round_: Round, nomination: Nomination) -> None:
    quota = round_.quota_of(nomination.unit)
    used = Nomination.objects.filter(
        round=round_, unit=nomination.unit, state__in=COUNTED_STATES
    ).count()
    if used >= quota:
        raise NotPossible(
            _(
                "%(unit)s may nominate %(quota)d in this round, and %(used)d are recommended"
                " already."
            )
            % {"unit": nomination.unit.name, "quota": quota, "used": used}
        )
