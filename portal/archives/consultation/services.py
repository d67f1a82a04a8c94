"""Ask for the use of a record, decide on it, hand out the copy. Each is one transaction."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.archives import ledger
from portal.archives.models import Consultation, ConsultationState, Record, RecordState
from portal.archives.permissions import require_receive
from portal.archives.refusals import AlreadyHandled
from portal.refusals import NotYours, Refusal

GRANT = "use-granted"
USE = "use"


class NotUsable(Refusal):
    """The record or the request is not in a state in which this can be done."""

    status = 409
    title = gettext_lazy("This is not possible now")


def _locked(request_id: uuid.UUID, *states: ConsultationState) -> Consultation:
    found: Consultation = Consultation.objects.select_for_update().get(pk=request_id)
    if found.state not in states:
        raise AlreadyHandled(
            _("The request is “%(state)s” meanwhile. Nothing was changed by you.")
            % {"state": found.get_state_display()},
            [(_("Open the request"), found.get_absolute_url())],
        )
    return found


def _event(found: Consultation, kind: str, by: Any, **about: Any) -> ledger.Draft:
    return ledger.Draft(
        kind,
        found.record_id,
        {
            "request": found.pk,
            "kind": found.kind,
            "account": by.pk,
            "person": str(by),
            "at": timezone.now(),
            **about,
        },
    )


@transaction.atomic
def ask(record: Record, by: Any, kind: str, purpose: str) -> Consultation:
    """Ask for the use of a record; a second request for the same waits no second time.

    Raises:
        NotUsable: the record is destroyed or not in the archive yet.
        AlreadyHandled: the account has asked for it already.
    """
    locked: Record = Record.objects.select_for_update().get(pk=record.pk)
    if locked.state != RecordState.ACCEPTED:
        raise NotUsable(_("Only what is in the archive, and not destroyed, can be used."))
    waiting = Consultation.objects.filter(
        record=locked, applicant=by, kind=kind, state=ConsultationState.WAITING
    ).first()
    if waiting is not None:
        raise AlreadyHandled(
            _("You have asked for this already; the request waits for the archivist."),
            [(_("Open the request"), waiting.get_absolute_url())],
        )
    return Consultation.objects.create(
        record=locked,
        kind=kind,
        purpose=purpose,
        applicant=by,
        applicant_name=str(by),
        requested_at=timezone.now(),
    )


def _decided(found: Consultation, by: Any, state: ConsultationState, remark: str) -> None:
    """Write who decided what.

    Raises:
        NotYours: it is the account's own request.
    """
    if found.applicant_id == by.pk:
        raise NotYours(_("Nobody decides on the own request. Please ask another archivist."))
    found.state, found.remark = state, remark
    found.decided_at, found.decided_by = timezone.now(), by
    found.decided_by_name = str(by)
    found.save()


@transaction.atomic
def grant(request_id: uuid.UUID, by: Any, until: datetime.date, remark: str = "") -> Consultation:
    """Grant a request until a day, that day included.

    Raises:
        NotArchivist: the account may not decide in the archive.
        AlreadyHandled: somebody else decided first.
        NotYours: it is the account's own request.
    """
    require_receive(by)
    found = _locked(request_id, ConsultationState.WAITING)
    found.granted_until = until
    _decided(found, by, ConsultationState.GRANTED, remark)
    about = {"applicant": found.applicant_id, "purpose": found.purpose, "until": until}
    ledger.append([_event(found, GRANT, by, **about)])
    return found


@transaction.atomic
def refuse(request_id: uuid.UUID, by: Any, remark: str) -> Consultation:
    """Refuse a request with the reason.

    Raises:
        NotArchivist, AlreadyHandled, NotYours: as for `grant`.
    """
    require_receive(by)
    found = _locked(request_id, ConsultationState.WAITING)
    _decided(found, by, ConsultationState.REFUSED, remark)
    return found


@transaction.atomic
def withdraw(request_id: uuid.UUID, by: Any) -> Consultation:
    """Take the own request back.

    Raises:
        NotYours: it is another's.
        AlreadyHandled: it was decided on.
    """
    found = _locked(request_id, ConsultationState.WAITING)
    if found.applicant_id != by.pk:
        raise NotYours(_("Only the applicant can take a request back."))
    found.state = ConsultationState.WITHDRAWN
    found.save(update_fields=["state"])
    return found


@transaction.atomic
def use(request_id: uuid.UUID, by: Any) -> Consultation:
    """Write down that the copy is handed out now; called before its bytes leave.

    Raises:
        NotYours: it is another's request.
        NotUsable: it was not granted, has expired, or the record is destroyed.
    """
    found: Consultation = (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("record__unit")
        .get(pk=request_id)
    )
    if found.applicant_id != by.pk:
        raise NotYours(_("Only the applicant gets the copy."))
    if found.record.state != RecordState.ACCEPTED:
        raise NotUsable(_("Only what is in the archive, and not destroyed, can be used."))
    if not found.is_usable(timezone.localdate()):
        raise NotUsable(_("The time granted is over. Please ask again if you still need it."))
    found.uses, found.used_at = found.uses + 1, timezone.now()
    found.save(update_fields=["uses", "used_at"])
    ledger.append([_event(found, USE, by, times=found.uses)])
    return found
