"""People and accounts for tests. All names are invented; no number belongs to anybody."""

from __future__ import annotations

import itertools

from portal.organizations.models import Unit
from portal.people.models import Person, User
from tests.factories.organizations import company
from tests.factories.roles import make_assignment

PASSWORD = "Coal-Lamp-2026"
NAMES = ("梁启岳", "沈维钧", "杜文渊", "林晓岚", "秦伯安", "何静", "周立本", "许文竹", "田小禾")
# A region code that is not issued to people, with right check digits (domain facts, 5.6).
IDENTITY_NUMBERS = (
    "140000198503120010",
    "140000197208010025",
    "140000199901010030",
    "140000200002290054",
    "140000195307270069",
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_numbers = itertools.count(1)


def identity_number(born: str, serial: int) -> str:
    """Return an invented number with the unissued region code and a right check character.

    Args:
        born: such as 20150312.
        serial: 1 to 999; odd for a man, even for a woman.
    """
    digits = f"140000{born}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def make_person(
    name: str = "",
    employee_number: str | None = "",
    unit: Unit | None = None,
    *,
    position: str = "",
    phone: str = "",
    identity_number: str = "",
) -> Person:
    """Create a person.

    Args:
        name: by default one of the invented names.
        employee_number: a new one by default; None for a person without one.
        unit: the topmost unit by default.
        position: title of the post.
        phone: by default 139000000xx; the last two digits repeat after a hundred people.
        identity_number: none by default; use one of `IDENTITY_NUMBERS`.
    """
    number = next(_numbers)
    return Person.objects.create(
        name=name or NAMES[number % len(NAMES)],
        employee_number=f"T{number:06d}" if employee_number == "" else employee_number,
        unit=unit or company(),
        position=position,
        phone=phone or f"139000000{number % 100:02d}",
        identity_number=identity_number,
    )


def make_user(
    *role_codes: str,
    unit: Unit | None = None,
    person: Person | None = None,
    name: str = "",
    username: str = "",
    password: str | None = PASSWORD,
    is_superuser: bool = False,
) -> User:
    """Create a person with an account and roles in a unit, groups brought in line.

    Args:
        role_codes: codes of the role table; each is assigned without an end, from today.
        unit: where the roles count and the person works; the topmost unit by default.
        person: an existing person without an account.
        name: of the new person.
        username: the employee number, by default the person's.
        password: `PASSWORD` by default; None for an account that cannot sign in by password.
        is_superuser: for the tests that show that even a superuser does not decide alone.
    """
    unit = unit or company()
    person = person or make_person(name, username, unit)
    user = User.objects.create_user(
        username=username or person.employee_number or f"X{next(_numbers):06d}",
        password=password,
        person=person,
        is_superuser=is_superuser,
    )
    for code in role_codes:
        make_assignment(person, code, unit)
    # Groups and cached permissions were derived above; tests get a fresh account.
    return User.objects.get(pk=user.pk)
