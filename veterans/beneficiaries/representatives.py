"""Delegates and guardians: entered with the paper, verified by the officer, revoked at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.cases.flow import Representatives
from portal.cases.models import Case
from portal.files import services as files
from portal.notifications.services import Recipient, notify
from portal.people.models import Person, User
from portal.roles.models import RoleAssignment
from veterans.beneficiaries import messages
from veterans.beneficiaries.permissions import KEEPERS, may_keep_register
from veterans.beneficiaries.refusals import NotTheKeeper, RepresentationRefused, RightEnded
from veterans.beneficiaries.register import require_keeper
from veterans.models import Application, ApplicationEntry, Beneficiary, Representation, SupportItem
from veterans.models.beneficiaries import is_minor
from veterans.models.representations import RepresentationKind

OWNER_KIND = "veterans-representation"
#: A letter of authority longer than this is no longer known to be wanted.
LONGEST_YEARS = 2


def add(
    principal_id: int,
    values: Mapping[str, Any],
    uploads: Iterable[Any],
    user: User,
) -> Representation:
    """Write down a delegate or guardian with the paper; nothing opens before it is verified.

    Args:
        values: kind, name, identity_number and phone of who acts, items, valid_from, valid_to.

    Raises:
        NotTheKeeper: the account does not keep the register.
        ValidationError: by field: the number is the person's own or another's name, days in the
            wrong order, a guardian of somebody of age.
        FileRefused: the paper is not accepted; nothing was kept.
    """
    require_keeper(user)
    stored = [files.receive(upload, user=user, purpose="authority") for upload in uploads]
    try:
        with transaction.atomic():
            return _add(principal_id, values, stored, user)
    except BaseException:
        for file in stored:
            files.remove_temporary(file, by=user)
        raise


def _add(
    principal_id: int, values: Mapping[str, Any], stored: list[Any], user: User
) -> Representation:
    principal = Beneficiary.objects.select_related("person").get(pk=principal_id).person
    _check(principal, values)
    row = Representation.objects.create(
        kind=values["kind"],
        principal=principal,
        representative=_representative(values),
        paper=stored[0] if stored else None,
        valid_from=values["valid_from"],
        valid_to=values.get("valid_to"),
        entered_by=user,
        entered_at=timezone.now(),
    )
    if row.kind == RepresentationKind.DELEGATION:
        row.items.set(values["items"])
    files.claim(stored, OWNER_KIND, str(row.pk), by=user)
    log(principal.beneficiary, "veterans.representation_added", user=user)
    return row


def _check(principal: Person, values: Mapping[str, Any]) -> None:
    begin, end = values["valid_from"], values.get("valid_to")
    if values["identity_number"] == principal.identity_number:
        raise ValidationError({"identity_number": _("This is the person's own number.")})
    if is_minor(values["identity_number"], timezone.localdate()):
        raise ValidationError({"identity_number": _("Who acts for somebody has to be of age.")})
    if end is not None and end < begin:
        raise ValidationError({"valid_to": _("The end lies before the beginning.")})
    if values["kind"] == RepresentationKind.GUARDIAN:
        if not is_minor(principal.identity_number, begin):
            raise ValidationError(
                {"kind": _("The person is of age. Please enter a letter of authority.")}
            )
        return
    if end is None:
        raise ValidationError({"valid_to": _("Please write until when the letter counts.")})
    if (end - begin).days > LONGEST_YEARS * 366:
        raise ValidationError({"valid_to": _("A letter of authority counts two years at most.")})
    if not values.get("items"):
        raise ValidationError({"items": _("Please choose what the letter is for.")})


def _representative(values: Mapping[str, Any]) -> Person:
    known = Person.objects.with_identity_number(values["identity_number"]).first()
    if known is None:
        known = Person(
            name=values["name"],
            employee_number=None,
            unit=None,
            identity_number=values["identity_number"],
            phone=values.get("phone", ""),
        )
        known.full_clean()
        known.save()
    elif known.name != values["name"]:
        raise ValidationError(
            {"name": _("The register of people has another name for this number.")}
        )
    return known


def _lock_cases(representation: Representation) -> None:
    """Wait for steps that are being taken in the cases it opens, and hold back the next ones."""
    wanted: Any = Q(application__entry__representation=representation)
    if representation.kind == RepresentationKind.GUARDIAN:
        wanted |= Q(beneficiary=representation.principal_id)
    keys = list(Case.objects.filter(wanted).order_by("pk").values_list("pk", flat=True))
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _locked(representation_id: int) -> Representation:
    return (
        Representation.objects.select_for_update(of=("self",))
        .select_related("principal", "representative")
        .get(pk=representation_id)
    )


@transaction.atomic
def verify(representation_id: int, user: User) -> Representation:
    """Say that paper and identity card were seen; both sides are told.

    Raises:
        NotTheKeeper: the account does not keep the register.
        RepresentationRefused: it was revoked, it has no paper, or the officer is one of the two.
    """
    require_keeper(user)
    row = _locked(representation_id)
    if row.revoked_at is not None:
        raise RepresentationRefused(_("This was revoked already."))
    if row.paper_id is None:
        raise RepresentationRefused(_("The photo of the paper is missing."))
    if user.person_id in (row.principal_id, row.representative_id):
        raise RepresentationRefused(_("This concerns yourself. A colleague has to verify it."))
    if row.verified_at is None:
        row.verified_by, row.verified_at = user, timezone.now()
        row.save(update_fields=["verified_by", "verified_at"])
        _tell(messages.ENTRUSTED, row)
        log(row.principal.beneficiary, "veterans.representation_verified", user=user)
    return row


@transaction.atomic
def revoke(representation_id: int, user: User, reason: str = "") -> Representation:
    """Take the right away at once: by the beneficiary, the officer or who holds it.

    The cases it opens are locked first, so that a step of the delegate is either done before or
    refused after.

    Raises:
        NotTheKeeper: the account is none of the three.
    """
    row = Representation.objects.get(pk=representation_id)
    _lock_cases(row)
    row = _locked(representation_id)
    concerned = (row.principal_id, row.representative_id)
    if not may_keep_register(user) and user.person_id not in concerned:
        raise NotTheKeeper(_("Only the people concerned and the service station may revoke this."))
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by, row.revoked_reason = timezone.now(), user, reason
        row.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
        _tell(messages.REVOKED, row)
        log(row.principal.beneficiary, "veterans.representation_revoked", user=user)
    return row


@transaction.atomic
def entrust_case(representation_id: int, case_id: Any, user: User) -> ApplicationEntry:
    """Let a delegate act in an application that is there already.

    Raises:
        NotTheKeeper: the account is neither the beneficiary nor the officer.
        RightEnded: the right does not count today.
        RepresentationRefused: the application is somebody else's, of another item, or has one.
    """
    case = Case.objects.select_for_update().get(pk=case_id)
    row = _locked(representation_id)
    if not may_keep_register(user) and user.person_id != row.principal_id:
        raise NotTheKeeper(_("Only the beneficiary and the service station may entrust this."))
    require_valid(row, case.subject.item)
    if case.beneficiary_id != row.principal_id:
        raise RepresentationRefused(_("This application is somebody else's."))
    if ApplicationEntry.objects.filter(pk=case.pk).exists():
        raise RepresentationRefused(_("Somebody acts in this application already."))
    return ApplicationEntry.objects.create(application=case.subject, representation=row)


def _tell(code: str, row: Representation) -> None:
    people = [Recipient(person=row.principal), Recipient(person=row.representative)]
    notify(code, people, {}, event_key=f"{code}:{row.pk}", url="/support/representations/")


# ---- What the flow asks


def require_valid(row: Representation, item: SupportItem) -> None:
    """Refuse a right that does not count today or is not for an item.

    Raises:
        RightEnded: with what is wrong.
    """
    if row.state != "valid":
        raise RightEnded(
            {
                "revoked": _("The right to act for this person was revoked."),
                "waiting": _("The service station has not verified the letter yet."),
                "over": _("The letter of authority has run out. Please bring a new one."),
                "later": _("The letter of authority does not count yet."),
            }[row.state]
        )
    if not row.covers(item):
        raise RightEnded(_("The letter of authority is not for this item."))


def valid_for(person_id: int | None, item: SupportItem | None = None) -> list[Representation]:
    """Return the rights a person holds today, for one item or for any."""
    if person_id is None:
        return []
    rows = (
        Representation.objects.valid_on()
        .filter(representative=person_id)
        .select_related("principal", "representative")
        .prefetch_related("items")
    )
    return [row for row in rows if item is None or row.covers(item)]


def guardians_of(identity_number: str, day: datetime.date) -> Any:
    """Return the guardians of the person with an identity number that count on a day."""
    children = Person.objects.with_identity_number(identity_number)
    return Representation.objects.valid_on(day).filter(
        kind=RepresentationKind.GUARDIAN, principal__in=children
    )


def _cases(person_id: int) -> Q:
    """Return the condition of cases in which somebody acts now: entrusted, of a ward, or typed."""
    valid = Representation.objects.valid_on().filter(representative=person_id)
    entrusted = ApplicationEntry.objects.filter(representation__in=valid)
    wards = valid.filter(kind=RepresentationKind.GUARDIAN).values("principal")
    # A clerk types for somebody until it is handed in, and while holding the role.
    held = RoleAssignment.objects.active_on().filter(person=person_id, role_code__in=KEEPERS)
    typed = ApplicationEntry.objects.filter(
        entered_by__person=person_id, entered_by__person__in=held.values("person")
    )
    return (
        Q(pk__in=entrusted.values("application"))
        | Q(beneficiary__in=wards)
        | Q(pk__in=typed.values("application"), sequence=0)
    )


def _people(case: Case) -> list[Person]:
    """Return those who act in a case today by a right of their own."""
    wanted: Any = Q(entries__application=case.pk) | Q(
        kind=RepresentationKind.GUARDIAN, principal=case.beneficiary_id or 0
    )
    rows = Representation.objects.valid_on().filter(wanted).select_related("representative")
    return [row.representative for row in rows.distinct()]


FLOW_RULE = Representatives(cases=_cases, people=_people)


def entry_of(application: Application) -> ApplicationEntry | None:
    """Return how an application came in; None where the applicant wrote it."""
    if "_entry" not in application.__dict__:
        application.__dict__["_entry"] = (
            ApplicationEntry.objects.select_related(
                "representation__representative", "entered_by__person"
            )
            .filter(pk=application.pk)
            .first()
        )
    found: ApplicationEntry | None = application.__dict__["_entry"]
    return found


def guardian_name(user: User, application: Application) -> str:
    """Return the name of a guardian who agrees for a child, from the verified paper; or nothing."""
    number = application.identity_number
    guardians = guardians_of(number, timezone.localdate()).select_related("representative")
    if not number or not is_minor(number, timezone.localdate()):
        return ""
    own = guardians.filter(representative=user.person_id or 0).first() or guardians.first()
    return own.representative.name if own is not None else ""


def acts_as_delegate(user: User, application: Application) -> bool:
    """Whether the account acts in an application by a letter of authority only."""
    case = application.case
    if user.person_id in (case.applicant_id, case.beneficiary_id):
        return False
    entry = entry_of(application)
    if entry is None or entry.representation is None:
        return False
    row = entry.representation
    return row.kind == RepresentationKind.DELEGATION and row.representative_id == user.person_id
