"""Writes to people and accounts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.people.models import Person, User

if TYPE_CHECKING:
    from collections.abc import Iterable

# Read from paper and typed by hand: no letters and digits that look alike.
_CHARACTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


def one_time_password() -> str:
    """Return a random password of four groups of four characters (about 92 bits)."""
    groups: Iterable[str] = (
        "".join(secrets.choice(_CHARACTERS) for _character in range(_GROUP_LENGTH))
        for _group in range(_GROUPS)
    )
    return "-".join(groups)


@transaction.atomic
def create_account(person: Person, *, officer: User | None = None) -> tuple[User, str]:
    """Give a person an account with a one-time password.

    Returns:
        The account, and its password, which is stored nowhere in this form.

    Raises:
        ValidationError: the person has no employee number, or an account already.
    """
    from portal.roles.services import synchronize_user

    if not person.employee_number:
        raise ValidationError(_("%(person)s has no employee number yet.") % {"person": person})
    if User.objects.filter(person=person).exists():
        raise ValidationError(_("%(person)s already has an account.") % {"person": person})
    if User.objects.filter(username__iexact=person.employee_number).exists():
        raise ValidationError(
            _("The employee number %(number)s is in use by another account.")
            % {"number": person.employee_number}
        )
    password = one_time_password()
    user = User(username=person.employee_number, person=person, password_is_temporary=True)
    user.set_password(password)
    user.save()
    synchronize_user(user)
    log(person, "people.account_created", user=officer)
    return user, password


@transaction.atomic
def renew_password(user: User, *, officer: User | None = None) -> str:
    """Replace a forgotten password by a one-time password and end all sessions.

    Returns:
        The password, which is stored nowhere in this form.
    """
    password = one_time_password()
    user.set_password(password)
    user.password_is_temporary = True
    user.save(update_fields=["password", "password_is_temporary"])
    _end_sessions(user)
    log(user.person, "people.password_renewed", user=officer)
    return password


@transaction.atomic
def end_sessions(user: User, *, officer: User | None = None) -> int:
    """Sign an account out everywhere (强制下线); return in how many browsers."""
    count = _end_sessions(user)
    log(user.person, "people.sessions_ended", user=officer)
    return count


@transaction.atomic
def remove_second_factors(user: User, *, officer: User | None = None) -> None:
    """Remove all second factors of a person who lost them, and end all sessions."""
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    log(user.person, "people.second_factors_removed", user=officer)


@transaction.atomic
def set_active(user: User, active: bool, *, officer: User | None = None) -> None:
    """Disable or enable an account; a disabled one is signed out everywhere."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        _end_sessions(user)
    log(
        user.person,
        "people.account_enabled" if active else "people.account_disabled",
        user=officer,
    )


def _end_sessions(user: User) -> int:
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)
