"""Talks between members: written by one of the two or the secretary, seen by these three alone."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.members.reading import members_of
from branches.models import Membership, Talk, covers
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from portal.roles.permissions import assignments


def secretary_of(user: Any) -> list[int]:
    """Return the keys of the branches whose secretary the account is, not of those below."""
    return [
        row.unit_id
        for row in assignments(user)
        if row.role_code == "branch_secretary" and row.unit.kind == UnitKind.PARTY_BRANCH
    ]


def talks_seen(user: Any) -> QuerySet[Talk]:
    """Return the talks an account reads: its own, and those of the branch it is secretary of.

    Nobody else, whatever the role: not the department, not an auditor, not a superuser.
    """
    person = getattr(user, "person_id", None)
    if person is None or not getattr(user, "is_active", False):
        return Talk.objects.none()
    own = Q(talker=person) | Q(partner=person)
    return Talk.objects.filter(own | Q(branch__in=secretary_of(user)))


def own_branches(user: Any, day: datetime.date | None = None) -> list[Unit]:
    """Return the branches in which an account may write a talk: its own, or as secretary."""
    person = getattr(user, "person_id", None)
    if person is None:
        return []
    keys = set(secretary_of(user))
    today = day or timezone.localdate()
    keys |= set(
        Membership.objects.filter(covers(today), member=person).values_list("branch", flat=True)
    )
    return list(Unit.objects.filter(pk__in=keys).order_by("path"))


def write_talk(
    branch: Unit,
    user: User,
    *,
    kind: str,
    talker: Person,
    partner: Person,
    held_on: datetime.date,
    place: str,
    content: str,
) -> Talk:
    """Keep a talk.

    Raises:
        NotYours: the account is neither of the two nor secretary of the branch.
        NotPossible: both are one person, one of them is no member of the branch, a day ahead, or
            no words.
    """
    is_party = user.person_id is not None and user.person_id in (talker.pk, partner.pk)
    if not is_party and branch.pk not in secretary_of(user):
        raise NotYours(_("A talk is written down by one of the two or by the branch secretary."))
    if talker.pk == partner.pk:
        raise NotPossible(_("A talk has two people."))
    if held_on > timezone.localdate():
        raise NotPossible(_("The day lies ahead."))
    if not content.strip():
        raise NotPossible(_("Please write what was talked about."))
    members = set(members_of(branch, held_on).order_by().values_list("member_id", flat=True))
    if not {talker.pk, partner.pk} & members:
        raise NotPossible(_("Neither of the two was a member of this branch on that day."))
    made: Talk = Talk.objects.create(
        branch=branch,
        kind=kind,
        talker=talker,
        partner=partner,
        held_on=held_on,
        place=place.strip()[:100],
        content=content.strip(),
        written_by=user,
        written_at=timezone.now(),
    )
    return made


@transaction.atomic
def correct_talk(talk_id: int, user: User, version: int, *, place: str, content: str) -> Talk:
    """Correct the words of a talk; by whoever wrote it down.

    Raises:
        NotYours: somebody else wrote it down.
        ChangedMeanwhile: it was changed in another window.
        NotPossible: no words.
    """
    found = Talk.objects.select_for_update(of=("self",)).get(pk=talk_id)
    if found.written_by_id != user.pk:
        raise NotYours(_("A talk is corrected by whoever wrote it down."))
    if found.version != version:
        raise ChangedMeanwhile(_("This talk was changed in another window."))
    if not content.strip():
        raise NotPossible(_("Please write what was talked about."))
    found.place, found.content = place.strip()[:100], content.strip()
    found.version += 1
    found.save(update_fields=["place", "content", "version"])
    return found


def pairs_in(year: int, branches: QuerySet[Unit] | None = None) -> dict[int, int]:
    """Return how many pairs talked in a year, by branch, by one query; nothing else is told."""
    talks = Talk.objects.filter(held_on__year=year)
    if branches is not None:
        talks = talks.filter(branch__in=branches.values("pk"))
    pairs = (
        talks.order_by()
        .annotate(low=Least(F("talker"), F("partner")), high=Greatest(F("talker"), F("partner")))
        .values_list("branch", "low", "high")
        .distinct()
    )
    found: dict[int, int] = {}
    for branch, _low, _high in pairs:
        found[branch] = found.get(branch, 0) + 1
    return found
