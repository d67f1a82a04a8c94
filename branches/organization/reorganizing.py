"""A branch as a whole is merged into another, split, or dissolved. History is kept.

`plan` says what will happen; `carry_out` does exactly that, in one transaction.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.dates import ONE_DAY, in_words
from branches.members.permissions import may_keep_all
from branches.members.reading import groups_of
from branches.members.register import end_posts, move, write_line
from branches.models import (
    Activity,
    ChangeKind,
    End,
    Membership,
    MemberTransfer,
    PartyMember,
    PartyPost,
    PartyTerm,
    Reorganization,
    ReorganizationKind,
    Start,
)
from branches.models.activities import NOT_HELD
from portal.organizations.models import Unit, UnitKind
from portal.organizations.services import create_unit
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours


@dataclass(frozen=True)
class Plan:
    """What will happen to a branch.

    Attributes:
        kind: merged, split or dissolved.
        day: the first day on which it is different.
        into: the other branch; None for a new one that is made, and for a dissolved branch.
        moving: the memberships that go to the other branch.
        posts: how many posts end.
        groups: groups that end.
    """

    branch: Unit
    kind: str
    day: datetime.date
    into: Unit | None = None
    moving: list[Membership] = field(default_factory=list)
    posts: int = 0
    groups: list[Unit] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """What will happen, to be read before it does."""
        before = self.day - ONE_DAY
        found = []
        if self.kind != ReorganizationKind.SPLIT:
            found.append(
                _("“%(branch)s” exists until %(day)s.")
                % {"branch": self.branch.name, "day": in_words(before)}
            )
        if self.moving:
            found.append(
                ngettext(
                    "%(count)d member moves to the other branch on %(day)s.",
                    "%(count)d members move to the other branch on %(day)s.",
                    len(self.moving),
                )
                % {"count": len(self.moving), "day": in_words(self.day)}
            )
        if self.groups:
            names = "、".join(group.name for group in self.groups)
            found.append(_("These groups end: %(names)s.") % {"names": names})
        if self.posts:
            found.append(
                ngettext(
                    "%(count)d post ends on %(day)s.", "%(count)d posts end on %(day)s.", self.posts
                )
                % {"count": self.posts, "day": in_words(before)}
            )
        if self.kind != ReorganizationKind.SPLIT:
            found.append(_("Roles in this branch stay until the security administrator ends them."))
        found.append(_("Who belonged where on which day stays known; records stay where they are."))
        return found


def plan(branch: Unit, values: dict[str, Any]) -> Plan:
    """Return what merging, splitting or dissolving a branch would do; nothing is written.

    Args:
        values: kind, day, into (merged), members (keys, split).

    Raises:
        ValidationError: a value is wrong, by field.
        NotPossible: the branch has ended, or transfers are open, or members are left over.
    """
    kind, day = values["kind"], values["day"]
    today = timezone.localdate()
    if branch.valid_to is not None:
        raise ChangedMeanwhile(
            _("“%(branch)s” exists until %(day)s. It was changed already.")
            % {"branch": branch.name, "day": in_words(branch.valid_to)}
        )
    if day > today + ONE_DAY or day <= branch.valid_from:
        raise ValidationError({"day": _("The change takes effect tomorrow at the latest.")})
    members = _members(branch)
    if kind == ReorganizationKind.DISSOLVED and members:
        raise NotPossible(
            ngettext(
                "%(count)d member belongs to the branch. Please transfer them first, or merge.",
                "%(count)d members belong to the branch. Please transfer them first, or merge.",
                len(members),
            )
            % {"count": len(members)}
        )
    latest = max((row.valid_from for row in members), default=branch.valid_from)
    if day <= latest and members:
        raise ValidationError(
            {
                "day": _("Somebody joined the branch on %(day)s. Please choose a later day.")
                % {"day": in_words(latest)}
            }
        )
    _refuse_open_transfers(branch)
    groups = list(groups_of(branch, today))
    if kind != ReorganizationKind.SPLIT:
        _refuse_too_early(branch, groups, day)
    within = PartyPost.objects.filter(unit__path__startswith=branch.path, valid_to__isnull=True)
    if kind == ReorganizationKind.MERGED:
        into = values.get("into")
        _check_target(branch, into, day)
        return Plan(branch, kind, day, into, members, within.count(), groups)
    if kind == ReorganizationKind.DISSOLVED:
        return Plan(branch, kind, day, None, [], within.count(), groups)
    chosen = {int(key) for key in values.get("members") or ()}
    moving = [row for row in members if row.member_id in chosen]
    if not moving or len(moving) == len(members):
        raise ValidationError({"members": _("Please choose some members, but not all.")})
    leaving = [row.member_id for row in moving]
    return Plan(branch, kind, day, None, moving, within.filter(person_id__in=leaving).count(), [])


def _members(branch: Unit) -> list[Membership]:
    """Return who belongs to a branch without an end, from tomorrow on included."""
    return list(
        Membership.objects.filter(branch=branch, valid_to__isnull=True)
        .select_related("member__person", "group")
        .order_by(F("group__path").asc(nulls_first=True), "member__person__name", "member_id")
    )


def _refuse_too_early(branch: Unit, groups: list[Unit], day: datetime.date) -> None:
    """Refuse a day before something that happened in the branch: it would have had no branch.

    Raises:
        ValidationError: for the field of the day.
    """
    places = branch.memberships.aggregate(begin=Max("valid_from"), end=Max("valid_to"))
    posts = PartyPost.objects.filter(unit__path__startswith=branch.path)
    held = Activity.objects.filter(branch=branch, held_on__lte=timezone.localdate())
    days = (
        *places.values(),
        posts.aggregate(last=Max("valid_from"))["last"],
        held.exclude(state__in=NOT_HELD).aggregate(last=Max("held_on"))["last"],
        *(group.valid_from for group in groups),
    )
    last = max((one for one in days if one is not None), default=branch.valid_from)
    if day <= last:
        raise ValidationError(
            {
                "day": _("On %(day)s members, posts or activities were in the branch still.")
                % {"day": in_words(last)}
            }
        )


def _check_target(branch: Unit, into: Unit | None, day: datetime.date) -> None:
    if into is None or into.kind != UnitKind.PARTY_BRANCH:
        raise ValidationError({"into": _("Please choose the other branch.")})
    if into.pk == branch.pk:
        raise ValidationError({"into": _("A unit cannot be merged into itself.")})
    if not into.is_valid_on(day) or into.valid_to is not None:
        raise ValidationError(
            {"into": _("“%(name)s” is no branch on this day.") % {"name": into.name}}
        )


def _refuse_open_transfers(branch: Unit) -> None:
    open_ones = MemberTransfer.objects.filter(received_on__isnull=True, cancelled_on__isnull=True)
    if open_ones.filter(to_branch=branch).exists() or open_ones.filter(from_branch=branch).exists():
        raise NotPossible(_("Transfers of this branch are open. Please finish them first."))


@transaction.atomic
def carry_out(branch: Unit, values: dict[str, Any], user: User) -> Reorganization:
    """Merge, split or dissolve a branch.

    Args:
        values: those of `plan`, document, and for a split name and code of the new branch.

    Raises:
        NotYours: only the Party affairs department does.
        ValidationError, NotPossible, ChangedMeanwhile: as `plan`.
    """
    if not may_keep_all(user):
        raise NotYours(_("Branches are changed by the Party affairs department."))
    # In the order of the tree, so that two who merge two branches into each other do not wait
    # for each other.
    wanted = {branch.pk} | ({values["into"].pk} if values.get("into") else set())
    units = Unit.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("path")
    rows = {row.pk: row for row in units}
    _lock_members(branch)
    branch = rows[branch.pk]
    if values.get("into"):
        values = {**values, "into": rows[values["into"].pk]}
    found = plan(branch, values)
    into = found.into
    if found.kind == ReorganizationKind.SPLIT:
        into = _new_branch(branch, values)
    if into is not None:
        _move_all(found, into, values["document"], user)
    if found.kind != ReorganizationKind.SPLIT:
        _close(branch, into, found)
    return Reorganization.objects.create(
        unit=branch,
        kind=found.kind,
        into=into,
        day=found.day,
        document=values["document"],
        moved=len(found.moving),
        made_by=user,
    )


def _lock_members(branch: Unit) -> None:
    """Let nobody else end or move a membership of the branch until this transaction is over."""
    here = Membership.objects.filter(branch=branch, valid_to__isnull=True).values("member")
    members = PartyMember.objects.select_for_update(of=("self",)).filter(pk__in=here)
    list(members.order_by("pk").values_list("pk", flat=True))


def _move_all(found: Plan, into: Unit, document: str, user: User) -> None:
    for row in found.moving:
        move(row, into, None, found.day, Start.REORGANIZED, End.REORGANIZED)
        words = f"{found.branch.name} → {into.name}，{document}"
        write_line(row.member, ChangeKind.MOVED, found.day, user, into, words)


def _new_branch(branch: Unit, values: dict[str, Any]) -> Unit:
    parent = Unit.objects.get(path=branch.path[: -Unit.steplen])
    try:
        return create_unit(
            parent=parent,
            name=values["name"],
            code=values["code"],
            kind=UnitKind.PARTY_BRANCH,
            valid_from=values["day"],
        )
    except ValidationError as error:
        known = {"name", "code"} & set(getattr(error, "error_dict", {}))
        if known:
            raise
        raise ValidationError({"name": error.messages}) from error


def _close(branch: Unit, into: Unit | None, found: Plan) -> None:
    last_day = found.day - ONE_DAY
    posts = PartyPost.objects.filter(unit__path__startswith=branch.path)
    end_posts(posts, last_day)
    for unit in (*found.groups, branch):
        Unit.objects.filter(pk=unit.pk).update(valid_to=last_day)
    if into is not None:
        Unit.objects.filter(pk=branch.pk).update(merged_into=into)
    running = PartyTerm.objects.filter(unit=branch, first_day__lte=last_day, last_day__gt=last_day)
    # An extension that had been approved stays known with its number.
    running.update(last_day=last_day)
