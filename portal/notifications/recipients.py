"""Who is told, and where each of them can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.people.models import Person, User
from portal.personal_data.encryption import blind_index


@dataclass(frozen=True, repr=False)
class Recipient:
    """Somebody who is told something: an account, a person, or an address alone.

    Phone and e-mail, where given, are used instead of those of the person and the account.
    """

    user: User | None = None
    person: Person | None = None
    phone: str = ""
    email: str = ""

    def __repr__(self) -> str:
        return "Recipient()"  # addresses never stand in a log


@dataclass(frozen=True, repr=False)
class Reach:
    """A recipient with everything that is known about reaching him.

    Attributes:
        key: the same for the same human, whatever he was given as; holds nothing personal.
    """

    key: str
    user_id: int | None
    person_id: int | None
    phone: str
    email: str


def reaches(recipients: Iterable[Recipient]) -> list[Reach]:
    """Return the recipients with their accounts and addresses, each human once.

    One query at most, however many there are. An account that is closed gets nothing; its person
    is still told by phone, since families without an account are told in the same way.
    """
    given = list(recipients)
    wanted = {
        recipient.person.pk for recipient in given if recipient.user is None and recipient.person
    }
    accounts: dict[Any, User] = {}
    if wanted:
        accounts = {user.person_id: user for user in User.objects.filter(person_id__in=wanted)}
    found: dict[str, Reach] = {}
    for recipient in given:
        reach = _reach(recipient, accounts)
        if reach is not None:
            found.setdefault(reach.key, reach)
    return list(found.values())


def _reach(recipient: Recipient, accounts: dict[Any, User]) -> Reach | None:
    person, user = recipient.person, recipient.user
    if user is None and person is not None:
        user = accounts.get(person.pk)
    if person is None and user is not None:
        person = user.person
    if user is not None and not user.is_active:
        user = None
    phone = recipient.phone or (person.phone if person else "")
    email = recipient.email or (user.email if user else "")
    if person is not None:
        key = f"person:{person.pk}"
    elif user is not None:
        key = f"user:{user.pk}"
    elif phone or email:
        key = f"address:{blind_index(phone or email)}"
    else:
        return None
    return Reach(key, user.pk if user else None, person.pk if person else None, phone, email)
