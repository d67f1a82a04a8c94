"""The states of a round and the codes of its parties."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import State

FLOW = "honor-round"
OFFICE, COMMITTEE, NOMINATORS, PUBLIC, SYSTEM = (
    "office",
    "committee",
    "nominators",
    "public",
    "system",
)
#: Before the list of winners is approved, so that nominations can still be read and changed.
OPEN_STATES = (
    "prepared",
    "drafting",
    "nominating",
    "examining",
    "judging",
    "proposing",
    "listed",
    "on_notice",
    "objected",
    "noticed",
    "decision_drafted",
)
WAIT = _("Nothing to do. Please wait.")

STATES = (
    State("draft", pgettext_lazy("case", "Draft"), OFFICE, WAIT, step="open", tone=""),
    State("prepared", pgettext_lazy("round", "To be opened"), COMMITTEE, WAIT, step="open"),
    State(
        "drafting",
        pgettext_lazy("round", "Back for changes"),
        OFFICE,
        WAIT,
        step="open",
        tone="amber",
    ),
    State(
        "nominating",
        pgettext_lazy("round", "Nominations"),
        NOMINATORS,
        _("Nominations are taken now."),
        "nominating",
        "nominate",
    ),
    State(
        "examining",
        pgettext_lazy("round", "Being examined"),
        OFFICE,
        WAIT,
        step="examine",
    ),
    State("judging", pgettext_lazy("round", "Before the judges"), OFFICE, WAIT, step="judge"),
    State(
        "proposing",
        pgettext_lazy("round", "List to be drawn up"),
        OFFICE,
        WAIT,
        step="judge",
    ),
    State(
        "listed",
        pgettext_lazy("round", "Before the Party committee"),
        COMMITTEE,
        WAIT,
        step="decide",
    ),
    State("on_notice", pgettext_lazy("round", "Public notice"), PUBLIC, WAIT, step="notice"),
    State(
        "objected",
        pgettext_lazy("round", "Objection being looked into"),
        OFFICE,
        WAIT,
        step="notice",
        tone="amber",
    ),
    State(
        "noticed",
        pgettext_lazy("round", "Notice over, no objection open"),
        OFFICE,
        WAIT,
        step="confer",
    ),
    State(
        "decision_drafted",
        pgettext_lazy("round", "Decision to be published"),
        COMMITTEE,
        WAIT,
        step="confer",
    ),
    State(
        "awarded",
        pgettext_lazy("round", "Awarded"),
        final=True,
        outcome=_("The title was conferred."),
        step="confer",
        tone="green",
    ),
    State(
        "called_off",
        pgettext_lazy("round", "Called off"),
        final=True,
        outcome=_("The round was called off."),
        tone="red",
    ),
)
