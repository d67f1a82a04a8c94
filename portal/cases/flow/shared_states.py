"""States that are the same in the flows of several subjects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow.parts import State


def draft(writer: str) -> State:
    """Return the state in which the one who writes has not handed it in yet.

    Args:
        writer: code of the party.
    """
    return State(
        "draft",
        pgettext_lazy("case", "Draft"),
        writer,
        _("Please finish and hand it in."),
        step="hand-in",
        tone="",
    )


#: Whoever handed it in took it back.
WITHDRAWN = State(
    "withdrawn",
    pgettext_lazy("case", "Withdrawn"),
    final=True,
    outcome=_("It was withdrawn."),
    tone="",
)
