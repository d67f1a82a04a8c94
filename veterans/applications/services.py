"""The writes of an application before the office has it, and while it is corrected."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import services as cases
from portal.cases.models import Case, CaseDocument, CaseEvent
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.cases.refusals import AlreadyMoved, ConditionNotMet, NotYourTurn
from portal.files import services as files
from portal.files.models import StoredFile
from portal.people.models import Person, User
from veterans.applications.changed_standard import note_standard
from veterans.applications.tasks import MATERIALS, wanted_materials
from veterans.models import Application, SupportItem
from veterans.models.applications import ForWhom
from veterans.standards.services import region_offered
from veterans.standards.vocabulary import stored

FLOW = "veterans-support"
EDITABLE = ("draft", "correcting")


@transaction.atomic
def start(item: SupportItem, user: User, region: str = "") -> Application:
    """Open a draft, or return the one the account has for this item already.

    Args:
        region: of the local standard whose page the applicant came from; empty for none.

    Raises:
        NotYourTurn: the account names no person.
        ConditionNotMet: the item is not offered.
    """
    if user.person is None:
        raise NotYourTurn(_("Applications are made by name. This account names nobody."))
    if not item.is_offered:
        raise ConditionNotMet(_("Applications for this item are not taken at present."))
    own = Application.objects.filter(
        item=item, case__applicant=user.person, case__sequence=0
    ).first()
    if own is not None:
        return own
    case = cases.open_draft(FLOW, item=item.name, unit=item.unit, applicant=user.person)
    application = Application(case=case, item=item, region=region_offered(item, region))
    note_standard(application)
    application.save()
    return application


def _editable(case_id: uuid.UUID, user: User, part: str) -> Application:
    """Return an application that the account may change now, its case locked.

    Raises:
        NotYourTurn: it is not the account's.
        AlreadyMoved: it was handed in, or this part is not among what has to be corrected.
    """
    case = cases.locked(case_id)
    if user.person_id is None or user.person_id not in (case.applicant_id, case.beneficiary_id):
        raise NotYourTurn(_("Only who applied may change this."))
    if case.state not in EDITABLE:
        raise AlreadyMoved(_("This was handed in and cannot be changed any more."))
    application: Application = case.subject
    asked = {row["code"] for row in application.corrections}
    if case.state == "correcting" and part not in asked:
        raise AlreadyMoved(_("Only what is on the list can be changed now."))
    return application


def _mark_done(application: Application, part: str) -> None:
    rows = application.corrections
    for row in rows:
        if row["code"] == part:
            row["done"] = True
    application.corrections = rows


@transaction.atomic
def save_about(case_id: uuid.UUID, user: User, values: Mapping[str, Any]) -> Application:
    """Keep whom it is for; a person the portal knows becomes the beneficiary.

    Raises:
        NotYourTurn, AlreadyMoved: see `_editable`.
    """
    application = _editable(case_id, user, "about")
    for name in ("for_whom", "relation", "name", "identity_number", "phone"):
        setattr(application, name, values[name])
    region = region_offered(application.item, values.get("region", ""))
    if region != application.region and application.case.state == "draft":
        application.region = region
        note_standard(application)
    _mark_done(application, "about")
    application.save()
    case = application.case
    known = Person.objects.with_identity_number(application.identity_number).first()
    if application.for_whom == ForWhom.SELF:
        case.beneficiary = case.applicant
    else:
        # The same words for a person the portal knows and for one it does not.
        case.beneficiary = known if known and known.name == application.name else None
    case.save(update_fields=["beneficiary"])
    return application


@transaction.atomic
def save_answer(case_id: uuid.UUID, user: User, code: str, value: Any) -> Application:
    """Keep one answer.

    Raises:
        NotYourTurn, AlreadyMoved: see `_editable`.
    """
    application = _editable(case_id, user, "questions")
    application.given_answers = stored({**application.given_answers, code: value})
    _mark_done(application, "questions")
    application.save(update_fields=["answers", "correction"])
    return application


@transaction.atomic
def save_bank(case_id: uuid.UUID, user: User, values: Mapping[str, Any]) -> Application:
    """Keep the account.

    Raises:
        NotYourTurn, AlreadyMoved: see `_editable`.
    """
    application = _editable(case_id, user, "bank")
    application.bank_name, application.bank_card = values["bank_name"], values["bank_card"]
    _mark_done(application, "bank")
    application.save(update_fields=["bank_name", "bank_card", "correction"])
    return application


@transaction.atomic
def _attach(
    case_id: uuid.UUID, user: User, material: str, title: str, stored: list[StoredFile]
) -> None:
    part = f"{MATERIALS}:{material}"
    application = _editable(case_id, user, part)
    case, now = application.case, timezone.now()
    if case.state == "correcting":
        # What was decided on before stays in the file beside the new papers.
        case.documents.filter(material=material, replaced_at=None).update(replaced_at=now)
    files.claim(stored, OWNER_KIND, owner_id(case), by=user)
    CaseDocument.objects.bulk_create(
        CaseDocument(case=case, material=material, title=title, file=file, added_at=now)
        for file in stored
    )
    _mark_done(application, part)
    application.save(update_fields=["correction"])


def add_files(
    application: Application, user: User, material_code: str, uploads: Iterable[Any]
) -> None:
    """Keep photos of a paper.

    The files are received before the row is locked: reading and re-encoding takes long.

    Raises:
        FileRefused: a file is not accepted; nothing was kept.
        ConditionNotMet: the standard asks for no such paper.
        NotYourTurn, AlreadyMoved: see `_editable`.
    """
    wanted = {material.code: material.name for material in wanted_materials(application)}
    if material_code not in wanted:
        raise ConditionNotMet(_("The standard asks for no such paper."))
    stored = [files.receive(upload, user=user, purpose=material_code) for upload in uploads]
    try:
        _attach(application.pk, user, material_code, wanted[material_code], stored)
    except BaseException:
        for file in stored:
            files.remove_temporary(file, by=user)
        raise


@transaction.atomic
def remove_file(application: Application, user: User, document_id: int) -> None:
    """Take a photo back that was not handed in yet.

    Raises:
        NotYourTurn, AlreadyMoved: see `_editable`.
    """
    document = CaseDocument.objects.select_related("file").get(
        pk=document_id, case=application.pk, letter=False
    )
    part = f"{MATERIALS}:{document.material}"
    case = _editable(application.pk, user, part).case
    if case.state != "draft":
        raise AlreadyMoved(_("What was handed in stays in the file. Please add the right one."))
    file = document.file
    document.delete()
    files.remove_claimed(file)


def hand_in(
    application: Application, user: User, *, key: uuid.UUID | None = None
) -> tuple[CaseEvent, str]:
    """Hand the application in.

    Returns:
        The event, and the tracking code, which is shown once; empty when the same form was
        sent before.

    Raises:
        Refusal: something is missing, or the same application is under way.
    """
    shown: list[str] = []
    try:
        event = cases.apply(application.pk, "submit", user, {"show_code": shown.append}, key=key)
    except IntegrityError as error:
        # Two were handed in for the same person at the same moment; the other was first.
        raise ConditionNotMet(
            _("An application for the same person and year was handed in just now.")
        ) from error
    return event, shown[0] if shown else ""


def correct(application: Application, user: User, *, key: uuid.UUID | None = None) -> CaseEvent:
    """Hand in what was put right.

    Raises:
        Refusal: something on the list is still open.
    """
    return cases.apply(application.pk, "resubmit", user, {}, key=key)


def own_application(case_id: uuid.UUID, user: User) -> Application | None:
    """Return an application of the account; None for anybody else's."""
    case = Case.objects.of_person(user.person).filter(pk=case_id, flow=FLOW).first()
    return case.subject if case is not None else None
