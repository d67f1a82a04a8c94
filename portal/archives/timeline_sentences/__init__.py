"""The words for each kind of event in a record's time line: who did what, and why.

Each function returns the clauses of one sentence, the first with the subject; empty clauses
are left out. Payloads are read with care: they are as old as the record, and a value that an
earlier release did not write must not break the page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.archives.timeline_sentences.custody import (
    damaged,
    destroyed,
    held,
    hold_lifted,
    inspected,
    kept_longer,
    level_changed,
    paper_noted,
    repaired,
    sealed,
    use_granted,
    used,
)
from portal.archives.timeline_sentences.origin import (
    approved,
    captured,
    captured_late,
    converted,
    drafted,
    ended,
    files_made,
    package_described,
    published,
    submitted,
    taken_over,
)
from portal.archives.timeline_sentences.pool import (
    accepted,
    answered,
    brought_in,
    code_voided,
    corrected,
    kept_apart,
    returned,
    superseded,
    taken_in,
)
from portal.archives.timeline_sentences.words import (
    Clauses,
    Names,
    Payload,
    reason_of,
    said,
    text_of,
    who,
)

__all__ = ["SENTENCES", "STEPS", "Clauses", "Names", "Payload", "erased", "unknown", "unreadable"]


def unknown(payload: Payload, names: Names) -> Clauses:
    """Say what can be said of an event of a kind that is not known here."""
    kind = text_of(payload, "event_kind") or text_of(payload, "action")
    return [
        _("%(person)s: event “%(kind)s” was recorded")
        % {"person": who(payload, names), "kind": kind},
        reason_of(payload),
        said(_("remark: %(value)s"), text_of(payload, "remark")),
    ]


#: What is left to say of events whose details were erased.
NAMES_OF_EVENTS = {
    "capture": gettext_lazy("capture"),
    "late-capture": gettext_lazy("late capture"),
    "rendition": gettext_lazy("making of the archive files"),
    "package": gettext_lazy("description of the package"),
    "conversion": gettext_lazy("copy of an attachment as PDF/A"),
    "end": gettext_lazy("end of the publication"),
    "intake": gettext_lazy("intake into the pool"),
    "correct": gettext_lazy("correction"),
    "return": gettext_lazy("return to the unit"),
    "answer": gettext_lazy("answer of the unit"),
    "accept": gettext_lazy("acceptance"),
    "inspect": gettext_lazy("four-property check"),
    "access-level": gettext_lazy("change of the access level"),
    "paper": gettext_lazy("note of the paper copy"),
    "seal": gettext_lazy("sealing of the package"),
    "hold": gettext_lazy("legal hold"),
    "lift-hold": gettext_lazy("lifting of the legal hold"),
    "keep-longer": gettext_lazy("longer keeping"),
}


def erased(kind: str) -> Clauses:
    """Say that an event happened whose details were erased."""
    return [
        _("Event “%(kind)s” is recorded") % {"kind": NAMES_OF_EVENTS.get(kind, kind)},
        _("its details were erased lawfully"),
    ]


def unreadable(kind: str, refusal: Exception) -> Clauses:
    """Say that an event happened whose details are sealed and cannot be opened."""
    return [_("Event “%(kind)s” is recorded") % {"kind": kind}, str(refusal).rstrip("。.")]


Sentence = Callable[[Payload, Names], Clauses]

STEPS: dict[str, Sentence] = {
    "draft": drafted,
    "submit": submitted,
    "approve": approved,
    "publish": published,
    "take-over": taken_over,
}
SENTENCES: dict[str, Sentence] = {
    "capture": captured,
    "late-capture": captured_late,
    "rendition": files_made,
    "package": package_described,
    "conversion": converted,
    "end": ended,
    "intake": taken_in,
    "apart": kept_apart,
    "correct": corrected,
    "return": returned,
    "answer": answered,
    "accept": accepted,
    "supersede": superseded,
    "void-code": code_voided,
    "bring-in": brought_in,
    "inspect": inspected,
    "seal": sealed,
    "fixity-damage": damaged,
    "repair": repaired,
    "access-level": level_changed,
    "paper": paper_noted,
    "hold": held,
    "lift-hold": hold_lifted,
    "keep-longer": kept_longer,
    "use-granted": use_granted,
    "use": used,
    "destroy": destroyed,
}
