"""What statistics of honors need of a person, read from the identity number on one day."""

from __future__ import annotations

import datetime

from honors.models import Gender
from portal.people.models import Person

_BIRTH = slice(6, 14)
_ORDER = 16
_LENGTH = 18


def gender_and_age(person: Person | None, day: datetime.date) -> tuple[str, int | None]:
    """Return gender and full years on a day; nothing where the number is not known.

    Source: GB 11643, digits 7 to 14 are the day of birth, the 17th is odd for men.
    """
    number = person.identity_number if person is not None else ""
    if len(number) != _LENGTH:
        return "", None
    try:
        born = datetime.datetime.strptime(number[_BIRTH], "%Y%m%d").date()
    except ValueError:
        return "", None
    gender = Gender.MALE if int(number[_ORDER]) % 2 else Gender.FEMALE
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return gender.value, age if age >= 0 else None
