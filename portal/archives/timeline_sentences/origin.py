"""Where a record comes from: draft, review, publication, capture and the files made of it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.archives.timeline_sentences.words import (
    Clauses,
    Names,
    Payload,
    reason_of,
    said,
    text_of,
    who,
)


def drafted(step: Payload, names: Names) -> Clauses:
    """Somebody wrote the draft."""
    return [_("%(person)s wrote the draft") % {"person": who(step, names)}]


def submitted(step: Payload, names: Names) -> Clauses:
    """Somebody asked for the review."""
    return [
        _("%(person)s submitted it for review") % {"person": who(step, names)},
        said(_("remark: %(value)s"), text_of(step, "remark")),
    ]


def approved(step: Payload, names: Names) -> Clauses:
    """A second person approved what was published."""
    return [
        _("%(person)s reviewed and approved it") % {"person": who(step, names)},
        said(_("remark: %(value)s"), text_of(step, "remark")),
    ]


def published(step: Payload, names: Names) -> Clauses:
    """It went live."""
    return [_("%(person)s published it") % {"person": who(step, names)}]


def taken_over(step: Payload, names: Names) -> Clauses:
    """It was paper; somebody took over its catalogue with the scans."""
    return [
        _("%(person)s took it over from a catalogue of paper records")
        % {"person": who(step, names)},
        text_of(step, "remark"),
    ]


# ---- capture and files


def captured(payload: Payload, names: Names) -> Clauses:
    """The committed state became a record."""
    return [
        _("The portal captured version %(version)s as a record")
        % {"version": text_of(payload, "version") or (names.record.version if names.record else 1)}
    ]


def captured_late(payload: Payload, names: Names) -> Clauses:
    """The record was missing and written afterwards (补录)."""
    return [
        _("The portal recorded version %(version)s late")
        % {"version": text_of(payload, "version") or (names.record.version if names.record else 1)},
        reason_of(payload),
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
    listed = pgettext("between items of a list", ", ").join(text_of(part, "name") for part in made)
    return [_("The portal kept an attachment as PDF/A as well"), listed]


def ended(payload: Payload, names: Names) -> Clauses:
    """The page is no longer published; the record stays."""
    if text_of(payload, "event") == "delete":
        words = _("%(person)s deleted the page; the record is kept")
    else:
        words = _("%(person)s withdrew the page from publication; the record is kept")
    return [words % {"person": who(payload, names)}]
