"""The roster: entering, confirming, moving between groups, ending, and times without a vote.

Every verb locks the member, reads again what it decides by, and writes a line of history.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from branches.dates import ONE_DAY, in_words
from branches.members.permissions import may_keep
from branches.members.probation import ends_on, probation_rule
from branches.models import (
    ChangeKind,
    End,
    Membership,
    PartyMember,
    PartyPost,
    Start,
    StatusChange,
)
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from portal.workdays.periods import months_later

#: How long somebody is a probationary member. Source: 党章第七条（预备党员的预备期为一年）.


def require_keeper(user: User, branch: Unit | None) -> None:
    """Refuse an account that does not keep the branch.

    Raises:
        NotYours: it does not.
    """
    if not may_keep(user, branch):
        raise NotYours(
            _("The roster is kept by the secretary and the organization member of the branch.")
        )


def write_line(
    member: PartyMember,
    kind: str,
    day: datetime.date,
    user: User | None,
    branch: Unit | None,
    words: str = "",
) -> None:
    """Add a line to the history of a member."""
    StatusChange.objects.create(
        member=member, kind=kind, day=day, branch=branch, words=words[:200], made_by=user
    )


def locked(member_id: int) -> PartyMember:
    """Return a member whose row nobody else changes in this transaction.

    Raises:
        ChangedMeanwhile: there is no such member.
    """
    found = (
        PartyMember.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=member_id)
        .first()
    )
    if found is None:
        raise ChangedMeanwhile(_("This member is not in the register."))
    return found


def current(member: PartyMember) -> Membership:
    """Return to which branch a member belongs now.

    Raises:
        ChangedMeanwhile: to none any more.
    """
    found = (
        member.memberships.filter(valid_to__isnull=True).select_related("branch", "group").first()
    )
    if found is None:
        raise ChangedMeanwhile(_("This member does not belong to a branch any more."))
    return found


def check_branch(branch: Unit, day: datetime.date) -> None:
    """Refuse what is no branch on that day, or has a last day already.

    Whoever belongs to a branch from a day on belongs to it without an end.

    Raises:
        ValidationError: for the field of the branch.
    """
    if branch.kind == UnitKind.PARTY_BRANCH and branch.valid_to is not None:
        raise ValidationError(
            {
                "branch": _("“%(name)s” exists until %(day)s and takes nobody in any more.")
                % {"name": branch.name, "day": in_words(branch.valid_to)}
            }
        )
    if branch.kind != UnitKind.PARTY_BRANCH or not branch.is_valid_on(day):
        raise ValidationError(
            {"branch": _("“%(name)s” is no branch on this day.") % {"name": branch.name}}
        )


def locked_unit(unit: Unit) -> Unit:
    """Return a unit as it is, neither changed, merged nor dissolved while this transaction runs.

    A unit is locked before its members, everywhere, so that two do not wait for each other. Rows
    that only point to it may still be written (no_key).
    """
    found: Unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    return found


def check_group(branch: Unit, group: Unit | None, day: datetime.date) -> None:
    """Refuse a group of another branch, or one that is dissolved.

    Raises:
        ValidationError: for the field of the group.
    """
    if group is None:
        return
    fits = group.kind == UnitKind.PARTY_GROUP and branch.contains(group)
    if not fits or not group.is_valid_on(day) or group.valid_to is not None:
        raise ValidationError(
            {"group": _("“%(name)s” is no group of this branch.") % {"name": group.name}}
        )


def check_days(values: dict[str, Any], today: datetime.date) -> None:
    """Refuse days that cannot be.

    Raises:
        ValidationError: for the field.
    """
    joined, confirmed = values["joined_on"], values.get("confirmed_on")
    extended = values.get("probation_until")
    if joined > today:
        raise ValidationError({"joined_on": _("This day lies in the future.")})
    if confirmed and confirmed < joined:
        raise ValidationError({"confirmed_on": _("This day lies before the joining.")})
    if confirmed and confirmed > today:
        raise ValidationError({"confirmed_on": _("This day lies in the future.")})
    rule = probation_rule()
    usual = months_later(joined, rule.number)
    if extended and extended < usual:
        raise ValidationError(
            {
                "probation_until": _("The probation runs until %(day)s (%(clause)s).")
                % {"day": in_words(usual), "clause": rule.clause}
            }
        )


@transaction.atomic
def enter(person: Person, values: dict[str, Any], user: User) -> PartyMember:
    """Take a person into the roster of a branch.

    Args:
        values: branch, group, joined_on, confirmed_on, valid_from, start.

    Raises:
        NotYours: the account does not keep the branch.
        NotPossible: the person belongs to a branch already, or is on the way elsewhere.
        ValidationError: a value is wrong, by field.
    """
    branch, group, since = values["branch"], values.get("group"), values["valid_from"]
    require_keeper(user, branch)
    today = timezone.localdate()
    check_days(values, today)
    branch = locked_unit(branch)
    check_branch(branch, since)
    check_group(branch, group, since)
    if since < values["joined_on"]:
        raise ValidationError({"valid_from": _("This day lies before the joining.")})
    if since > today:
        raise ValidationError({"valid_from": _("This day lies in the future.")})
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    member, created = PartyMember.objects.get_or_create(
        person=person,
        defaults={"joined_on": values["joined_on"], "confirmed_on": values.get("confirmed_on")},
    )
    if not created:
        _refuse_second(member, since)
        _come_back(member, values, user)
    start = values.get("start") or Start.REGISTERED
    Membership.objects.create(
        member=member, branch=branch, group=group, valid_from=since, start=start
    )
    with override("zh-hans"):
        words = f"{branch.name}，{Start(start).label}"
    write_line(member, ChangeKind.REGISTERED, since, user, branch, words)
    return member


def _come_back(member: PartyMember, values: dict[str, Any], user: User) -> None:
    """Take over the days of somebody who was in the register; what stood there is not lost."""
    old = _days(member)
    if member.joined_on != values["joined_on"]:
        member.probation_until = None
    member.joined_on = values["joined_on"]
    member.confirmed_on = values.get("confirmed_on")
    if old == _days(member):
        return
    member.save(update_fields=["joined_on", "confirmed_on", "probation_until"])
    words = _difference(old, member) + "；重新登记"
    write_line(member, ChangeKind.CORRECTED, timezone.localdate(), user, values["branch"], words)


def _days(member: PartyMember) -> tuple[datetime.date | None, ...]:
    return (member.joined_on, member.confirmed_on, member.probation_until)


def _has_open_transfer(member: PartyMember) -> bool:
    return member.transfers.filter(received_on__isnull=True, cancelled_on__isnull=True).exists()


def _refuse_second(member: PartyMember, since: datetime.date) -> None:
    last = member.memberships.select_related("branch").order_by("-valid_from").first()
    if last is None:
        return
    if last.valid_to is None:
        raise NotPossible(
            _("%(name)s belongs to “%(branch)s”. Please transfer, not enter again.")
            % {"name": member.person.name, "branch": last.branch.name}
        )
    if _has_open_transfer(member):
        raise NotPossible(
            _("A letter of %(name)s is on its way. Please write the reply down or call it off.")
            % {"name": member.person.name}
        )
    if last.valid_to >= since:
        raise ValidationError(
            {
                "valid_from": _("Until %(day)s this member belonged to “%(branch)s”.")
                % {"day": in_words(last.valid_to), "branch": last.branch.name}
            }
        )


@transaction.atomic
def confirm(member_id: int, day: datetime.date, user: User) -> None:
    """Make a probationary member a full one from a day on (转正).

    Raises:
        NotYours, ChangedMeanwhile: as the other verbs.
        ValidationError: the day lies before the end of the probation, or in the future.
    """
    member = locked(member_id)
    place = current(member)
    require_keeper(user, place.branch)
    if member.confirmed_on is not None:
        raise ChangedMeanwhile(_("This member is a full member already."))
    if day > timezone.localdate():
        raise ValidationError({"day": _("This day lies in the future.")})
    rule = probation_rule()
    ends = ends_on(member, rule.number)
    if day < ends:
        raise ValidationError(
            {
                "day": _("The probation runs until %(day)s (%(clause)s).")
                % {"day": in_words(ends), "clause": rule.clause}
            }
        )
    member.confirmed_on = day
    member.save(update_fields=["confirmed_on"])
    write_line(member, ChangeKind.CONFIRMED, day, user, place.branch)


@transaction.atomic
def correct(member_id: int, values: dict[str, Any], user: User) -> None:
    """Correct the days of joining and confirming, with a reason that stays in the history.

    Raises:
        NotYours, ChangedMeanwhile: as the other verbs.
        ValidationError: a day is wrong.
    """
    member = locked(member_id)
    place = current(member)
    require_keeper(user, place.branch)
    check_days(values, timezone.localdate())
    old = _days(member)
    member.joined_on = values["joined_on"]
    member.confirmed_on = values["confirmed_on"]
    member.probation_until = values.get("probation_until")
    if old == _days(member):
        return
    member.save(update_fields=["joined_on", "confirmed_on", "probation_until"])
    words = _difference(old, member) + f"；{values['reason']}"
    write_line(member, ChangeKind.CORRECTED, timezone.localdate(), user, place.branch, words)


def _difference(old: tuple[Any, ...], member: PartyMember) -> str:
    names = ("入党日期", "转正日期", "预备期延长至")
    return "，".join(
        f"{name}由{before or '空'}改为{after or '空'}"
        for name, before, after in zip(names, old, _days(member), strict=True)
        if before != after
    )


@transaction.atomic
def regroup(member_id: int, group: Unit | None, day: datetime.date, user: User) -> None:
    """Put a member into another group of the branch from a day on; the old one stays known.

    Raises:
        NotYours, ChangedMeanwhile: as the other verbs.
        NotPossible: the member is in that group.
        ValidationError: a value is wrong.
    """
    member = locked(member_id)
    place = current(member)
    require_keeper(user, place.branch)
    check_group(place.branch, group, day)
    if group == place.group:
        raise NotPossible(_("The member is in this group already."))
    if day < place.valid_from or day > timezone.localdate():
        raise ValidationError(
            {
                "day": _("The day lies between %(day)s and today.")
                % {"day": in_words(place.valid_from)}
            }
        )
    move(place, place.branch, group, day, Start.REGROUPED, End.REGROUPED)
    words = f"{place.group.name if place.group else '未编组'} → {group.name if group else '未编组'}"
    write_line(member, ChangeKind.REGROUPED, day, user, place.branch, words)


def move(
    place: Membership,
    branch: Unit,
    group: Unit | None,
    day: datetime.date,
    start: str,
    end: str,
) -> None:
    """Let a membership end the day before and another begin, inside the caller's transaction.

    A membership that begins on the same day is changed in place: it never had a day of its own.

    Raises:
        ChangedMeanwhile: the membership has ended.
    """
    if place.valid_from == day:
        _change_running(place, branch=branch, group=group)
    else:
        _change_running(place, valid_to=day - ONE_DAY, end=end)
        Membership.objects.create(
            member_id=place.member_id, branch=branch, group=group, valid_from=day, start=start
        )
    if branch != place.branch or group != place.group:
        keep = [] if group is None else [group.pk]
        left = PartyPost.objects.filter(
            person_id=place.member_id, unit__path__startswith=place.branch.path
        )
        if branch == place.branch:
            left = left.filter(unit__kind=UnitKind.PARTY_GROUP).exclude(unit__in=keep)
        end_posts(left, day - ONE_DAY)


def _change_running(place: Membership, **values: Any) -> None:
    running = Membership.objects.filter(pk=place.pk, valid_to__isnull=True)
    if not running.update(**values):
        raise ChangedMeanwhile(_("This membership has ended meanwhile. Please look again."))


def end_posts(posts: QuerySet[PartyPost], last_day: datetime.date) -> int:
    """Let posts that run end on a day; one that begins later is taken back on its first day."""
    count = 0
    for post in posts.filter(valid_to__isnull=True):
        post.valid_to = max(last_day, post.valid_from)
        post.save(update_fields=["valid_to"])
        count += 1
    return count


#: What ends a membership by a decision of the branch; a transfer has its own page.
ENDS = (End.DIED, End.LEFT, End.REMOVED, End.EXPELLED, End.NOT_CONFIRMED)


@transaction.atomic
def end(member_id: int, day: datetime.date, reason: str, user: User) -> None:
    """End a membership with its reason; posts end with it. Nothing is deleted.

    Raises:
        NotYours, ChangedMeanwhile: as the other verbs.
        NotPossible: a transfer is open.
        ValidationError: a value is wrong.
    """
    member = locked(member_id)
    place = current(member)
    require_keeper(user, place.branch)
    if reason not in ENDS:
        raise ValidationError({"reason": _("Please choose a reason.")})
    if reason == End.NOT_CONFIRMED and member.confirmed_on:
        raise ValidationError({"reason": _("This member is a full member already.")})
    if day < place.valid_from or day > timezone.localdate():
        raise ValidationError(
            {
                "day": _("The day lies between %(day)s and today.")
                % {"day": in_words(place.valid_from)}
            }
        )
    if _has_open_transfer(member):
        raise NotPossible(_("A transfer is open. Please call it off first."))
    finish(place, day, reason)
    with override("zh-hans"):
        words = str(End(reason).label)
    write_line(member, ChangeKind.ENDED, day, user, place.branch, words)


def finish(place: Membership, day: datetime.date, reason: str) -> None:
    """Let a membership and the posts in its branch end, inside the caller's transaction.

    Raises:
        ChangedMeanwhile: the membership has ended.
    """
    _change_running(place, valid_to=day, end=reason)
    end_posts(_posts_in(place), day)


def _posts_in(place: Membership) -> QuerySet[PartyPost]:
    return PartyPost.objects.filter(
        person_id=place.member_id, unit__path__startswith=place.branch.path
    )
