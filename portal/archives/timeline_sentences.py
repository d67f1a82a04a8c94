"""The words for each kind of event in a record's time line: who did what, and why.

Each function returns the clauses of one sentence, the first with the subject; empty clauses
are left out. Payloads are read with care: they are as old as the record, and a value that an
earlier release did not write must not break the page.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.archives.models import (
    AccessLevel,
    FixityFault,
    FixityProblem,
    Record,
    RetentionPeriod,
    ReturnReason,
)

Clauses = list[str]
Payload = dict[str, Any]


@dataclass(frozen=True)
class Names:
    """Names of what payloads mention by number, and the record the events are about."""

    units: dict[int, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    accounts: dict[int, str] = field(default_factory=dict)
    record: Record | None = None


def _who(payload: Payload, names: Names) -> str:
    """Return who acted; the portal itself where nobody is named."""
    person = payload.get("person") or names.accounts.get(payload.get("account") or 0)
    return str(person or pgettext("who acted", "The portal"))


def _text(payload: Payload, key: str) -> str:
    value = payload.get(key)
    return "" if value is None else str(value).strip()


def _day(payload: Payload, key: str) -> str:
    """Return a date of the payload as people write it."""
    text = _text(payload, key)
    try:
        found: datetime.date | None = parse_date(text[:10])
    except ValueError:
        found = None
    return date_format(found, "DATE_FORMAT") if found else text


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _said(words: str, value: str, name: str = "value") -> str:
    """Return the clause when there is a value to say."""
    return words % {name: value} if value else ""


def _class(payload: Payload, names: Names) -> str:
    code = _text(payload, "class")
    return names.classes.get(code, code)


def _period(payload: Payload) -> str:
    return _label(RetentionPeriod, _text(payload, "period"))


def _unit(payload: Payload, names: Names) -> str:
    number = payload.get("unit")
    return names.units.get(number, "") if isinstance(number, int) else ""


def _reason(payload: Payload) -> str:
    return _said(_("reason: %(value)s"), _text(payload, "reason"))


# ---- before the capture


def drafted(step: Payload, names: Names) -> Clauses:
    """Somebody wrote the draft."""
    return [_("%(person)s wrote the draft") % {"person": _who(step, names)}]


def submitted(step: Payload, names: Names) -> Clauses:
    """Somebody asked for the review."""
    return [
        _("%(person)s submitted it for review") % {"person": _who(step, names)},
        _said(_("remark: %(value)s"), _text(step, "remark")),
    ]


def approved(step: Payload, names: Names) -> Clauses:
    """A second person approved what was published."""
    return [
        _("%(person)s reviewed and approved it") % {"person": _who(step, names)},
        _said(_("remark: %(value)s"), _text(step, "remark")),
    ]


def published(step: Payload, names: Names) -> Clauses:
    """It went live."""
    return [_("%(person)s published it") % {"person": _who(step, names)}]


def taken_over(step: Payload, names: Names) -> Clauses:
    """It was paper; somebody took over its catalogue with the scans."""
    return [
        _("%(person)s took it over from a catalogue of paper records")
        % {"person": _who(step, names)},
        _text(step, "remark"),
    ]


# ---- capture and files


def captured(payload: Payload, names: Names) -> Clauses:
    """The committed state became a record."""
    return [
        _("The portal captured version %(version)s as a record")
        % {"version": _text(payload, "version") or (names.record.version if names.record else 1)}
    ]


def captured_late(payload: Payload, names: Names) -> Clauses:
    """The record was missing and written afterwards (补录)."""
    return [
        _("The portal recorded version %(version)s late")
        % {"version": _text(payload, "version") or (names.record.version if names.record else 1)},
        _reason(payload),
    ]


def files_made(payload: Payload, names: Names) -> Clauses:
    """The worker made archive copy, snapshot and process sheet."""
    files = payload.get("files")
    if not isinstance(files, list):
        return [_("The portal made the archive files")]
    return [_("The portal made %(count)d archive files") % {"count": len(files)}]


def package_described(payload: Payload, names: Names) -> Clauses:
    """Metadata, catalogue and description of the package were made."""
    return [_("The portal made metadata, catalogue and description of the package")]


def converted(payload: Payload, names: Names) -> Clauses:
    """An office attachment was also kept as PDF/A."""
    files = payload.get("files")
    made = [part for part in files if isinstance(part, dict)] if isinstance(files, list) else []
    listed = pgettext("between items of a list", ", ").join(_text(part, "name") for part in made)
    return [_("The portal kept an attachment as PDF/A as well"), listed]


def ended(payload: Payload, names: Names) -> Clauses:
    """The page is no longer published; the record stays."""
    if _text(payload, "event") == "delete":
        words = _("%(person)s deleted the page; the record is kept")
    else:
        words = _("%(person)s withdrew the page from publication; the record is kept")
    return [words % {"person": _who(payload, names)}]


# ---- the pool


def _rule(payload: Payload) -> str:
    table, rule = _text(payload, "table"), _text(payload, "rule")
    if not rule:
        return ""
    return _("rule %(rule)s of version %(table)s of the scope table") % {
        "rule": rule,
        "table": table,
    }


def taken_in(payload: Payload, names: Names) -> Clauses:
    """The record entered the pool with what the rules propose."""
    if _text(payload, "state") == "superseded":
        return [_("The portal did not take it into the pool because a newer version is there")]
    return [
        _("The portal took it into the pool"),
        _rule(payload) or _("no rule fits"),
        _said(_("clause: %(value)s"), _text(payload, "clause")),
        _said(_("proposed class: %(value)s"), _class(payload, names)),
        _said(_("retention period: %(value)s"), _period(payload)),
        _said(_("to be decided by %(value)s"), _day(payload, "due_on")),
    ]


def kept_apart(payload: Payload, names: Names) -> Clauses:
    """The rules say that it is not filed."""
    return [
        _("The portal keeps it apart, outside the scope of filing"),
        _rule(payload),
        _said(_("clause: %(value)s"), _text(payload, "clause")),
        _said(_("kept until %(value)s"), _day(payload, "kept_until")),
    ]


def _change(words: str, old: str, new: str) -> str:
    if old == new:
        return ""
    nothing = pgettext("an empty value", "none")
    return words % {"old": old or nothing, "new": new or nothing}


def corrected(payload: Payload, names: Names) -> Clauses:
    """Somebody changed what the rules proposed."""
    parts = [payload.get("before"), payload.get("after")]
    before, after = (part if isinstance(part, dict) else {} for part in parts)
    return [
        _("%(person)s corrected the item") % {"person": _who(payload, names)},
        _change(_("class from %(old)s to %(new)s"), _class(before, names), _class(after, names)),
        _change(_("retention period from %(old)s to %(new)s"), _period(before), _period(after)),
        _change(_("unit from %(old)s to %(new)s"), _unit(before, names), _unit(after, names)),
        _change(
            _("access level from %(old)s to %(new)s"),
            _label(AccessLevel, _text(before, "access_level")),
            _label(AccessLevel, _text(after, "access_level")),
        ),
        _reason(payload),
    ]


def returned(payload: Payload, names: Names) -> Clauses:
    """The archivist gave it back with a reason."""
    reason = _said(_("reason: %(value)s"), _label(ReturnReason, _text(payload, "reason")))
    remark = _said(_("please put right: %(value)s"), _text(payload, "remark"))
    return [
        _("%(person)s returned the item") % {"person": _who(payload, names)},
        pgettext("between reason and remedy", "; ").join(filter(None, [reason, remark])),
        _said(_("to be answered by %(value)s"), _day(payload, "due_on")),
    ]


def answered(payload: Payload, names: Names) -> Clauses:
    """The unit put it right."""
    return [
        _("%(person)s put it right and sent it back") % {"person": _who(payload, names)},
        _said(_("remark: %(value)s"), _text(payload, "answer")),
        _said(_("to be decided by %(value)s"), _day(payload, "due_on")),
    ]


def accepted(payload: Payload, names: Names) -> Clauses:
    """It was accepted and got its archive code."""
    if payload.get("by_rule"):
        words = _("The portal accepted the item by its rule because all checks passed")
    else:
        words = _("%(person)s accepted the item") % {"person": _who(payload, names)}
    until = _said(_("kept at least until %(value)s"), _day(payload, "expires_on"))
    return [
        words,
        _said(_("archive code %(value)s"), _text(payload, "code")),
        _said(_("retention period: %(value)s"), _period(payload)),
        until,
    ]


def superseded(payload: Payload, names: Names) -> Clauses:
    """A newer version came before anybody had accepted this one."""
    return [_("A newer version replaced this one before it was accepted")]


def code_voided(payload: Payload, names: Names) -> Clauses:
    """The acceptance was taken back; the number is never given again."""
    return [
        _("%(person)s took the acceptance back") % {"person": _who(payload, names)},
        _said(_("archive code %(value)s is void for ever"), _text(payload, "code")),
        _reason(payload),
    ]


def brought_in(payload: Payload, names: Names) -> Clauses:
    """What was kept apart is filed after all."""
    return [
        _("%(person)s put the record into the pool after all") % {"person": _who(payload, names)},
        _said(_("class: %(value)s"), _class(payload, names)),
        _said(_("retention period: %(value)s"), _period(payload)),
        _reason(payload),
    ]


# ---- checks, custody, levels


def _failed_codes(payload: Payload) -> str:
    outcomes = payload.get("outcomes")
    codes = payload.get("failed_codes")
    if isinstance(outcomes, dict):
        codes = [code for code, outcome in outcomes.items() if outcome == "failed"]
    return pgettext("between items of a list", ", ").join(
        str(code) for code in (codes if isinstance(codes, list) else [])
    )


def inspected(payload: Payload, names: Names) -> Clauses:
    """The four-property check was run (四性检测)."""
    words = {
        "pass": _("%(person)s ran the four-property check: passed"),
        "fail": _("%(person)s ran the four-property check: not passed"),
    }.get(_text(payload, "verdict"), _("%(person)s ran the four-property check"))
    return [
        words % {"person": _who(payload, names)},
        _said(_("codes not passed: %(value)s"), _failed_codes(payload)),
    ]


def _file(payload: Payload) -> str:
    return _text(payload, "name") or _text(payload, "file") or _text(payload, "sha256")[:12]


def damaged(payload: Payload, names: Names) -> Clauses:
    """A stored file no longer has its digest."""
    return [
        _("The fixity check found a damaged file"),
        _file(payload),
        _label(FixityProblem, _text(payload, "problem")),
        _text(payload, "found"),
    ]


def repaired(payload: Payload, names: Names) -> Clauses:
    """A damaged file was restored from a copy whose digest matches."""
    return [
        _("A damaged file was restored from an intact copy"),
        _file(payload),
        FixityFault(remedy=_text(payload, "source")).remedy_words,
    ]


def level_changed(payload: Payload, names: Names) -> Clauses:
    """Who may read it was changed."""

    def level(*keys: str) -> str:
        found = next((text for key in keys if (text := _text(payload, key))), "")
        return _label(AccessLevel, found)

    return [
        _("%(person)s changed the access level") % {"person": _who(payload, names)},
        _change(
            _("from %(old)s to %(new)s"),
            level("before", "old", "from"),
            level("after", "new", "to"),
        ),
        _said(_("clause: %(value)s"), _text(payload, "clause")),
        _reason(payload),
    ]


def paper_noted(payload: Payload, names: Names) -> Clauses:
    """Where the paper twin lies was written down or changed, or that there is none any more."""
    if payload.get("removed"):
        words = _("%(person)s noted that there is no paper copy any more")
        return [words % {"person": _who(payload, names)}]
    return [
        _("%(person)s noted the paper copy") % {"person": _who(payload, names)},
        _said(_("box %(value)s"), _text(payload, "box")),
        _said(_("shelf %(value)s"), _text(payload, "shelf")),
        _said(_("%(value)s sheets"), _text(payload, "count") or _text(payload, "sheets")),
        _text(payload, "remark"),
    ]


def destroyed(payload: Payload, names: Names) -> Clauses:
    """The record was destroyed lawfully."""
    return [_("The record was destroyed lawfully"), _reason(payload)]


# ---- what has no words of its own


def unknown(payload: Payload, names: Names) -> Clauses:
    """Say what can be said of an event of a kind that is not known here."""
    kind = _text(payload, "event_kind") or _text(payload, "action")
    return [
        _("%(person)s: event “%(kind)s” was recorded")
        % {"person": _who(payload, names), "kind": kind},
        _reason(payload),
        _said(_("remark: %(value)s"), _text(payload, "remark")),
    ]


def erased(kind: str) -> Clauses:
    """Say that an event happened whose details were erased."""
    return [
        _("Event “%(kind)s” is recorded") % {"kind": kind},
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
    "fixity-damage": damaged,
    "repair": repaired,
    "access-level": level_changed,
    "paper": paper_noted,
    "destroy": destroyed,
}
