"""What the steps of a round write besides moving its case."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from honors.models import (
    Investigation,
    Nomination,
    NominationState,
    NominationStep,
    Round,
    RoundPart,
)
from honors.rounds import judging, messages, publication
from honors.rounds.conferring import confer
from honors.rounds.files import materials
from honors.rounds.states import FLOW
from honors.rounds.terms import frozen_terms
from portal.cases.flow import Context, Effect
from portal.cases.models import Case, CaseDocument
from portal.cases.numbers import next_number
from portal.cases.ownership import owner_id
from portal.cases.refusals import ConditionNotMet
from portal.people.models import User
from portal.public_notices.models import NoticeState, PublicNotice
from portal.public_notices.services import cancel


def round_of(case: Case) -> Round | None:
    """Return the round behind a case."""
    rows = Round.objects.select_related("title", "case__unit", "page", "decision_page")
    return rows.filter(pk=case.pk).first()


def actor_of(context: Context, *codes: str) -> User:
    """Return who took the newest of some steps of the case.

    Raises:
        RuntimeError: nobody did; the table lets the step come before them.
    """
    event = context.case.events.filter(transition__in=codes).order_by("-sequence").first()
    if event is None or event.actor is None:
        raise RuntimeError(f"Nobody took {codes}.")
    actor: User = event.actor
    return actor


def step(
    nomination: Nomination, state: str, actor: User | None, words: str = "", **fields: Any
) -> None:
    """Move a nomination and write it down; the round's case is locked by the caller."""
    nomination.state = state
    for name, value in fields.items():
        setattr(nomination, name, value)
    nomination.save(update_fields=["state", *fields])
    # The clock of the step, not of the import: the demo writes what happened long ago.
    NominationStep.objects.create(
        nomination=nomination, state=state, actor=actor, words=words, at=timezone.now()
    )


def _number(context: Context) -> None:
    context.case.number = next_number(context.case.table.prefix, context.today)


def _freeze_terms(context: Context) -> None:
    round_: Round = context.subject
    terms = frozen_terms(round_.title)
    if (quota := context.values.get("quota")) is not None:
        terms["quota"] = quota
    round_.terms = terms
    round_.save(update_fields=["terms"])


def _publish_round(context: Context) -> None:
    drafted_by = actor_of(context, "prepare", "prepare_again")
    round_: Round = context.subject
    round_.page = publication.publish_round(round_, drafted_by, context.actor, context.today)
    round_.save(update_fields=["page"])
    messages.tell_members(round_)


def _close_nominations(context: Context) -> None:
    round_: Round = context.subject
    late = round_.nominations.filter(state__in=(NominationState.DRAFT, NominationState.SUBMITTED))
    for nomination in late:
        step(
            nomination,
            NominationState.DECLINED,
            context.user,
            "推荐期限已满，支部未推荐。",
            reason="推荐期限已满，支部未推荐。",
        )


def _recuse(context: Context) -> None:
    context.remembered["recused"] = judging.recuse_relatives(context.subject)
    messages.tell_judges(context.subject)


def _record_ballot(context: Context) -> None:
    round_: Round = context.subject
    values = context.values
    # Who became known as a relative while judging ran neither scored nor voted rightly.
    judging.recuse_relatives(round_)
    judges = round_.members.filter(part=RoundPart.JUDGE).count()
    ballots = values["ballots"]
    if ballots > judges:
        raise ConditionNotMet(
            _("%(ballots)d papers were handed out, but there are only %(judges)d judges.")
            % {"ballots": ballots, "judges": judges}
        )
    if ballots * 3 < judges * 2:
        raise ConditionNotMet(
            _("The ballot needs two thirds of the %(judges)d judges.") % {"judges": judges}
        )
    for nomination in round_.nominations.filter(state=NominationState.ELIGIBLE):
        counted = values["counts"].get(nomination.pk)
        if counted is None:
            raise ConditionNotMet(
                _("The votes on %(name)s are missing.") % {"name": nomination.subject_name}
            )
        most = min(ballots, judges - nomination.recusals.count())
        if sum(counted) > most:
            raise ConditionNotMet(
                _("%(name)s: %(sum)d votes, but at most %(most)d judges could vote.")
                % {"name": nomination.subject_name, "sum": sum(counted), "most": most}
            )
        nomination.ballot_yes, nomination.ballot_no, nomination.ballot_abstained = counted
        nomination.save(update_fields=["ballot_yes", "ballot_no", "ballot_abstained"])
    round_.ballot_on, round_.ballots = values["ballot_on"], ballots
    round_.tellers = values["tellers"]
    round_.save(update_fields=["ballot_on", "ballots", "tellers"])


def _freeze_scores(context: Context) -> None:
    judging.freeze_scores(context.subject)


