"""Applications written for somebody else: by a delegate, a guardian, or a clerk (代录)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases import services as cases
from portal.cases.flow import Context
from portal.cases.models import Case
from portal.cases.permissions import must_stand_aside, represents
from portal.cases.refusals import ConditionNotMet
from portal.people.models import Person, User
from veterans.beneficiaries.permissions import may_keep_register
from veterans.beneficiaries.refusals import RegisterRefused, RightEnded
from veterans.beneficiaries.register import require_keeper
from veterans.beneficiaries.representatives import entry_of, guardians_of, require_valid
from veterans.models import (
    Application,
    ApplicationEntry,
    Beneficiary,
    Representation,
    SupportItem,
)
from veterans.models.applications import ForWhom
from veterans.models.beneficiaries import ADULT_CLAUSE, is_minor
from veterans.models.representations import Channel, RepresentationKind
from veterans.standards.conditions import Condition
from veterans.standards.content import Material

FLOW = "veterans-support"
CLERK_CHANNELS = (Channel.COUNTER, Channel.HOME, Channel.POST, Channel.PHONE)


def signed_form(channel: str) -> Material:
    """Return the paper a clerk adds: the form the beneficiary signed; by phone there is none."""
    return Material(
        id=0,
        code="signed-form",
        name=_("Form signed by the beneficiary"),
        need="optional" if channel == Channel.PHONE else "required",
        condition=Condition(),
        formats="",
        sample=_("The page with the signature or the fingerprint, and the day."),
        issued_by="",
        exempt_when_on_file=False,
        valid_months=None,
        note="",
        clause="",
    )


def extra_materials(application: Application) -> list[Material]:
    """Return what is wanted beside the standard: the signed form of what a clerk typed in."""
    entry = entry_of(application)
    if entry is None or entry.entered_by_id is None:
        return []
    return [signed_form(entry.channel)]


def _open(item: SupportItem, principal: Person) -> Application:
    case = cases.open_draft(FLOW, item=item.name, unit=item.unit, applicant=principal)
    return Application.objects.create(
        case=case,
        item=item,
        for_whom=ForWhom.SELF,
        name=principal.name,
        identity_number=principal.identity_number,
        phone=principal.phone,
    )


def _require_offered(item: SupportItem) -> None:
    if not item.is_offered:
        raise ConditionNotMet(_("Applications for this item are not taken at present."))


@transaction.atomic
def start_as(representation_id: int, item: SupportItem, user: User) -> Application:
    """Open a draft for the person an account acts for, or return the one it has.

    Raises:
        RightEnded: the right is not the account's, does not count today or not for this item.
        ConditionNotMet: the item is not offered.
    """
    row = (
        Representation.objects.select_for_update(of=("self",))
        .select_related("principal")
        .filter(pk=representation_id, representative=user.person_id or 0)
        .first()
    )
    if row is None:
        raise RightEnded(_("You have no right to act for this person."))
    require_valid(row, item)
    _require_offered(item)
    own = Application.objects.filter(item=item, entry__representation=row, case__sequence=0).first()
    if own is not None:
        return own
    made = _open(item, row.principal)
    ApplicationEntry.objects.create(application=made, representation=row)
    return made


@transaction.atomic
def start_for(person_id: int, item: SupportItem, channel: str, user: User) -> Application:
    """Open a draft that a clerk types in for a beneficiary (代录), or return the one there is.

    Raises:
        NotTheKeeper: the account does not keep the register.
        RegisterRefused: the beneficiary has left, or is the clerk.
        ConditionNotMet: the item is not offered.
    """
    require_keeper(user)
    found = (
        Beneficiary.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=person_id)
    )
    if found.ended_on is not None:
        raise RegisterRefused(_("This person was taken out of the register."))
    if found.pk == user.person_id:
        raise RegisterRefused(_("This is yourself. Please apply as everybody does."))
    _require_offered(item)
    own = Application.objects.filter(
        item=item, case__beneficiary=found.pk, entry__entered_by=user, case__sequence=0
    ).first()
    if own is not None:
        return own
    made = _open(item, found.person)
    ApplicationEntry.objects.create(application=made, entered_by=user, channel=channel)
    return made


def may_write(user: User, case: Case) -> bool:
    """Whether the account writes in an application: the applicant, who acts for them, the clerk.

    What a clerk typed in, the service station also corrects for the applicant.
    """
    if user.person_id is None:
        return False
    if user.person_id in (case.applicant_id, case.beneficiary_id) or represents(user, case):
        return True
    if case.state != "correcting" or not may_keep_register(user):
        return False
    typed = ApplicationEntry.objects.filter(pk=case.pk, entered_by__isnull=False).exists()
    return typed and not must_stand_aside(user, case)


def is_for_another(application: Application) -> bool:
    """Whether somebody else than the beneficiary writes it, so that the person is settled."""
    return entry_of(application) is not None


def check_right(context: Context) -> None:
    """Refuse the hand-in of a minor without guardian, or by a right that does not count.

    Raises:
        ConditionNotMet: with what to do.
    """
    application = context.subject
    entry = entry_of(application)
    if entry is not None and entry.representation is not None and context.user is not None:
        acting = entry.representation
        own = context.user.person_id in (context.case.applicant_id, context.case.beneficiary_id)
        if not own and acting.kind == RepresentationKind.DELEGATION:
            require_valid(acting, application.item)
    number = application.identity_number
    if not number or not is_minor(number, context.today):
        return
    guardians = guardians_of(number, context.today)
    if entry is not None and entry.entered_by_id is not None:
        if guardians.exists():
            return
    elif (
        context.user is not None
        and guardians.filter(representative=context.user.person_id or 0).exists()
    ):
        return
    raise ConditionNotMet(
        _(
            "The person is under 18. The guardian has to hand this in. Please bring the proof of"
            " guardianship to the service station first."
        )
    )


RIGHT_SAYS = gettext_lazy(
    "Who hands in has the right to; for somebody under 18 the guardian does it."
)
RIGHT_CLAUSE = ADULT_CLAUSE
