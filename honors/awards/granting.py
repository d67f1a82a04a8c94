"""Granting: what was decided becomes awards with numbers, all of them or none."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from honors.awards.numbers import next_numbers
from honors.awards.people import gender_and_age
from honors.models import Award, Organ, SubjectKind, Title
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person, User
from portal.refusals import NotPossible


@dataclass(frozen=True)
class Winner:
    """Somebody or something that was decided on.

    Attributes:
        name: of the person, post, team or organization, as the certificate shall say it.
        unit: to which the winner belongs.
        person: of a person the portal knows.
        position: of the person; the team of a post.
        gender, age, front_line: for statistics; of a known person the first two are read from
            the identity number where they are not given.
    """

    name: str
    unit: Unit
    person: Person | None = None
    position: str = ""
    gender: str = ""
    age: int | None = None
    front_line: bool | None = None


#: Called with what was granted, inside the transaction, so that others act on it.
_after: list[Callable[[list[Award]], object]] = []


def after_granting(call: Callable[[list[Award]], object]) -> None:
    """Add what shall happen whenever awards are granted, once, when the application is ready."""
    if call not in _after:
        _after.append(call)


def tell_granted(awards: list[Award]) -> None:
    """Let everybody act on awards that were granted just now."""
    for call in _after:
        call(awards)


def award_of(
    title: Title, year: int, winner: Winner, decision_number: str, decided_on: datetime.date
) -> Award:
    """Return the award of a winner, not saved, with what its certificate will say."""
    person = winner.person if title.subject_kind == SubjectKind.PERSON else None
    gender, age = gender_and_age(person, decided_on)
    return Award(
        title=title,
        title_name=title.name,
        year=year,
        subject_kind=title.subject_kind,
        subject_name=winner.name.strip(),
        position=winner.position.strip(),
        person=person,
        unit=winner.unit,
        unit_name=winner.unit.name,
        decision_number=decision_number.strip(),
        decided_on=decided_on,
        conferred_by=conferring_name(title),
        gender=winner.gender or gender,
        age=age if winner.age is None else winner.age,
        front_line=winner.front_line,
    )


def conferring_name(title: Title) -> str:
    """Return the full name of who confers a title, as the certificate says it.

    Without a name of its own a title of the Party carries that of the highest Party committee,
    and one of the union that of the enterprise's union.
    """
    if title.conferred_by:
        return title.conferred_by
    units = Unit.objects.order_by("path")
    if title.organ == Organ.PARTY:
        committee = units.filter(kind=UnitKind.PARTY_COMMITTEE).first()
        if committee is not None:
            return committee.name
    enterprise = units.first()
    name = enterprise.name if enterprise is not None else ""
    return f"{name}工会委员会" if title.organ == Organ.UNION else name


@transaction.atomic
def grant_awards(
    *,
    title: Title,
    year: int,
    winners: Iterable[Winner],
    decision_number: str,
    decided_on: datetime.date,
    by: User,
    round_pk: Any = None,
) -> list[Award]:
    """Grant a title to everybody a round decided on; the round itself had its two people.

    Args:
        round_pk: the round, where there is one; granting the same round again is refused by the
            awards that exist already.

    Raises:
        NotPossible: a winner has this title of this year already; nothing was granted.
    """
    found = list(winners)
    numbers = next_numbers(year, title.number_mark, len(found))
    now = timezone.now()
    awards = []
    for winner, number in zip(found, numbers, strict=True):
        award = award_of(title, year, winner, decision_number, decided_on)
        award.number, award.confirmed_by, award.confirmed_at = number, by, now
        awards.append(save_once(award))
    tell_granted(awards)
    return awards


def save_once(award: Award) -> Award:
    """Save a new award.

    Raises:
        NotPossible: the title of the year was given to the same subject already.
    """
    try:
        with transaction.atomic():
            award.save(force_insert=True)
    except IntegrityError as error:
        raise NotPossible(
            _(
                "%(name)s has the title %(title)s of %(year)d already, or the number of the"
                " certificate is taken."
            )
            % {"name": award.subject_name, "title": award.title_name, "year": award.year}
        ) from error
    return award
