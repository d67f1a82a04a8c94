"""Batches leave the urn at set hours, or when enough waits, shuffled (批量释放).

Nobody can then tell from the database who was typing when. What concerns a danger goes at once,
and its sender was told what that gives away. Everything of a batch is one transaction.
"""

from __future__ import annotations

import collections
import datetime
import logging
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.cases import services as cases
from portal.cases.models import Case
from portal.refusals import Refusal
from union.anonymity import urn
from union.anonymity.urn import Waiting
from union.models import (
    BatchRelease,
    FeedbackBoxPage,
    Opinion,
    OpinionCategory,
    OpinionMode,
    QuarantinedItem,
)
from union.opinions import dialogue, pictures
from union.opinions.sending import NewOpinion, enter
from union.opinions.unsigned import MESSAGE, OPINION, RATE, REOPEN

logger = logging.getLogger(__name__)
PREVIEW_CHARACTERS = 200


@dataclass(frozen=True)
class Released:
    """What a release did."""

    count: int
    failures: tuple[str, ...] = ()


def release(*, only_mac: bytes | None = None) -> Released:
    """Let everything out that waits, or what one sender has waiting.

    What fails goes back into the urn and is told by the kind of the error alone.
    """
    failures: collections.Counter[str] = collections.Counter()
    with transaction.atomic():
        entries = _in_order_of_senders(urn.take_out())
        kept = [one for one in entries if only_mac is not None and one.mac != only_mac]
        due = [one for one in entries if only_mac is None or one.mac == only_mac]
        for one in due:
            try:
                with transaction.atomic():
                    let_out(one)
            except Exception as error:
                failures[type(error).__name__] += 1
                kept.append(Waiting(one.mac, {**one.entry, urn.FAILED: True}))
        urn.put_back(kept)
    for kind, count in failures.items():
        logger.error("%d waiting opinions could not be released: %s.", count, kind)
    return Released(len(due) - sum(failures.values()), tuple(failures))


def _in_order_of_senders(entries: list[Waiting]) -> list[Waiting]:
    """Keep what one sender wrote in its order, at the places the shuffling gave it."""
    own: dict[bytes, list[Waiting]] = collections.defaultdict(list)
    for one in entries:
        own[one.mac].append(one)
    for rows in own.values():
        rows.sort(key=lambda one: one.entry.get("place", 0), reverse=True)
    return [own[one.mac].pop() for one in entries]


def let_out(one: Waiting) -> None:
    """Do what an entry says, inside the releasing transaction."""
    entry = one.entry
    if entry["kind"] == OPINION:
        if entry.get("quarantine"):
            _set_aside(one)
        else:
            admit(entry)
        return
    opinion = Opinion.objects.filter(pk=uuid.UUID(entry["opinion"])).first()
    if opinion is not None:
        _go_on(opinion, entry)


def admit(entry: dict[str, Any]) -> Case:
    """Make a case of a waiting opinion."""
    new = NewOpinion(
        box=FeedbackBoxPage.objects.get(pk=entry["box"]),
        category=OpinionCategory.objects.get(pk=entry["category"]),
        text=entry["text"],
        mode=OpinionMode.ANONYMOUS,
        accused_unit=dialogue.unit_or_none(entry["accused_unit"]),
        may_publish=entry["may_publish"],
        pictures=pictures.unpacked(entry["pictures"]),
        receipt_mac=bytes.fromhex(entry["receipt_mac"]),
    )
    return enter(new, None)


def _go_on(opinion: Opinion, entry: dict[str, Any]) -> None:
    kind = entry["kind"]
    if kind == MESSAGE:
        dialogue.write_as_sender(opinion, entry["body"], late=True)
        return
    values: dict[str, Any] = {
        key: entry[key] for key in ("level", "words", "reason") if key in entry
    }
    try:
        cases.apply(
            opinion.pk, {RATE: "rate", REOPEN: "reopen"}[kind], None, values, by_receipt=True
        )
    except Refusal:
        # The case moved on meanwhile, for example it was closed. The words are not lost.
        if words := entry.get("words") or entry.get("reason"):
            dialogue.write_as_sender(opinion, words, late=True)


def _set_aside(one: Waiting) -> None:
    category = OpinionCategory.objects.get(pk=one.entry["category"])
    box = FeedbackBoxPage.objects.get(pk=one.entry["box"])
    accused = dialogue.unit_or_none(one.entry["accused_unit"])
    text = one.entry["text"][:PREVIEW_CHARACTERS]
    QuarantinedItem.objects.create(
        pk=urn.random_key(),
        day=timezone.localdate(),
        preview=f"{box.title}：{category.name}\n{text}",
        to_discipline=category.to_discipline,
        accused_path=accused.path if accused is not None else "",
        mac=one.mac,
        sealed=urn.seal(one.entry),
    )


# ---- When


def latest_slot(now: datetime.datetime | None = None) -> str:
    """Return the set hour that was reached last, such as 2026-11-22T09."""
    local = timezone.localtime(now)
    hours = sorted(int(hour) for hour in settings.OPINION_RELEASE_HOURS)
    reached = [hour for hour in hours if hour <= local.hour]
    day = local.date() if reached else local.date() - datetime.timedelta(days=1)
    return f"{day.isoformat()}T{(reached or hours)[-1]:02d}"


def _begin_slot() -> bool:
    """Return whether the latest set hour was not released yet; it then is this one's."""
    slot = latest_slot()
    if BatchRelease.objects.filter(slot=slot).exists():
        return False
    try:
        with transaction.atomic():
            BatchRelease.objects.create(slot=slot)
    except IntegrityError:
        return False
    return True


def release_due() -> Released | None:
    """Release if a set hour was reached or enough waits; for every minute of the worker.

    A set hour counts as released when its release is written, so one that failed is made up for.
    """
    waiting = urn.count()
    is_batch = _is_a_batch(waiting)
    with transaction.atomic():
        if not _begin_slot() and not is_batch:
            return None
        return release() if waiting else None


def _is_a_batch(waiting: int) -> bool:
    """Whether enough senders wait; entries are opened only when there are that many."""
    enough = int(settings.OPINION_RELEASE_AT)
    return waiting >= enough and urn.senders() >= enough


def forget_slots() -> str:
    """Forget the set hours of last month; for the daily jobs."""
    before = (timezone.localdate() - datetime.timedelta(days=31)).isoformat()
    count, _rows = BatchRelease.objects.filter(slot__lt=before).delete()
    return f"{count} releases forgotten"
