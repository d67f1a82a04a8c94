"""Destruction lists (销毁清册): made, proposed, approved by a second person, signed by two more.

Source: the destruction procedure of the appraisal rules: a list, an approval, two witnesses who
sign, and the list kept for ever. Each function is one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives import ledger
from portal.archives.appraisal import events
from portal.archives.appraisal.holds import take_holds_lock
from portal.archives.appraisal.obstacles import obstacle_of, obstacles_of
from portal.archives.appraisal.refusals import (
    ListNotReady,
    NotApprover,
    NotDestroyable,
    NotTheSamePerson,
    NotWitness,
)
from portal.archives.models import (
    DestructionEntry,
    DestructionList,
    DestructionState,
    DestructionWitness,
    PageCount,
    PaperCopy,
    Record,
)
from portal.archives.permissions import may_approve_destruction, require_receive
from portal.archives.refusals import AlreadyHandled

WITNESSES = 2
#: Lists of so many records are carried out as soon as the second witness has signed.
AT_ONCE = 20


def _locked(list_id: uuid.UUID, *states: DestructionState) -> DestructionList:
    """Lock a list, and refuse it when it stands elsewhere by now.

    Raises:
        AlreadyHandled: somebody else acted first.
    """
    found: DestructionList = DestructionList.objects.select_for_update().get(pk=list_id)
    if found.state not in states:
        raise AlreadyHandled(
            _("The list %(number)s is “%(state)s” meanwhile. Nothing was changed by you.")
            % {"number": found, "state": found.get_state_display()},
            [(_("Open the list"), found.get_absolute_url())],
        )
    return found


def _append(found: DestructionList, kind: str, by: Any, **about: Any) -> None:
    """Append an event of a list; it stands in the ledger under the number of the list."""
    payload = {
        "list": found.number,
        "account": by.pk if by else None,
        "person": str(by) if by else "",
        "at": timezone.now(),
        **about,
    }
    ledger.append([ledger.Draft(kind, found.pk, payload)])


def _entry(found: DestructionList, record: Record) -> DestructionEntry:
    return DestructionEntry(
        destruction_list=found,
        record=record,
        archive_code=record.archive_code or "",
        title=record.title,
        unit_name=record.unit.name if record.unit else "",
        year=record.year,
        period=record.period,
        expired_on=record.expires_on,
    )


def _with_pages_and_boxes(entries: list[DestructionEntry]) -> list[DestructionEntry]:
    keys = [entry.record_id for entry in entries]
    pages = dict(PageCount.objects.filter(record__in=keys).values_list("record", "pages"))
    boxes = dict(PaperCopy.objects.filter(record__in=keys).values_list("record", "box"))
    for entry in entries:
        entry.pages, entry.box = pages.get(entry.record_id), boxes.get(entry.record_id, "")
    return entries


@transaction.atomic
def make_list(by: Any, record_ids: Iterable[uuid.UUID], basis: str) -> DestructionList:
    """Make a draft from expired records; its number is the next one of the year.

    Raises:
        NotArchivist: the account may not decide in the archive.
        NotDestroyable: a record is held, kept longer, or on another list; the message names it.
        ListNotReady: no record was chosen.
    """
    require_receive(by)
    # Two who make a list at once get two numbers, and a record comes on one of them only.
    take_holds_lock()
    keys = sorted(set(record_ids))
    locked = Record.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    list(locked.values_list("pk", flat=True))
    records = list(
        Record.objects.filter(pk__in=keys)
        .select_related("unit", "render", "next")
        .order_by("archive_code")
    )
    if not records:
        raise ListNotReady(_("Choose at least one record."))
    for record, reason in zip(records, obstacles_of(records).values(), strict=True):
        if reason:
            raise NotDestroyable(
                _("“%(title)s”: %(reason)s") % {"title": record.title, "reason": reason}
            )
    now = timezone.now()
    year = timezone.localdate(now).year
    newest = DestructionList.objects.filter(year=year).aggregate(most=Max("serial"))["most"]
    found = DestructionList.objects.create(
        year=year,
        serial=(newest or 0) + 1,
        basis=basis,
        made_at=now,
        made_by=by,
        made_by_name=str(by),
    )
    DestructionEntry.objects.bulk_create(
        _with_pages_and_boxes([_entry(found, record) for record in records])
    )
    return found


@transaction.atomic
def take_off(entry_id: int, by: Any) -> DestructionList:
    """Take a record off a draft.

    Raises:
        NotArchivist: the account may not decide in the archive.
        AlreadyHandled: the list is no draft any more.
    """
    require_receive(by)
    entry = DestructionEntry.objects.get(pk=entry_id)
    found = _locked(entry.destruction_list_id or uuid.uuid4(), DestructionState.DRAFT)
    entry.delete()
    return found


@transaction.atomic
def propose(list_id: uuid.UUID, by: Any, witnesses: list[Any]) -> DestructionList:
    """Ask for the approval, and name the two who will witness the destruction.

    Raises:
        NotArchivist: the account may not decide in the archive.
        AlreadyHandled: the list is no draft any more.
        NotTheSamePerson: a witness is the proposer, or both are one.
        ListNotReady: the list is empty.
        NotDestroyable: a record is not free any more.
    """
    require_receive(by)
    found = _locked(list_id, DestructionState.DRAFT)
    people = {witness.pk for witness in witnesses}
    if len(people) != WITNESSES or by.pk in people or found.made_by_id in people:
        raise NotTheSamePerson.standard()
    entries = list(found.entries.select_related("record__unit", "record__render", "record__next"))
    if not entries:
        raise ListNotReady(_("There is no record on the list any more."))
    for entry in entries:
        if reason := obstacle_of(entry.record):
            raise NotDestroyable(
                _("“%(title)s”: %(reason)s. Please take it off the list.")
                % {"title": entry.title, "reason": reason.rstrip("。.")}
            )
    found.witnesses.all().delete()
    DestructionWitness.objects.bulk_create(
        DestructionWitness(destruction_list=found, account=witness, name=str(witness))
        for witness in witnesses
    )
    found.state, found.proposed_at, found.remark = (
        DestructionState.PROPOSED,
        timezone.now(),
        "",
    )
    # Whoever proposes answers for the list.
    found.made_by, found.made_by_name = by, str(by)
    found.save(update_fields=["state", "proposed_at", "remark", "made_by", "made_by_name"])
    _append(
        found,
        events.LIST_PROPOSED,
        by,
        records=[entry.record_id for entry in entries],
        witnesses=[witness.pk for witness in witnesses],
        basis=found.basis,
    )
    return found


def _require_approver(found: DestructionList, by: Any) -> None:
    if not may_approve_destruction(by):
        raise NotApprover.standard()
    if by.pk == found.made_by_id or found.witnesses.filter(account=by).exists():
        raise NotTheSamePerson.standard()


@transaction.atomic
def approve(list_id: uuid.UUID, by: Any, remark: str = "") -> DestructionList:
    """Approve a proposed list; never by who proposed it.

    Raises:
        NotApprover: the account approves no lists.
        NotTheSamePerson: it proposed the list or is its witness.
        AlreadyHandled: the list does not wait for approval any more.
    """
    found = _locked(list_id, DestructionState.PROPOSED)
    _require_approver(found, by)
    found.state, found.approved_at = DestructionState.APPROVED, timezone.now()
    found.approved_by, found.approved_by_name, found.remark = by, str(by), remark
    found.save(update_fields=["state", "approved_at", "approved_by", "approved_by_name", "remark"])
    _append(found, events.LIST_APPROVED, by, remark=remark)
    return found


@transaction.atomic
def send_back(list_id: uuid.UUID, by: Any, remark: str) -> DestructionList:
    """Give a proposed list back to the archivist with the reason.

    Raises:
        NotApprover, NotTheSamePerson, AlreadyHandled: as for `approve`.
    """
    found = _locked(list_id, DestructionState.PROPOSED)
    _require_approver(found, by)
    found.state, found.remark = DestructionState.DRAFT, remark
    found.save(update_fields=["state", "remark"])
    _append(found, events.LIST_RETURNED, by, remark=remark)
    return found


@transaction.atomic
def withdraw(list_id: uuid.UUID, by: Any, remark: str) -> DestructionList:
    """Give a list up before it is carried out; its records are free again.

    Raises:
        NotArchivist: the account may not decide in the archive.
        AlreadyHandled: the list is being carried out already.
    """
    require_receive(by)
    found = _locked(
        list_id, DestructionState.DRAFT, DestructionState.PROPOSED, DestructionState.APPROVED
    )
    found.entries.update(counts=False)
    found.state, found.remark = DestructionState.WITHDRAWN, remark
    found.save(update_fields=["state", "remark"])
    _append(found, events.LIST_WITHDRAWN, by, remark=remark)
    return found


@transaction.atomic
def sign(list_id: uuid.UUID, by: Any) -> DestructionList:
    """Sign as a witness; with the second signature the destruction begins.

    Raises:
        NotWitness: the account is none of the two.
        AlreadyHandled: it has signed, or the list does not wait for witnesses.
    """
    from portal.archives.appraisal.destruction import work

    found = _locked(list_id, DestructionState.APPROVED)
    witness = found.witnesses.filter(account=by).first()
    if witness is None:
        raise NotWitness.standard()
    if witness.signed_at is not None:
        raise AlreadyHandled(
            _("You have signed this list already."),
            [(_("Open the list"), found.get_absolute_url())],
        )
    witness.signed_at = timezone.now()
    witness.save(update_fields=["signed_at"])
    if not found.witnesses.filter(signed_at__isnull=True).exists():
        found.state = DestructionState.EXECUTING
        found.save(update_fields=["state"])
        if found.entries.count() <= AT_ONCE:
            transaction.on_commit(partial(work, found.pk), robust=True)
    _append(found, events.LIST_SIGNED, by)
    return found
