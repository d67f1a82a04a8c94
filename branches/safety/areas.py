"""Responsibility areas: opened, handed over, assessed each month, closed."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.dates import ONE_DAY
from branches.members.permissions import may_keep
from branches.members.reading import members_of
from branches.models import AreaHolder, AreaMonth, ResponsibilityArea
from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile, NotYours


def require_keeper(user: User, branch: Unit) -> None:
    """Refuse an account that does not keep the safety work of a branch.

    Raises:
        NotYours: it does not.
    """
    if not may_keep(user, branch):
        raise NotYours(_("The safety work of a branch is written down by those who keep it."))


def require_members(branch: Unit, people: Collection[Person], day: datetime.date) -> None:
    """Refuse people who do not belong to a branch on a day.

    Raises:
        ValidationError: next to the field `people`, with their names.
    """
    inside = set(members_of(branch, day).order_by().values_list("member_id", flat=True))
    outside = [one.name for one in people if one.pk not in inside]
    if outside:
        raise ValidationError(
            {
                "people": _("%(names)s did not belong to the branch on this day.")
                % {"names": "、".join(outside)}
            }
        )


def _locked(area_id: int, user: User) -> ResponsibilityArea:
    found = (
        ResponsibilityArea.objects.select_for_update(of=("self",))
        .select_related("branch")
        .filter(pk=area_id)
        .first()
    )
    if found is None:
        raise ChangedMeanwhile(_("There is no such area."))
    require_keeper(user, found.branch)
    if found.valid_to is not None:
        raise ChangedMeanwhile(_("This area was closed already."))
    return found


@transaction.atomic
def open_area(branch: Unit, values: dict[str, Any], user: User) -> ResponsibilityArea:
    """Open an area with those who answer for it.

    Args:
        values: name, kind, duties, valid_from, people.

    Raises:
        NotYours: the account does not keep the branch.
        ValidationError: a day ahead, somebody from elsewhere, or a name that is taken.
    """
    require_keeper(user, branch)
    people = list(values["people"])
    since = values["valid_from"]
    if since > timezone.localdate():
        raise ValidationError({"valid_from": _("This day lies in the future.")})
    require_members(branch, people, since)
    name = values["name"].strip()
    if ResponsibilityArea.objects.filter(branch=branch, name=name, valid_to=None).exists():
        raise ValidationError({"name": _("There is an area of this name.")})
    area = ResponsibilityArea.objects.create(
        branch=branch, name=name, kind=values["kind"], duties=values["duties"], valid_from=since
    )
    AreaHolder.objects.bulk_create(
        [AreaHolder(area=area, person=person, valid_from=since) for person in people]
    )
    return area


@transaction.atomic
def hand_over(area_id: int, values: dict[str, Any], user: User) -> None:
    """Say who answers for an area from a day on; those who are not named end the day before.

    Args:
        values: people, day.

    Raises:
        NotYours: the account does not keep the branch.
        ChangedMeanwhile: the area was closed.
        ValidationError: the day is ahead or before an earlier change, or somebody from elsewhere.
    """
    area = _locked(area_id, user)
    people, day = list(values["people"]), values["day"]
    if day > timezone.localdate():
        raise ValidationError({"day": _("This day lies in the future.")})
    require_members(area.branch, people, day)
    wanted = {one.pk for one in people}
    held = {row.person_id: row for row in area.holders.filter(valid_to=None)}
    if any(row.valid_from >= day for key, row in held.items() if key not in wanted):
        raise ValidationError({"day": _("Somebody took the area over on this day or later.")})
    for key, row in held.items():
        if key not in wanted:
            row.valid_to = day - ONE_DAY
            row.save(update_fields=["valid_to"])
    AreaHolder.objects.bulk_create(
        [
            AreaHolder(area=area, person=person, valid_from=day)
            for person in people
            if person.pk not in held
        ]
    )


@transaction.atomic
def close_area(area_id: int, day: datetime.date, user: User) -> None:
    """Close an area; the day is its last one.

    Raises:
        NotYours: the account does not keep the branch.
        ChangedMeanwhile: it was closed already.
        ValidationError: the day is ahead, or before it was opened or handed over.
    """
    area = _locked(area_id, user)
    if day > timezone.localdate():
        raise ValidationError({"day": _("This day lies in the future.")})
    starts = [area.valid_from, *area.holders.values_list("valid_from", flat=True)]
    if day < max(starts):
        raise ValidationError({"day": _("The end lies before the beginning.")})
    area.valid_to = day
    area.save(update_fields=["valid_to"])
    area.holders.filter(valid_to=None).update(valid_to=day)


@transaction.atomic
def assess(area_id: int, values: dict[str, Any], user: User) -> AreaMonth:
    """Write the assessment of a month; a second one takes the place of the first.

    Args:
        values: year, month, grade, remark.

    Raises:
        NotYours: the account does not keep the branch.
        ChangedMeanwhile: the area was closed.
        ValidationError: the month has not come, or lies before the area.
    """
    area = _locked(area_id, user)
    first = datetime.date(values["year"], values["month"], 1)
    if first > timezone.localdate():
        raise ValidationError({"month": _("This month has not come yet.")})
    if first < area.valid_from.replace(day=1):
        raise ValidationError({"month": _("The area was not there in this month.")})
    row, _created = AreaMonth.objects.update_or_create(
        area=area,
        year=first.year,
        month=first.month,
        defaults={
            "grade": values["grade"],
            "remark": values["remark"],
            "written_by": user,
            "written_at": timezone.now(),
        },
    )
    return row
