"""What the steps of a proposal write besides moving the case."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.flow import Context, Effect
from portal.cases.models import Case
from portal.cases.refusals import ConditionNotMet
from portal.cases.services import locked
from portal.notifications.services import Recipient, notify
from portal.organizations.models import Unit
from portal.people.models import User
from portal.roles.models import RoleAssignment
from union.models import CongressSession, Proposal, ProposalRating, ProposalUnit

MERGED_ANSWERED, HELP_ASKED = "proposal-merged-answered", "proposal-help-asked"
MAIN_STATES = ("filed", "handling", "replied", "answered")


def proposal_of(case: Case) -> Proposal | None:
    """Return the proposal behind a case."""
    found = Proposal.objects.select_related(
        "session__term", "category", "proposer__person", "proposer__unit", "merged_into__case"
    )
    return found.filter(pk=case.pk).first()


def _number(context: Context) -> None:
    """Give the next number of the session; the counter's row is locked to the commit."""
    proposal: Proposal = context.subject
    session = CongressSession.objects.select_for_update(of=("self",)).get(pk=proposal.session_id)
    session.last_number += 1
    session.save(update_fields=["last_number"])
    proposal.sequence = session.last_number
    proposal.save(update_fields=["sequence"])
    context.case.number = proposal.session.proposal_number(session.last_number)


def _orphan(context: Context) -> None:
    """Take the author out; number, subject and seconders stay."""
    proposal: Proposal = context.subject
    proposal.proposer, proposal.phone = None, ""
    proposal.save(update_fields=["proposer", "phone"])


def _advise(context: Context) -> None:
    context.remembered["advice"] = context.values.get("advice", "")


def _merge(context: Context) -> None:
    """Merge into a filed proposal of the same session; supporters are read through it."""
    proposal: Proposal = context.subject
    main: Proposal | None = context.values.get("main")
    # Only what is filed takes others in, and what is filed is never merged: no circle, and the
    # two cases are always locked in the same order.
    case = locked(main.pk) if main is not None else None
    if main is None or case is None or case.state not in MAIN_STATES:
        raise ConditionNotMet(_("A proposal is merged into one that is filed and still runs."))
    if main.session_id != proposal.session_id:
        raise ConditionNotMet(_("A proposal is merged into one of the same session."))
    proposal.merged_into = main
    proposal.save(update_fields=["merged_into"])
    context.remembered["main"] = case.number


def _turn(context: Context) -> None:
    context.subject.turned_to = context.values.get("turned_to", "")
    context.subject.save(update_fields=["turned_to"])


def _tell_helpers(context: Context, units: list[Unit]) -> None:
    """Tell those who speak for the helping units, whose page is that of the proposal."""
    rows = RoleAssignment.objects.filter(role_code="opinion_handler").active_on()
    held = list(rows.select_related("unit"))
    people = {row.person_id for row in held if any(row.covers(unit) for unit in units)}
    accounts = User.objects.filter(person__in=people, is_active=True)
    notify(
        HELP_ASKED,
        [Recipient(user=user) for user in accounts],
        {"item": context.case.item, "number": context.case.number},
        event_key=f"proposal-help:{context.case.pk}:{context.case.sequence}",
        url=reverse("proposal", args=[context.case.pk]),
    )


def _dispatch(context: Context) -> None:
    proposal: Proposal = context.subject
    lead, helpers = context.values.get("lead"), context.values.get("helpers") or []
    if lead is None:
        raise ConditionNotMet(_("Please name the unit that leads."))
    kept = {row.unit_id: row for row in proposal.units.all()}
    # Two units lead at no moment, so the old lead goes before the new one comes.
    proposal.units.exclude(unit__in=[lead, *helpers]).delete()
    proposal.units.update(lead=False)
    for unit in dict.fromkeys([lead, *helpers]):
        if unit.pk not in kept:
            ProposalUnit.objects.create(proposal=proposal, unit=unit)
    proposal.units.filter(unit=lead).update(lead=True)
    proposal.instruction = context.values.get("instruction", "")
    proposal.save(update_fields=["instruction"])
    _tell_helpers(context, [unit for unit in helpers if unit != lead])
    context.case.lead_unit = lead
    context.remembered["lead"] = lead.code
    context.remembered["helpers"] = [unit.code for unit in helpers if unit != lead]


def _reply(context: Context) -> None:
    proposal: Proposal = context.subject
    text = str(context.values.get("reply", "")).strip()
    if not text:
        raise ConditionNotMet(_("A reply needs words."))
    proposal.reply, proposal.result = text, context.values.get("result", "")
    proposal.save(update_fields=["reply", "result"])


def _send(context: Context) -> None:
    """Note the day, and tell those whose proposals were merged into this one."""
    proposal: Proposal = context.subject
    proposal.reply_checked_on = context.today
    proposal.save(update_fields=["reply_checked_on"])
    for row in proposal.merged.select_related("case__applicant"):
        if row.case.applicant is not None:
            notify(
                MERGED_ANSWERED,
                [Recipient(person=row.case.applicant)],
                {"item": context.case.item, "number": context.case.number},
                event_key=f"proposal-merged:{row.pk}:{context.case.sequence}",
                url=reverse("proposal", args=[context.case.pk]),
            )


def _rating(context: Context) -> ProposalRating:
    values: Any = context.values
    return ProposalRating.objects.create(
        proposal=context.subject,
        round=2 if context.subject.second_handling else 1,
        reply_level=values["reply_level"],
        implementation_level=values.get("implementation_level"),
        words=values.get("words", ""),
        given_at=context.now,
    )


def _rate(context: Context) -> None:
    _rating(context)


def _again(context: Context) -> None:
    proposal: Proposal = context.subject
    _rating(context)
    proposal.first_reply, proposal.reply, proposal.result = proposal.reply, "", ""
    proposal.second_handling = True
    proposal.save(update_fields=["first_reply", "reply", "result", "second_handling"])


NUMBER = Effect("number", gettext_lazy("Gives the number: term, session, sequence."), _number)
ORPHAN = Effect(
    "orphan", gettext_lazy("Number and subject stay; the author is no longer named."), _orphan
)
ADVISE = Effect("advise", gettext_lazy("Advises the committee what to decide."), _advise)
MERGE = Effect(
    "merge", gettext_lazy("Its proposer and seconders count for the main proposal."), _merge
)
TURN = Effect("turn", gettext_lazy("Says what it is treated as."), _turn)
DISPATCH = Effect("dispatch", gettext_lazy("Names the leading and the helping units."), _dispatch)
REPLY = Effect("reply", gettext_lazy("Writes the reply, which the union looks at first."), _reply)
SEND = Effect("send", gettext_lazy("Sends the reply to the delegate."), _send)
RATE = Effect("rate", gettext_lazy("Writes the rating down."), _rate)
AGAIN = Effect("again", gettext_lazy("Writes the rating down; the unit replies anew."), _again)
