"""What a step will do, in words: before somebody takes it, and in the documentation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.cases.flow import PREVIOUS, ClockAction, Flow, Transition
from portal.cases.models import Case

STARTING = (ClockAction.START, ClockAction.START_FROM_HAND_IN)


def clock_sentence(table: Flow, code: str, action: ClockAction) -> str:
    """Return what happens to a clock."""
    words = {
        ClockAction.START: _("The time limit “%(clock)s” begins."),
        ClockAction.START_FROM_HAND_IN: _(
            "The time limit “%(clock)s” begins, counted from the day of the hand-in."
        ),
        ClockAction.PAUSE: _("The time limit “%(clock)s” stands still."),
        ClockAction.RESUME: _("The time limit “%(clock)s” goes on."),
        ClockAction.STOP: _("The time limit “%(clock)s” ends."),
    }
    return words[action] % {"clock": table.clock(code).name}


def _target(case: Case, row: Transition) -> str:
    """Return the state a step leads to from where the case stands."""
    return row.target if row.target != PREVIOUS else case.previous_state or case.state


def consequences(case: Case, row: Transition, *, for_staff: bool) -> list[str]:
    """Return the sentences that say what will happen.

    Args:
        for_staff: clocks and effects are the office's business; an applicant reads where the
            case goes.
    """
    name = case.table.state(_target(case, row)).name
    said = [_("The case then stands at “%(state)s”.") % {"state": name}]
    if case.table.state(_target(case, row)).final:
        said.append(_("The case ends with that."))
    if not for_staff:
        return said
    said += [str(effect.says) for effect in row.effects]
    running = {clock.code for clock in case.clocks.all() if clock.ended_on is None}
    said += [
        clock_sentence(case.table, code, action)
        for code, action in row.clocks
        if action in STARTING or code in running
    ]
    if row.message:
        said.append(_("The applicant gets a message."))
    if row.clause:
        said.append(_("Basis: %(clause)s") % {"clause": row.clause})
    return said
