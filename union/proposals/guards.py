"""Conditions of the steps of a proposal."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.flow import Context, Guard
from portal.cases.guards import limit_over
from portal.cases.refusals import ConditionNotMet
from union import participation_rules as rules
from union.models import Proposal
from union.proposals.permissions import mandate_of


def needed_seconders(proposal: Proposal) -> int:
    """Return how many seconders a proposal needs, by the rule on the day collection opened."""
    return rules.number(rules.SECONDERS, proposal.session.opens_on)


def _mandate(context: Context) -> None:
    proposal: Proposal = context.subject
    if mandate_of(context.user, proposal.session, context.today) is None:
        raise ConditionNotMet(_("Only delegates of this congress hand in proposals."))


def _window_open(context: Context) -> None:
    session = context.subject.session
    if not session.collects_on(context.today):
        raise ConditionNotMet(
            _("Proposals are collected from %(first)s to %(last)s.")
            % {
                "first": date_format(session.opens_on, "DATE_FORMAT"),
                "last": date_format(session.closes_on, "DATE_FORMAT"),
            }
        )


def _window_over(context: Context) -> None:
    if context.today <= context.subject.session.closes_on:
        raise ConditionNotMet(_("Proposals are still collected."))


def _seconded(context: Context) -> None:
    proposal: Proposal = context.subject
    needed, found = needed_seconders(proposal), proposal.seconds.standing().count()
    if found < needed:
        raise ConditionNotMet(
            _("%(found)d delegates second it, %(needed)d are needed.")
            % {"found": found, "needed": needed}
        )


def _sent_back_once(context: Context) -> None:
    if context.case.events.filter(transition="send_back").exists():
        raise ConditionNotMet(_("It was sent back once already. The union decides who handles it."))


def _first_round(context: Context) -> None:
    if context.subject.second_handling:
        raise ConditionNotMet(_("It was handled a second time already."))


MANDATE = Guard("mandate", gettext_lazy("The proposer is a delegate of this term."), _mandate)
WINDOW_OPEN = Guard("window", gettext_lazy("Proposals are being collected."), _window_open)
WINDOW_OVER = Guard(
    "window-over", gettext_lazy("The days of the collection are over."), _window_over
)
SECONDED = Guard("seconded", gettext_lazy("Enough delegates second it."), _seconded)
SENT_BACK_ONCE = Guard(
    "sent-back-once", gettext_lazy("A unit sends it back once at most."), _sent_back_once
)
FIRST_ROUND = Guard(
    "first-round", gettext_lazy("It is handled a second time once at most."), _first_round
)
RATING_OVER = limit_over("rating", gettext_lazy("The days for a rating are over."))
