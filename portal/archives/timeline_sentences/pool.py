"""What the pool does with a record: intake, correction, return, acceptance."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.archives.models import AccessLevel, ReturnReason
from portal.archives.timeline_sentences.words import (
    Clauses,
    Names,
    Payload,
    change_of,
    class_of,
    day_of,
    label_of,
    period_of,
    reason_of,
    said,
    text_of,
    unit_of,
    who,
)


def _rule(payload: Payload) -> str:
    table, rule = text_of(payload, "table"), text_of(payload, "rule")
    if not rule:
        return ""
    return _("rule %(rule)s of version %(table)s of the scope table") % {
        "rule": rule,
        "table": table,
    }


def taken_in(payload: Payload, names: Names) -> Clauses:
    """The record entered the pool with what the rules propose."""
    if text_of(payload, "state") == "superseded":
        return [_("The portal did not take it into the pool because a newer version is there")]
    return [
        _("The portal took it into the pool"),
        _rule(payload) or _("no rule fits"),
        said(_("clause: %(value)s"), text_of(payload, "clause")),
        said(_("proposed class: %(value)s"), class_of(payload, names)),
        said(_("retention period: %(value)s"), period_of(payload)),
        said(_("to be decided by %(value)s"), day_of(payload, "due_on")),
    ]


def kept_apart(payload: Payload, names: Names) -> Clauses:
    """The rules say that it is not filed."""
    return [
        _("The portal keeps it apart, outside the scope of filing"),
        _rule(payload),
        said(_("clause: %(value)s"), text_of(payload, "clause")),
        said(_("kept until %(value)s"), day_of(payload, "kept_until")),
    ]


def corrected(payload: Payload, names: Names) -> Clauses:
    """Somebody changed what the rules proposed."""
    parts = [payload.get("before"), payload.get("after")]
    before, after = (part if isinstance(part, dict) else {} for part in parts)
    return [
        _("%(person)s corrected the item") % {"person": who(payload, names)},
        change_of(
            _("class from %(old)s to %(new)s"), class_of(before, names), class_of(after, names)
        ),
        change_of(
            _("retention period from %(old)s to %(new)s"), period_of(before), period_of(after)
        ),
        change_of(_("unit from %(old)s to %(new)s"), unit_of(before, names), unit_of(after, names)),
        change_of(
            _("access level from %(old)s to %(new)s"),
            label_of(AccessLevel, text_of(before, "access_level")),
            label_of(AccessLevel, text_of(after, "access_level")),
        ),
        reason_of(payload),
    ]


def returned(payload: Payload, names: Names) -> Clauses:
    """The archivist gave it back with a reason."""
    reason = said(_("reason: %(value)s"), label_of(ReturnReason, text_of(payload, "reason")))
    remark = said(_("please put right: %(value)s"), text_of(payload, "remark"))
    return [
        _("%(person)s returned the item") % {"person": who(payload, names)},
        pgettext("between reason and remedy", "; ").join(filter(None, [reason, remark])),
        said(_("to be answered by %(value)s"), day_of(payload, "due_on")),
    ]


def answered(payload: Payload, names: Names) -> Clauses:
    """The unit put it right."""
    return [
        _("%(person)s put it right and sent it back") % {"person": who(payload, names)},
        said(_("remark: %(value)s"), text_of(payload, "answer")),
        said(_("to be decided by %(value)s"), day_of(payload, "due_on")),
    ]


def accepted(payload: Payload, names: Names) -> Clauses:
    """It was accepted and got its archive code."""
    if payload.get("by_rule"):
        words = _("The portal accepted the item by its rule because all checks passed")
    else:
        words = _("%(person)s accepted the item") % {"person": who(payload, names)}
    until = said(_("kept at least until %(value)s"), day_of(payload, "expires_on"))
    return [
        words,
        said(_("archive code %(value)s"), text_of(payload, "code")),
        said(_("retention period: %(value)s"), period_of(payload)),
        until,
    ]


def superseded(payload: Payload, names: Names) -> Clauses:
    """A newer version came before anybody had accepted this one."""
    return [_("A newer version replaced this one before it was accepted")]


def code_voided(payload: Payload, names: Names) -> Clauses:
    """The acceptance was taken back; the number is never given again."""
    return [
        _("%(person)s took the acceptance back") % {"person": who(payload, names)},
        said(_("archive code %(value)s is void for ever"), text_of(payload, "code")),
        reason_of(payload),
    ]


def brought_in(payload: Payload, names: Names) -> Clauses:
    """What was kept apart is filed after all."""
    return [
        _("%(person)s put the record into the pool after all") % {"person": who(payload, names)},
        said(_("class: %(value)s"), class_of(payload, names)),
        said(_("retention period: %(value)s"), period_of(payload)),
        reason_of(payload),
    ]
