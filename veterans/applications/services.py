"""The writes of an application before the office has it, and while it is corrected."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import drafts
from portal.cases import services as cases
from portal.cases.models import Case, CaseDocument, CaseEvent
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.cases.refusals import AlreadyMoved, ConditionNotMet, NotYourTurn
from portal.cases.tracking import TAIL_LENGTH
from portal.files import services as files
from portal.files.models import StoredFile
from portal.people.models import Person, User
from veterans.applications.changed_standard import note_standard
from veterans.applications.correcting import asked_at, parts_to_correct
from veterans.applications.tasks import MATERIALS, open_questions, wanted_materials
from veterans.beneficiaries.accounts import is_known, propose
from veterans.beneficiaries.entry import is_for_another, may_write
from veterans.beneficiaries.representatives import acts_as_delegate, entry_of
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
    if not may_write(user, case):
        raise NotYourTurn(_("Only who applied may change this."))
    if case.state not in EDITABLE:
        raise AlreadyMoved(_("This was handed in and cannot be changed any more."))
    drafts.touch(case)
    application: Application = case.subject
    if case.state == "correcting" and part not in parts_to_correct(application):
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
        ConditionNotMet: the person has the same application under way.
    """
    application = _editable(case_id, user, "about")
    settled = is_for_another(application)
    # Who acts for somebody cannot turn the application to a third person.
    if settled:
        application.phone = values["phone"] or application.phone
    else:
        for name in ("for_whom", "relation", "name", "identity_number", "phone"):
            setattr(application, name, values[name])
    region = region_offered(application.item, values.get("region", ""))
    if region != application.region and application.case.state == "draft":
        application.region = region
        note_standard(application)
    _mark_done(application, "about")
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        raise ConditionNotMet(
            _("An application for this person and year is under way already.")
        ) from error
    case = application.case
    known = Person.objects.with_identity_number(application.identity_number).first()
    if settled or application.for_whom == ForWhom.SELF:
        case.beneficiary = case.applicant
    else:
        # The same words for a person the portal knows and for one it does not.
        case.beneficiary = known if known and known.name == application.name else None
    if case.tracking_tail:
        # Who tracks it without an account types the number that is right now.
        case.tracking_tail = application.identity_number[-TAIL_LENGTH:]
    case.save(update_fields=["beneficiary", "tracking_tail"])
    return application


@transaction.atomic
def save_answer(case_id: uuid.UUID, user: User, code: str, value: Any) -> Application:
    """Keep one answer.

    Raises:
        NotYourTurn, AlreadyMoved: see `_editable`.
    """
    application = _editable(case_id, user, "questions")
    application.given_answers = stored({**application.given_answers, code: value})
    application.save(update_fields=["answers"])
    return application


@transaction.atomic
def confirm_answers(case_id: uuid.UUID, user: User) -> Application:
    """Say of a correction that all answers are right now.

    Raises:
        NotYourTurn, AlreadyMoved: see `_editable`.
        ConditionNotMet: a question has no answer.
    """
    application = _editable(case_id, user, "questions")
    if open_questions(application):
        raise ConditionNotMet(_("Please answer all questions first."))
    _mark_done(application, "questions")
    application.save(update_fields=["correction"])
    return application


@transaction.atomic
def save_bank(case_id: uuid.UUID, user: User, values: Mapping[str, Any]) -> Application:
    """Keep the account; what a delegate writes waits for the beneficiary's confirmation.

    Raises:
        NotYourTurn, AlreadyMoved: see `_editable`.
    """
    application = _editable(case_id, user, "bank")
    if acts_as_delegate(user, application) and not is_known(application, values["bank_card"]):
        propose(application, user, values)
        return application
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
        former = case.documents.filter(
            material=material, replaced_at=None, added_at__lt=asked_at(case)
        )
        files.set_aside([document.file for document in former.select_related("file")])
        former.update(replaced_at=now)
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
    """Take a photo back that was not handed in yet; one that is gone already stays gone.

    Raises:
        NotYourTurn, AlreadyMoved: see `_editable`.
    """
    rows = CaseDocument.objects.select_related("file").filter(letter=False)
    document = rows.filter(pk=document_id, case=application.pk).first()
    if document is None:
        return  # It was taken back a moment ago.
    part = f"{MATERIALS}:{document.material}"
    case = _editable(application.pk, user, part).case
    if case.state != "draft" and document.added_at < asked_at(case):
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
    """Return an application the account writes in; None for anybody else's."""
    rows = Case.objects.filter(pk=case_id, flow=FLOW)
    case = rows.filter(pk__in=Case.objects.acted_in_by(user.person_id).values("pk")).first()
    if case is None:
        # The service station corrects what it typed in; whoever did so still finds the way.
        case = rows.exclude(application__entry__entered_by=None).first()
        typed = case is not None and entry_of(case.subject).entered_by_id == user.pk  # type: ignore[union-attr]
        if case is not None and not typed and not may_write(user, case):
            case = None
    return case.subject if case is not None else None
