"""Delete or freeze what is older than its rule allows; hold back what is in dispute.

An application registers what becomes old and how it is removed; clause and days are rows of
`RetentionRule`, so that the enterprise can lengthen or shorten them without a new version.
Source: PIPL 19 (shortest time), 47 (deletion, or freezing where the law asks to keep).
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.personal_data.models import Disposal, Freeze, RetentionAction, RetentionRule
from portal.personal_data.refusals import DataFrozen

logger = logging.getLogger(__name__)

#: Of one rule and on one day; the rest follows on the next days.
MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class Retention:
    """What one rule is about.

    Attributes:
        due: ids of owners whose time ended before a moment; frozen ones may be among them.
        dispose: removes everything of one owner, in a transaction.
    """

    code: str
    title: str
    clause: str
    keep_days: int
    action: RetentionAction
    owner_kind: str
    due: Callable[[datetime.datetime], Iterable[str]]
    dispose: Callable[[str], None]


_retentions: dict[str, Retention] = {}


def register_retention(
    code: str,
    *,
    title: str,
    clause: str,
    keep_days: int,
    owner_kind: str,
    due: Callable[[datetime.datetime], Iterable[str]],
    dispose: Callable[[str], None],
    action: RetentionAction = RetentionAction.DELETE,
) -> None:
    """Add a rule once, when its application is ready.

    Title, clause, days and action are what a new installation begins with; afterwards the row
    of the rule counts.
    """
    _retentions[code] = Retention(code, title, clause, keep_days, action, owner_kind, due, dispose)


def synchronize_rules(**keywords: Any) -> None:
    """Add the rows of rules that have none yet; those there are stay as they are."""
    for rule in _retentions.values():
        RetentionRule.objects.get_or_create(
            code=rule.code,
            defaults={
                "title": rule.title,
                "clause": rule.clause,
                "keep_days": rule.keep_days,
                "action": rule.action,
            },
        )


def is_frozen(owner_kind: str, owner_id: str) -> bool:
    """Whether data of an owner is only stored and must not be worked with."""
    return Freeze.objects.filter(
        owner_kind=owner_kind, owner_id=owner_id, lifted_at__isnull=True
    ).exists()


def freeze(owner_kind: str, owner_id: str, *, clause: str, by: Any = None) -> Freeze:
    """Freeze the data of an owner; frozen already, it stays as it is.

    Args:
        owner_kind: with `owner_id`, what is frozen.
        owner_id: see `owner_kind`.
        clause: the law, dispute or investigation behind it.
        by: who ordered it; None for a rule.
    """
    try:
        with transaction.atomic():
            return Freeze.objects.create(
                owner_kind=owner_kind,
                owner_id=owner_id,
                clause=clause,
                frozen_at=timezone.now(),
                frozen_by=by,
            )
    except IntegrityError:
        return Freeze.objects.get(owner_kind=owner_kind, owner_id=owner_id, lifted_at__isnull=True)


def lift(owner_kind: str, owner_id: str, *, by: Any) -> bool:
    """End a freeze; return whether there was one."""
    current = Freeze.objects.filter(
        owner_kind=owner_kind, owner_id=owner_id, lifted_at__isnull=True
    )
    return bool(current.update(lifted_at=timezone.now(), lifted_by=by))


def refuse_frozen(owner_kind: str, owner_id: str) -> None:
    """Stop whoever wants to work with frozen data.

    Raises:
        DataFrozen: it is frozen.
    """
    if is_frozen(owner_kind, owner_id):
        raise DataFrozen.standard()


def run(now: datetime.datetime | None = None) -> dict[str, int]:
    """Apply every rule; return how many owners were deleted or frozen, by rule.

    One owner that cannot be removed is logged and does not stop the others.
    """
    now = now or timezone.now()
    synchronize_rules()
    counts = {}
    for rule in RetentionRule.objects.filter(code__in=_retentions):
        counts[rule.code] = _apply(rule, _retentions[rule.code], now)
    return counts


def _apply(rule: RetentionRule, registered: Retention, now: datetime.datetime) -> int:
    before = now - datetime.timedelta(days=rule.keep_days)
    count = 0
    for owner_id in registered.due(before):
        if count >= MOST_AT_ONCE:
            break
        if is_frozen(registered.owner_kind, owner_id):
            continue
        try:
            with transaction.atomic():
                _end(rule, registered, owner_id, now)
            count += 1
        except Exception:
            # Whatever is wrong with one must neither stop the others nor be lost.
            logger.exception("Rule %s could not be applied to %s.", rule.code, owner_id)
    return count


def _end(rule: RetentionRule, registered: Retention, owner_id: str, now: datetime.datetime) -> None:
    if rule.action == RetentionAction.FREEZE:
        freeze(registered.owner_kind, owner_id, clause=rule.clause)
    else:
        registered.dispose(owner_id)
    Disposal.objects.create(
        rule_code=rule.code,
        clause=rule.clause,
        owner_kind=registered.owner_kind,
        owner_id=owner_id,
        action=rule.action,
        at=now,
    )


def retention_job() -> str:
    """Apply every rule, and return a line for the log of the daily jobs."""
    return f"{sum(run().values())} owners of personal data deleted or frozen by retention"


def register_own() -> None:
    """Register the rule of this application: consents that were withdrawn."""
    from portal.personal_data.models import Consent

    def due(before: datetime.datetime) -> Iterable[str]:
        withdrawn = Consent.objects.filter(withdrawn_at__lt=before).order_by("withdrawn_at")
        return map(str, withdrawn.values_list("pk", flat=True))

    def dispose(owner_id: str) -> None:
        Consent.objects.filter(pk=owner_id).delete()

    register_retention(
        "withdrawn-consents",
        title="已撤回的同意",
        clause="个人信息保护法第五十六条",
        keep_days=3 * 365,
        owner_kind="consent",
        due=due,
        dispose=dispose,
    )
