"""The states of a proposal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import State
from portal.cases.flow.shared_states import WITHDRAWN, draft

PROPOSER, OFFICE, COMMITTEE = "proposer", "office", "committee"
HANDLER, SYSTEM = "handler", "system"
# They second on a page of their own, so no step of the table is theirs.
DELEGATES = "delegates"

WAIT = _("Nothing to do. Please wait.")
STATES = (
    draft(PROPOSER),
    State(
        "collecting",
        pgettext_lazy("proposal", "Being seconded"),
        DELEGATES,
        _("Other delegates can second it."),
        "collection",
        "collect",
    ),
    State("review", pgettext_lazy("proposal", "In review"), OFFICE, WAIT, "review", "review"),
    State(
        "examined",
        pgettext_lazy("proposal", "Before the committee"),
        COMMITTEE,
        WAIT,
        "review",
        "review",
    ),
    State("filed", pgettext_lazy("proposal", "Filed"), OFFICE, WAIT, "dispatch", "handle"),
    State("handling", pgettext_lazy("proposal", "Being handled"), HANDLER, WAIT, "reply", "handle"),
    State(
        "replied",
        pgettext_lazy("proposal", "Reply being looked at"),
        OFFICE,
        WAIT,
        "check",
        "handle",
    ),
    State(
        "answered",
        pgettext_lazy("proposal", "Answered"),
        PROPOSER,
        _("Please read the reply and rate it."),
        "rating",
        "rate",
        tone="green",
    ),
    State(
        "closed",
        pgettext_lazy("case", "Closed"),
        final=True,
        outcome=_("The proposal is finished."),
        step="rate",
        tone="green",
    ),
    State(
        "merged",
        pgettext_lazy("proposal", "Merged"),
        final=True,
        outcome=_("It goes on within the main proposal."),
        step="review",
        tone="green",
    ),
    State(
        "turned",
        pgettext_lazy("proposal", "Turned into a suggestion or opinion"),
        final=True,
        outcome=_("It is treated as an opinion."),
        step="review",
        tone="amber",
    ),
    State(
        "declined",
        pgettext_lazy("proposal", "Not filed"),
        final=True,
        outcome=_("It was not filed. Please see why."),
        step="review",
        tone="red",
    ),
    WITHDRAWN,
)