def _propose(context: Context) -> None:
    keys = {row.pk for row in context.values["winners"]}
    for nomination in context.subject.nominations.filter(state=NominationState.ELIGIBLE):
        if nomination.pk in keys:
            step(nomination, NominationState.PROPOSED, context.user)
    context.remembered["proposed"] = sorted(keys)


def _back_to_eligible(context: Context) -> None:
    for nomination in context.subject.nominations.filter(state=NominationState.PROPOSED):
        step(nomination, NominationState.ELIGIBLE, context.user)


def _publish_list(context: Context) -> None:
    round_: Round = context.subject
    round_.meeting, round_.meeting_on = context.values["meeting"], context.values["meeting_on"]
    round_.save(update_fields=["meeting", "meeting_on"])
    notice = publication.publish_list(
        round_, actor_of(context, "propose"), context.actor, context.today
    )
    context.remembered["notice"] = str(notice.pk)


def _exclude(context: Context) -> None:
    """Take those off the list of whom an investigation says so; the others can be chosen anew."""
    fallen = set(
        Investigation.objects.filter(round=context.subject, affects=True).values_list(
            "nomination_id", flat=True
        )
    )
    for nomination in context.subject.nominations.filter(state=NominationState.PROPOSED):
        if nomination.pk in fallen:
            words = "公示期间异议核查属实，不再列入名单。"
            step(nomination, NominationState.EXCLUDED, context.user, words, reason=words)
        else:
            step(nomination, NominationState.ELIGIBLE, context.user)


def _draft_decision(context: Context) -> None:
    round_: Round = context.subject
    for name in ("decision_number", "decision_title", "decided_on"):
        setattr(round_, name, context.values[name])
    round_.save(update_fields=["decision_number", "decision_title", "decided_on"])


def _confer(context: Context) -> None:
    confer(context.subject, actor_of(context, "draft_decision"), context.actor)


def _file_materials(context: Context) -> None:
    """Put the materials into the file of the case, from which the archive takes them."""
    for nomination in context.subject.nominations.handed_in():
        for file in materials(nomination):
            CaseDocument.objects.get_or_create(
                file=file,
                defaults={
                    "case": context.case,
                    "material": f"nomination-{nomination.pk}",
                    "title": f"{nomination.subject_name}：推荐材料"[:100],
                    "added_at": context.now,
                },
            )


def _call_off(context: Context) -> None:
    notice = (
        PublicNotice.objects.of_owner(FLOW, owner_id(context.case))
        .filter(state__in=(NoticeState.RUNNING, NoticeState.PAUSED))
        .first()
    )
    if notice is not None:
        cancel(notice, context.user, str(context.values.get("reason", ""))[:200])
    ended = (
        NominationState.AWARDED,
        NominationState.WITHDRAWN,
        NominationState.DECLINED,
        NominationState.INELIGIBLE,
        NominationState.EXCLUDED,
    )
    for nomination in context.subject.nominations.exclude(state__in=ended):
        step(nomination, NominationState.NOT_CHOSEN, context.user, "评选终止。")


NUMBER = Effect("number", gettext_lazy("Gives the number of the round."), _number)
FREEZE_TERMS = Effect(
    "terms", gettext_lazy("Keeps a copy of what the round is judged by."), _freeze_terms
)
PUBLISH_ROUND = Effect(
    "publish-round", gettext_lazy("Publishes the notice as a page."), _publish_round
)
CLOSE_NOMINATIONS = Effect(
    "close", gettext_lazy("Ends what the branch did not recommend in time."), _close_nominations
)
RECUSE_RELATIVES = Effect(
    "recuse", gettext_lazy("Lets judges stand aside who are relatives of a nominee."), _recuse
)
RECORD_BALLOT = Effect("ballot", gettext_lazy("Keeps the votes of the ballot."), _record_ballot)
FREEZE_SCORES = Effect(
    "scores", gettext_lazy("Keeps mean and spread of the scores."), _freeze_scores
)
PROPOSE = Effect("propose", gettext_lazy("Puts the chosen on the list."), _propose)
TAKE_LIST_BACK = Effect(
    "take-back", gettext_lazy("Opens the list for another choice."), _back_to_eligible
)
PUBLISH_LIST = Effect(
    "publish-list", gettext_lazy("Publishes the list as a public notice."), _publish_list
)
EXCLUDE = Effect(
    "exclude", gettext_lazy("Takes those off the list whom the objection concerns."), _exclude
)
DRAFT_DECISION = Effect(
    "draft-decision", gettext_lazy("Keeps number, title and day of the decision."), _draft_decision
)
CONFER = Effect(
    "confer", gettext_lazy("Publishes the decision as a page and grants the awards."), _confer
)
FILE_MATERIALS = Effect(
    "materials", gettext_lazy("Puts the materials into the closed file."), _file_materials
)
CALL_OFF = Effect(
    "call-off", gettext_lazy("Ends the public notice and the nominations."), _call_off
)
