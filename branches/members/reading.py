"""Who belongs to a branch on a day, who has a vote, who leads it, and its groups."""

from __future__ import annotations

import datetime

from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.utils import timezone

from branches.models import (
    COMMITTEE_POSTS,
    Membership,
    PartyPost,
    PostKind,
    VotingBar,
    covers,
)
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person

#: Who has no vote. Source: 党章第七条（预备党员）、第四十二条（留党察看）.
VOTE_CLAUSE = (
    "党章第七条、第四十二条，《中国共产党基层组织选举工作条例》："
    "预备党员没有表决权，受留党察看处分的党员在处分期间没有表决权"
)


def members_of(branch: Unit, day: datetime.date | None = None) -> QuerySet[Membership]:
    """Return who belongs to a branch on a day (today by default), in the order of a roster.

    The groups one after the other, those without a group first, by name inside. Each row has
    `member.person` joined; full membership is asked with `row.member.is_full_on(day)`.
    """
    return (
        Membership.objects.filter(covers(day or timezone.localdate()), branch=branch)
        .select_related("member__person", "group")
        .order_by(F("group__path").asc(nulls_first=True), "member__person__name", "member_id")
    )


def members_of_group(group: Unit, day: datetime.date | None = None) -> QuerySet[Membership]:
    """Return who belongs to a Party group on a day, by name."""
    return (
        Membership.objects.filter(covers(day or timezone.localdate()), group=group)
        .select_related("member__person", "group")
        .order_by("member__person__name", "member_id")
    )


def voters_of(branch: Unit, day: datetime.date | None = None) -> QuerySet[Membership]:
    """Return the members of a branch who have a vote on a day (`VOTE_CLAUSE`)."""
    day = day or timezone.localdate()
    bars = VotingBar.objects.filter(covers(day), member=OuterRef("member"))
    return members_of(branch, day).filter(~Exists(bars), member__confirmed_on__lte=day)


def posts_of(unit: Unit, day: datetime.date | None = None) -> QuerySet[PartyPost]:
    """Return the posts of an organization that somebody holds on a day, in their usual order."""
    return (
        PartyPost.objects.filter(covers(day or timezone.localdate()), unit=unit)
        .select_related("person")
        .annotate(place=_PLACE)
        .order_by("place", "valid_from", "pk")
    )


def committee_of(branch: Unit, day: datetime.date | None = None) -> QuerySet[PartyPost]:
    """Return the posts of the committee on a day; one person may hold two.

    A branch without a committee has its secretary here, and a deputy.
    """
    return posts_of(branch, day).filter(kind__in=COMMITTEE_POSTS)


def committee_people(branch: Unit, day: datetime.date | None = None) -> list[Person]:
    """Return the people of the committee on a day, each once, the secretary first."""
    return list({post.person_id: post.person for post in committee_of(branch, day)}.values())


def groups_of(branch: Unit, day: datetime.date | None = None) -> QuerySet[Unit]:
    """Return the Party groups of a branch on a day, in the order of the tree."""
    groups: QuerySet[Unit] = (
        Unit.objects.filter(kind=UnitKind.PARTY_GROUP, path__startswith=branch.path)
        .valid_on(day)
        .order_by("path")
    )
    return groups


_PLACE = Case(
    *(When(kind=kind, then=Value(place)) for place, kind in enumerate(PostKind.values)),
    output_field=IntegerField(),
)
