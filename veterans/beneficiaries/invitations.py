"""Invitation codes (邀请码): made by the officer, shown once, used once by who is invited.

Source: chapter 5.7 of the domain facts: families get an outside account by invitation of the
service station only. The last four of the identity number alone have a thousand values, so the
strength lies in the code; failures are counted as those of tracking codes are.
"""

from __future__ import annotations

import datetime
import hmac

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from wagtail.log_actions import log

from portal.cases import tracking
from portal.cases.attempts import Attempts
from portal.cases.numbers import new_tracking_code
from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.people.services import end_sessions
from portal.personal_data.encryption import blind_index
from portal.refusals import ChangedMeanwhile
from portal.roles.models import RoleAssignment
from portal.roles.services import assign_role, end_role
from veterans.beneficiaries.refusals import InvitationRefused
from veterans.beneficiaries.register import require_keeper
from veterans.models import Beneficiary, Invitation
from veterans.models.beneficiaries import OUTSIDE_PREFIX

DAYS = 30
CLAUSE = "服务站邀请家属注册：邀请码三十日内有效，只能用一次"
ROLE = "military_family"
PURPOSE = "invitation"
FIRST_NUMBER = 30001


def digest_of(code: str) -> str:
    """Return the keyed digest of a code; another one than a tracking code of these digits has."""
    return blind_index(f"invitation:{code}")


@transaction.atomic
@sensitive_variables("code")
def invite(person_id: int, user: User) -> tuple[Invitation, str]:
    """Make a code for somebody of the register or of a family; an open one ends.

    Returns:
        The invitation, and its code, which is stored nowhere.

    Raises:
        NotTheKeeper: the account does not keep the register.
        InvitationRefused: the person has an account, no identity number, or has left.
    """
    require_keeper(user)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if User.objects.filter(person=person).exists():
        raise InvitationRefused(_("This person has an account already."))
    if not (person.employee_number or OUTSIDE_PREFIX).startswith(OUTSIDE_PREFIX):
        raise InvitationRefused(_("This person works here. Please ask the system administrator."))
    if not person.identity_number:
        raise InvitationRefused(_("Please enter the identity number first."))
    if Beneficiary.objects.filter(pk=person.pk, ended_on__isnull=False).exists():
        raise InvitationRefused(_("This person was taken out of the register."))
    now = timezone.now()
    person.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=now, revoked_by=user)
    code = new_tracking_code()
    made = Invitation.objects.create(
        person=person,
        digest=digest_of(code),
        created_by=user,
        created_at=now,
        expires_at=now + datetime.timedelta(days=DAYS),
    )
    log(person, "veterans.invited", user=user)
    return made, code


@transaction.atomic
def revoke(invitation_id: int, user: User) -> Invitation:
    """Let a code open nothing any more.

    Raises:
        NotTheKeeper: the account does not keep the register.
        ChangedMeanwhile: it was used already.
    """
    require_keeper(user)
    row = Invitation.objects.select_for_update().get(pk=invitation_id)
    if row.used_at is not None:
        raise ChangedMeanwhile(_("The code was used already. The account can be disabled."))
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = timezone.now(), user
        row.save(update_fields=["revoked_at", "revoked_by"])
        log(row.person, "veterans.invitation_revoked", user=user)
    return row


@transaction.atomic
def close_account(person_id: int, user: User) -> None:
    """End the account of somebody outside: the role ends today, all sessions end.

    Raises:
        NotTheKeeper: the account does not keep the register.
        InvitationRefused: the person works here; then the system administrator is asked.
    """
    require_keeper(user)
    found = User.objects.select_for_update(of=("self",)).get(person=person_id)
    roles = list(RoleAssignment.objects.filter(person=person_id).active_on())
    if any(row.role_code != ROLE for row in roles):
        raise InvitationRefused(_("This person works here. Please ask the system administrator."))
    for row in roles:
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        end_role(row, max(row.valid_from, yesterday), ended_by=user)
    found.is_active = False
    found.save(update_fields=["is_active"])
    end_sessions(found, officer=user)
    log(found.person, "people.account_disabled", user=user)


# ---- The invited person


@sensitive_variables("attempt")
def find(attempt: tracking.Attempt, address: str) -> Invitation | None:
    """Return the open invitation both parts open; None for every failure, after equal work.

    Args:
        attempt: the code, and the last four characters of the identity number.
        address: of the visitor's machine, counted for an hour and stored nowhere else.
    """
    digest = digest_of(attempt.code)
    row = Invitation.objects.open().filter(digest=digest).select_related("person").first()
    expected = row.person.identity_number[-tracking.TAIL_LENGTH :] if row else "----"
    given = attempt.tail if len(attempt.tail) == tracking.TAIL_LENGTH else "****"
    matches = hmac.compare_digest(expected.encode(), given.encode())
    attempts = Attempts(PURPOSE, digest, address)
    if not attempts.wait():
        return None
    if row is not None and matches and not attempts.are_too_many():
        return row
    attempts.count_failure()
    return None


def _next_number() -> str:
    """Return the next number of an outside account: J and five digits."""
    used = Person.objects.filter(employee_number__regex=rf"^{OUTSIDE_PREFIX}\d{{5}}$")
    last = used.order_by("-employee_number").values_list("employee_number", flat=True).first()
    return f"{OUTSIDE_PREFIX}{max(FIRST_NUMBER, int((last or '00')[1:]) + 1):05d}"


@sensitive_variables("password")
def use(invitation: Invitation, password: str) -> User:
    """Make the account of who is invited; of two who use a code at once one gets it.

    Raises:
        ChangedMeanwhile: the code was used or revoked meanwhile.
    """
    for _attempt in range(5):
        try:
            return _use(invitation.pk, password)
        except IntegrityError:
            # Two accounts were given the same number at the same moment.
            continue
    raise ChangedMeanwhile(_("Many accounts are made at this moment. Please try again."))


@transaction.atomic
@sensitive_variables("password")
def _use(invitation_id: int, password: str) -> User:
    row = Invitation.objects.select_for_update().select_related(None).get(pk=invitation_id)
    if row.state != "open":
        raise ChangedMeanwhile(_("This code was used or revoked meanwhile."))
    person = Person.objects.select_for_update(of=("self",)).get(pk=row.person_id)
    if User.objects.filter(person=person).exists():
        raise ChangedMeanwhile(_("This person has an account already."))
    if not person.employee_number:
        person.employee_number = _next_number()
        person.save(update_fields=["employee_number"])
    user = User(username=person.employee_number, person=person)
    user.set_password(password)
    user.save()
    officer = row.created_by
    station = officer.person.unit if officer.person and officer.person.unit_id else None
    assign_role(person, ROLE, station or _root(), granted_by=officer)
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    log(person, "people.account_created", user=user)
    return User.objects.get(pk=user.pk)


def _root() -> Unit:
    found: Unit = Unit.get_root_nodes()[0]
    return found
