"""The writes of the register: people, categories, certificates, family."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.cases.models import Kinship
from portal.files import services as files
from portal.people.models import Person, User
from portal.people.validators import normalized_identity_number
from portal.personal_data.encryption import blind_index
from portal.refusals import ChangedMeanwhile
from veterans.beneficiaries.permissions import may_keep_register
from veterans.beneficiaries.refusals import NotTheKeeper, RegisterRefused
from veterans.models import (
    Beneficiary,
    BeneficiaryCategory,
    Certificate,
    FamilyTie,
    PaperOnFile,
)
from veterans.models.beneficiaries import MATERIAL_OF, CertificateKind

OWNER_KIND = "veterans-register"
DETAILS = ("region", "address", "bank_name", "bank_card", "note")


def require_keeper(user: User) -> None:
    """Refuse who does not keep the register.

    Raises:
        NotTheKeeper: the account is not the veterans service officer.
    """
    if not may_keep_register(user):
        raise NotTheKeeper(_("The register is kept by the veterans service officer."))


def locked(person_id: int) -> Beneficiary:
    """Return a beneficiary whose row stays locked to the end of the transaction.

    Raises:
        Beneficiary.DoesNotExist: there is none.
    """
    return (
        Beneficiary.objects.select_for_update(of=("self",))
        .select_related("person__unit")
        .get(pk=person_id)
    )


def find_person(employee_number: str, identity_number: str) -> Person | None:
    """Return the person of an employee number, an identity number, or both.

    Raises:
        ValidationError: the two numbers belong to two people, or the employee is unknown.
    """
    number = normalized_identity_number(identity_number)
    by_identity = Person.objects.with_identity_number(number).first() if number else None
    if not employee_number:
        return by_identity
    employee = Person.objects.filter(employee_number=employee_number).first()
    if employee is None:
        raise ValidationError(
            {"employee_number": _("Nobody has this employee number. Please check it.")}
        )
    if by_identity is not None and by_identity != employee:
        raise ValidationError(
            {"identity_number": _("This identity number belongs to somebody else.")}
        )
    if employee.identity_number and number and employee.identity_number != number:
        raise ValidationError(
            {"identity_number": _("The register of people has another number for this employee.")}
        )
    return employee


@transaction.atomic
def register(values: Mapping[str, Any], user: User) -> Beneficiary:
    """Take somebody into the register: an employee by number, or somebody outside.

    Args:
        values: name, employee_number, identity_number, phone, category, valid_from, valid_to,
            level, and the details of the register.

    Raises:
        NotTheKeeper: the account does not keep the register.
        ValidationError: the numbers contradict what the portal knows; by field.
        RegisterRefused: the person is in the register already.
    """
    require_keeper(user)
    person = find_person(values.get("employee_number", ""), values["identity_number"])
    if person is None:
        person = Person(name=values["name"], employee_number=None, unit=None)
    elif person.name != values["name"]:
        raise ValidationError(
            {"name": _("The register of people has another name for this number.")}
        )
    _complete(person, values["identity_number"], values.get("phone", ""))
    if Beneficiary.objects.filter(pk=person.pk).exists():
        raise RegisterRefused(_("This person is in the register already."))
    found = Beneficiary.objects.create(
        person=person,
        registered_at=timezone.now(),
        registered_by=user,
        **{name: values[name] for name in DETAILS if values.get(name)},
    )
    if values.get("category"):
        _add_category(found, values)
    log(found, "veterans.registered", user=user)
    return found


def _complete(person: Person, identity_number: str, phone: str) -> None:
    """Write what the portal did not know of a person yet."""
    changed = person.pk is None
    if identity_number and not person.identity_number:
        person.identity_number, changed = identity_number, True
    if phone and not person.phone:
        # An employee's phone is kept by the register of people.
        person.phone, changed = phone, True
    if changed:
        person.full_clean()
        person.save()


@transaction.atomic
def change(person_id: int, values: Mapping[str, Any], user: User) -> Beneficiary:
    """Change the details; name and phone of people outside, too.

    Raises:
        NotTheKeeper: the account does not keep the register.
    """
    require_keeper(user)
    found = locked(person_id)
    for name in DETAILS:
        if name in values:
            setattr(found, name, values[name])
    found.full_clean(exclude=["registered_by"])
    found.save()
    person = found.person
    if found.is_external and {"name", "phone"} <= values.keys():
        person.name, person.phone = values["name"], values["phone"]
        person.full_clean()
        person.save()
    log(found, "veterans.register_changed", user=user)
    return found


@transaction.atomic
def leave(person_id: int, day: datetime.date, reason: str, user: User) -> Beneficiary:
    """Take somebody out of the register; the row stays, running benefits stop.

    Raises:
        NotTheKeeper: the account does not keep the register.
        ChangedMeanwhile: somebody was taken out already.
    """
    from veterans.beneficiaries.benefits import stop_all_of

    require_keeper(user)
    found = locked(person_id)
    if found.ended_on is not None:
        raise ChangedMeanwhile(_("This person was taken out of the register already."))
    found.ended_on, found.ended_reason = day, reason
    found.save(update_fields=["ended_on", "ended_reason"])
    stop_all_of(person_id, reason)
    log(found, "veterans.register_left", user=user)
    return found


@transaction.atomic
def come_back(person_id: int, user: User) -> Beneficiary:
    """Take somebody back into the register.

    Raises:
        NotTheKeeper: the account does not keep the register.
    """
    require_keeper(user)
    found = locked(person_id)
    found.ended_on, found.ended_reason = None, ""
    found.save(update_fields=["ended_on", "ended_reason"])
    log(found, "veterans.registered", user=user)
    return found


# ---- Categories


def overlapping(
    rows: Iterable[BeneficiaryCategory], begin: datetime.date, end: datetime.date | None
) -> bool:
    """Whether one of the rows shares a day with a span."""
    return any(
        (end is None or row.valid_from <= end) and (row.valid_to is None or begin <= row.valid_to)
        for row in rows
    )


def _add_category(found: Beneficiary, values: Mapping[str, Any]) -> BeneficiaryCategory:
    begin, end = values["valid_from"], values.get("valid_to")
    if end is not None and end < begin:
        raise ValidationError({"valid_to": _("The end lies before the beginning.")})
    same = found.categories.filter(category_index=blind_index(values["category"]))
    if overlapping(same, begin, end):
        raise ValidationError(
            {"category": _("The person has this category on some of these days already.")}
        )
    return BeneficiaryCategory.objects.create(
        beneficiary=found,
        category=values["category"],
        level=str(values.get("level") or ""),
        valid_from=begin,
        valid_to=end,
    )


@transaction.atomic
def add_category(person_id: int, values: Mapping[str, Any], user: User) -> BeneficiaryCategory:
    """Give a beneficiary a category between two days.

    Raises:
        NotTheKeeper: the account does not keep the register.
        ValidationError: days in the wrong order, or the category is held already; by field.
    """
    require_keeper(user)
    found = locked(person_id)
    row = _add_category(found, values)
    log(found, "veterans.register_changed", user=user)
    return row


@transaction.atomic
def end_category(category_id: int, day: datetime.date, user: User) -> BeneficiaryCategory:
    """Let a category end with a day.

    Raises:
        NotTheKeeper: the account does not keep the register.
        ValidationError: the day lies before the beginning.
    """
    require_keeper(user)
    row = BeneficiaryCategory.objects.select_for_update().get(pk=category_id)
    if day < row.valid_from:
        raise ValidationError({"valid_to": _("The end lies before the beginning.")})
    row.valid_to = day
    row.save(update_fields=["valid_to"])
    log(row.beneficiary, "veterans.register_changed", user=user)
    return row


# ---- Certificates


def add_certificate(
    person_id: int, values: Mapping[str, Any], uploads: Iterable[Any], user: User
) -> Certificate:
    """Keep a certificate with its photo, not verified yet.

    Raises:
        NotTheKeeper: the account does not keep the register.
        FileRefused: the photo is not accepted; nothing was kept.
        ValidationError: days in the wrong order, or the number is somebody's already.
    """
    require_keeper(user)
    stored = [files.receive(upload, user=user, purpose="certificate") for upload in uploads]
    try:
        with transaction.atomic():
            found = locked(person_id)
            row = Certificate(
                beneficiary=found,
                entered_by=user,
                entered_at=timezone.now(),
                file=stored[0] if stored else None,
                **{name: values[name] for name in ("kind", "number", "issued_on", "valid_until")},
            )
            if row.issued_on and row.valid_until and row.valid_until < row.issued_on:
                raise ValidationError({"valid_until": _("The end lies before the beginning.")})
            files.claim(stored, OWNER_KIND, str(found.pk), by=user)
            row.save()
            log(found, "veterans.register_changed", user=user)
    except IntegrityError as error:
        _take_back(stored, user)
        raise ValidationError(
            {"number": _("A certificate of this kind and number is in the register already.")}
        ) from error
    except BaseException:
        _take_back(stored, user)
        raise
    return row


def _take_back(stored: list[Any], user: User) -> None:
    for file in stored:
        files.remove_temporary(file, by=user)


@transaction.atomic
def verify_certificate(certificate_id: int, user: User) -> Certificate:
    """Say that the original was seen; from then on its photo need not be sent again.

    Raises:
        NotTheKeeper: the account does not keep the register.
        RegisterRefused: it has expired or was withdrawn.
    """
    require_keeper(user)
    row = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("beneficiary")
        .get(pk=certificate_id)
    )
    if row.withdrawn_on or row.has_expired:
        raise RegisterRefused(_("This certificate has expired or was withdrawn."))
    if row.verified_at is None:
        row.verified_by, row.verified_at = user, timezone.now()
        row.save(update_fields=["verified_by", "verified_at"])
        if row.file is not None:
            PaperOnFile.objects.create(
                person_id=row.beneficiary_id,
                material=MATERIAL_OF[CertificateKind(row.kind)],
                title=row.get_kind_display(),
                file=row.file,
                certificate=row,
                verified_by=user,
                verified_at=row.verified_at,
                valid_until=row.valid_until,
            )
        log(row.beneficiary, "veterans.certificate_verified", user=user)
    return row


@transaction.atomic
def withdraw_certificate(certificate_id: int, user: User) -> Certificate:
    """Let a certificate count no more; what rested on it has to be sent again.

    Raises:
        NotTheKeeper: the account does not keep the register.
    """
    require_keeper(user)
    row = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
    today = timezone.localdate()
    if row.withdrawn_on is None:
        row.withdrawn_on = today
        row.save(update_fields=["withdrawn_on"])
        row.papers_on_file.filter(withdrawn_on=None).update(withdrawn_on=today)
        log(row.beneficiary, "veterans.register_changed", user=user)
    return row


# ---- Family

MIRRORED = {"spouse": "spouse", "parent": "child", "child": "parent", "sibling": "sibling"}


@transaction.atomic
def add_tie(person_id: int, values: Mapping[str, Any], user: User) -> FamilyTie:
    """Write down a relative; who works in the office stands aside from then on.

    Args:
        values: name and identity_number of the relative, kind (what the relative is to the
            person), same_household.

    Raises:
        NotTheKeeper: the account does not keep the register.
        ValidationError: the number is the person's own or another's name; by field.
    """
    require_keeper(user)
    found = locked(person_id)
    relative = Person.objects.with_identity_number(values["identity_number"]).first()
    if relative is None:
        relative = Person(
            name=values["name"],
            employee_number=None,
            unit=None,
            identity_number=values["identity_number"],
        )
        relative.full_clean()
        relative.save()
    elif relative.name != values["name"]:
        raise ValidationError(
            {"name": _("The register of people has another name for this number.")}
        )
    if relative.pk == found.pk:
        raise ValidationError({"identity_number": _("This is the person's own number.")})
    if FamilyTie.objects.filter(person=relative, relative=found.person).exists():
        raise ValidationError({"identity_number": _("The two are known as relatives already.")})
    tie, _created = FamilyTie.objects.update_or_create(
        person=found.person,
        relative=relative,
        defaults={"kind": values["kind"], "same_household": values["same_household"]},
    )
    Kinship.objects.get_or_create(
        person=found.person, relative=relative, defaults={"kind": values["kind"]}
    )
    log(found, "veterans.register_changed", user=user)
    return tie


@transaction.atomic
def remove_tie(tie_id: int, person_id: int, user: User) -> None:
    """Take a family relation out; who had to stand aside for it no longer has to.

    Raises:
        NotTheKeeper: the account does not keep the register.
    """
    require_keeper(user)
    tie = FamilyTie.objects.select_for_update().get(pk=tie_id)
    Kinship.objects.filter(person_id=tie.person_id, relative_id=tie.relative_id).delete()
    tie.delete()
    log(locked(person_id), "veterans.register_changed", user=user)


def household_of(person_id: int) -> set[int]:
    """Return the keys of those who live in one household with a person, the person included."""
    found = {person_id}
    border = {person_id}
    while border:
        ties = FamilyTie.objects.filter(same_household=True)
        pairs = list(ties.filter(person__in=border).values_list("relative_id", flat=True)) + list(
            ties.filter(relative__in=border).values_list("person_id", flat=True)
        )
        border = {pk for pk in pairs if pk is not None} - found
        found |= border
    return found
