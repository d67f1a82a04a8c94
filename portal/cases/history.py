"""What happened to a case, in words: for the office with names, for the applicant without.

Events of steps beside the table, such as an assignment, move nothing; nobody who acts on what
they saw of a case is refused because of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.flow import Flow, PartyKind
from portal.cases.models import Case, CaseEvent

ASSIGN, RECUSE = "assign", "recuse"
ASK_EXTENSION, EXTEND, REFUSE_EXTENSION = "ask-extension", "extend", "refuse-extension"
NEW_CODE, ANSWER_ORDER = "new-code", "answer-order"
CONSENT_WITHDRAWN, PHONED = "consent-withdrawn", "phoned"
NAMED = "named"
BESIDE: dict[str, Any] = {
    ASSIGN: gettext_lazy("Hand over"),
    RECUSE: gettext_lazy("Stand aside"),
    ASK_EXTENSION: gettext_lazy("Ask for more time"),
    EXTEND: gettext_lazy("Extend the time limit"),
    REFUSE_EXTENSION: gettext_lazy("Refuse more time"),
    NEW_CODE: gettext_lazy("A new tracking code"),
    ANSWER_ORDER: gettext_lazy("Answer the supervision order"),
    CONSENT_WITHDRAWN: gettext_lazy("Withdraw the consent"),
    PHONED: gettext_lazy("Phone the applicant"),
    NAMED: gettext_lazy("Give the own name"),
}
# The lines of the time line, of those that concern the applicant.
_PUBLIC: dict[str, Any] = {
    EXTEND: gettext_lazy("The time limit was extended."),
    NEW_CODE: gettext_lazy("A new tracking code was made."),
    CONSENT_WITHDRAWN: gettext_lazy("You withdrew the consent."),
    NAMED: gettext_lazy("You gave your name."),
}


def step_name(table: Flow, code: str) -> str:
    """Return the name of a step, those beside the table included."""
    return str(BESIDE[code] if code in BESIDE else table.transition(code).name)


def nameless_party(table: Flow, event: CaseEvent) -> str:
    """Return the name of the applicant party when it acted without an account; else nothing."""
    if event.actor is None:
        for party in table.parties:
            if party.code == event.party and party.kind is PartyKind.APPLICANT:
                return str(party.name)
    return ""


def actor_name(table: Flow, event: CaseEvent) -> str:
    """Return who took a step, for closed files: a person, a party without one, or 系统."""
    return str(event.actor) if event.actor else nameless_party(table, event) or "系统"


def step_rows(case: Case, events: Iterable[CaseEvent]) -> list[list[str]]:
    """Return the steps of a closed file as plain values: when (ISO 8601), what, who, the reason."""
    table = case.table
    return [
        [
            event.at.isoformat(),
            step_name(table, event.transition),
            actor_name(table, event),
            event.note_public,
        ]
        for event in events
    ]


def steps_text(rows: Iterable[list[str]]) -> str:
    """Return the rows of `step_rows` as readable lines, with the time of the clock on the wall."""
    return "\n".join(_step_line(*row) for row in rows)


def _step_line(at: str, step: str, actor: str, reason: str) -> str:
    moment = datetime.datetime.fromisoformat(at)
    # Files of appeals and complaints closed earlier kept a time without its zone.
    if timezone.is_naive(moment):
        moment = moment.replace(tzinfo=datetime.UTC)
    line = f"{timezone.localtime(moment):%Y-%m-%d %H:%M} {actor}：{step}"
    return f"{line}（{reason}）" if reason else line


def public_words(table: Flow, event: CaseEvent) -> str:
    """Return the line of an event for the applicant; empty for what is the office's own."""
    if event.transition in _PUBLIC:
        return str(_PUBLIC[event.transition])
    for row in table.transitions:
        if row.code == event.transition:
            return str(row.applicant_reads)
    return ""


def moved_since(case: Case, seen: int) -> bool:
    """Whether a step of the table was taken after the event somebody saw last."""
    if seen == case.sequence:
        return False
    later = case.events.filter(sequence__gt=seen).exclude(transition__in=BESIDE)
    return seen > case.sequence or later.exists()


def last_words(case: Case, *, own: bool) -> str:
    """Return what moved the case last, and where it stands now.

    Args:
        own: the reader is the applicant, who learns neither names nor steps of the office.
    """
    moving = case.events.exclude(transition__in=BESIDE).select_related("actor")
    last = moving.order_by("-sequence").first()
    if last is None:
        return _("This case was not handed in yet.")
    words = {
        "when": date_format(timezone.localtime(last.at), "DATETIME_FORMAT"),
        "state": case.standing.name,
    }
    if own:
        what = public_words(case.table, last) or _("The case has moved on.")
        return _("%(when)s: %(what)s The case now stands at “%(state)s”.") % {**words, "what": what}
    return _("%(who)s did “%(step)s” at %(when)s. The case now stands at “%(state)s”.") % {
        **words,
        "who": last.actor or nameless_party(case.table, last) or _("The portal"),
        "step": step_name(case.table, last.transition),
    }


def write_beside(case: Case, code: str, user: Any, party: str = "", **values: Any) -> CaseEvent:
    """Write an event of a step that does not move the locked case.

    Args:
        party: code of the party as which the account acts; that in turn without it.
    """
    case.sequence += 1
    case.save()
    return CaseEvent.objects.create(
        case=case,
        sequence=case.sequence,
        transition=code,
        from_state=case.state,
        to_state=case.state,
        party=party or case.standing.party,
        actor=user,
        at=timezone.now(),
        **values,
    )
