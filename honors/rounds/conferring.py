"""From the decision to awards: the page, the awards, and what each nomination came to."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import override

from honors.awards.granting import Winner, grant_awards
from honors.awards.people import gender_and_age
from honors.models import Nomination, NominationState, NominationStep, Round, SubjectKind
from honors.rounds import messages, publication
from portal.people.models import User


def confer(round_: Round, drafted_by: User, approved_by: User) -> None:
    """Publish the decision and grant the title to everybody on the list, all or none.

    Runs in the transaction of the step that closes the round, whose case is locked.

    Raises:
        NotPossible: somebody has the title of the year already.
        OwnWork, NotReviewer: see `publication.put_live`.
    """
    winners = list(
        round_.nominations.filter(state=NominationState.PROPOSED)
        .select_related("unit", "person")
        .order_by("unit__path", "pk")
    )
    if round_.decided_on is None:
        raise RuntimeError("A decision has a day before it is published.")
    with override("zh-hans"):
        round_.decision_page = publication.publish_decision(
            round_, winners, drafted_by, approved_by
        )
        awards = grant_awards(
            title=round_.title,
            year=round_.year,
            winners=[_winner(row, round_) for row in winners],
            decision_number=round_.decision_number,
            decided_on=round_.decided_on,
            by=approved_by,
            round_pk=round_.pk,
        )
    round_.save(update_fields=["decision_page"])
    for nomination, award in zip(winners, awards, strict=True):
        nomination.state, nomination.award = NominationState.AWARDED, award
        nomination.save(update_fields=["state", "award"])
        _note(nomination, approved_by)
    for nomination in round_.nominations.filter(state=NominationState.ELIGIBLE):
        nomination.state = NominationState.NOT_CHOSEN
        nomination.save(update_fields=["state"])
        _note(nomination, approved_by)
    messages.tell_outcome(round_)


def _winner(nomination: Nomination, round_: Round) -> Winner:
    """Return what the award keeps; gender and age are of people, not of posts."""
    of_person = round_.title.subject_kind == SubjectKind.PERSON
    gender, age = "", None
    if of_person and round_.decided_on is not None:
        gender, age = gender_and_age(nomination.person, round_.decided_on)
    return Winner(
        name=nomination.subject_name,
        unit=nomination.unit,
        person=nomination.person if of_person else None,
        position=nomination.position,
        gender=gender,
        age=age,
        front_line=nomination.front_line,
    )


def _note(nomination: Nomination, actor: User) -> None:
    NominationStep.objects.create(
        nomination=nomination, state=nomination.state, actor=actor, at=timezone.now()
    )
