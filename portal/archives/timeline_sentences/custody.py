"""What happens to a record in custody: checks, damage and repair, level, paper, destruction."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.archives.models import AccessLevel, FixityFault, FixityProblem
from portal.archives.timeline_sentences.words import (
    Clauses,
    Names,
    Payload,
    change_of,
    day_of,
    label_of,
    reason_of,
    said,
    text_of,
    who,
)


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
    }.get(text_of(payload, "verdict"), _("%(person)s ran the four-property check"))
    return [
        words % {"person": who(payload, names)},
        said(_("codes not passed: %(value)s"), _failed_codes(payload)),
    ]


def _file(payload: Payload) -> str:
    return text_of(payload, "name") or text_of(payload, "file") or text_of(payload, "sha256")[:12]


def damaged(payload: Payload, names: Names) -> Clauses:
    """A stored file no longer has its digest."""
    return [
        _("The fixity check found a damaged file"),
        _file(payload),
        label_of(FixityProblem, text_of(payload, "problem")),
        text_of(payload, "found"),
    ]


def repaired(payload: Payload, names: Names) -> Clauses:
    """A damaged file was restored from a copy whose digest matches."""
    return [
        _("A damaged file was restored from an intact copy"),
        _file(payload),
        FixityFault(remedy=text_of(payload, "source")).remedy_words,
    ]


def level_changed(payload: Payload, names: Names) -> Clauses:
    """Who may read it was changed."""

    def level(*keys: str) -> str:
        found = next((text for key in keys if (text := text_of(payload, key))), "")
        return label_of(AccessLevel, found)

    return [
        _("%(person)s changed the access level") % {"person": who(payload, names)},
        change_of(
            _("from %(old)s to %(new)s"),
            level("before", "old", "from"),
            level("after", "new", "to"),
        ),
        said(_("clause: %(value)s"), text_of(payload, "clause")),
        reason_of(payload),
    ]


def paper_noted(payload: Payload, names: Names) -> Clauses:
    """Where the paper twin lies was written down or changed, or that there is none any more."""
    if payload.get("removed"):
        words = _("%(person)s noted that there is no paper copy any more")
        return [words % {"person": who(payload, names)}]
    return [
        _("%(person)s noted the paper copy") % {"person": who(payload, names)},
        said(_("box %(value)s"), text_of(payload, "box")),
        said(_("shelf %(value)s"), text_of(payload, "shelf")),
        said(_("%(value)s sheets"), text_of(payload, "count") or text_of(payload, "sheets")),
        text_of(payload, "remark"),
    ]


def destroyed(payload: Payload, names: Names) -> Clauses:
    """The record was destroyed lawfully: by which list, who approved it, who witnessed it."""
    witnesses = payload.get("witnesses")
    names_of = witnesses if isinstance(witnesses, list) else []
    replayed = payload.get("replayed")
    return [
        _("The record was destroyed again after a restore")
        if isinstance(replayed, dict)
        else _("The record was destroyed lawfully"),
        said(_("by the list %(value)s"), text_of(payload, "list")),
        said(_("approved by %(value)s"), text_of(payload, "approved_by")),
        said(
            _("witnesses: %(value)s"),
            pgettext("between items of a list", ", ").join(str(name) for name in names_of),
        ),
        reason_of(payload),
    ]


def held(payload: Payload, names: Names) -> Clauses:
    """A legal hold was placed on it."""
    return [
        _("%(person)s placed a legal hold") % {"person": who(payload, names)},
        said(_("until %(value)s"), day_of(payload, "until")),
        reason_of(payload),
    ]


def hold_lifted(payload: Payload, names: Names) -> Clauses:
    """The legal hold was lifted."""
    return [
        _("%(person)s lifted the legal hold") % {"person": who(payload, names)},
        reason_of(payload),
    ]


def use_granted(payload: Payload, names: Names) -> Clauses:
    """Somebody may use a copy for some days."""
    return [
        _("%(person)s granted the use of a copy") % {"person": who(payload, names)},
        said(_("purpose: %(value)s"), text_of(payload, "purpose")),
        said(_("until %(value)s"), day_of(payload, "until")),
    ]


def used(payload: Payload, names: Names) -> Clauses:
    """The copy was handed out."""
    return [_("%(person)s downloaded a copy for use") % {"person": who(payload, names)}]


def kept_longer(payload: Payload, names: Names) -> Clauses:
    """The appraisal decided to keep it longer."""
    until = day_of(payload, "expires_on")
    return [
        _("%(person)s appraised the record and keeps it longer") % {"person": who(payload, names)},
        said(_("kept at least until %(value)s"), until) or _("kept permanently"),
        reason_of(payload),
    ]


def sealed(payload: Payload, names: Names) -> Clauses:
    """A package was sealed and signed (封装)."""
    return [
        _("The package was sealed and signed, layer %(layer)s")
        % {"layer": text_of(payload, "layer")},
        said(_("signer: %(value)s"), text_of(payload, "signer")),
        _("with a timestamp") if payload.get("timestamped") else "",
    ]
