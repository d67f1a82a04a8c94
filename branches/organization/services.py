"""Terms and posts: written by those who keep a branch, under the lock of its unit."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from branches.dates import ONE_DAY, in_words
from branches.members.permissions import may_keep, may_keep_all
from branches.members.reading import members_of
from branches.members.register import locked_unit
from branches.models import SHARED_POSTS, PartyMember, PartyPost, PartyTerm, PostKind, covers
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours

#: Who cannot be elected beside probationary members. Source: 党章第四十二条.
ELECTED_CLAUSE = (
    "党章第四十二条，《中国共产党基层组织选举工作条例》："
    "党员在留党察看期间没有表决权、选举权和被选举权"
)


def _overlaps(
    first: datetime.date, last: datetime.date | None, other_first: Any, other_last: Any
) -> bool:
    return (last is None or other_first <= last) and (other_last is None or first <= other_last)


@transaction.atomic
def write_term(unit: Unit, values: dict[str, Any], user: User) -> PartyTerm:
    """Write a new term down after an election.

    Args:
        values: elected_on, first_day, last_day.

    Raises:
        NotYours: the account does not keep the branch.
        ValidationError: days in the wrong order, or a term that overlaps another.
    """
    if not may_keep(user, unit):
        raise NotYours(_("Terms are written down by those who keep the branch."))
    unit = locked_unit(unit)
    row = PartyTerm(unit=unit, **values)
    row.full_clean(exclude={"unit"})
    if row.elected_on > timezone.localdate():
        raise ValidationError({"elected_on": _("This day lies in the future.")})
    if row.elected_on > row.first_day:
        raise ValidationError({"first_day": _("The term begins with the election or later.")})
    for other in unit.terms.all():
        if _overlaps(row.first_day, row.last_day, other.first_day, other.last_day):
            # An election before the end of a term ends it (提前换届).
            if other.first_day < row.first_day:
                # An extension that had been approved stays known with its number.
                other.last_day = row.first_day - ONE_DAY
                other.save()
                continue
            raise ValidationError(
                {
                    "first_day": _("There is a term from %(day)s.")
                    % {"day": in_words(other.first_day)}
                }
            )
    row.save()
    return row


@transaction.atomic
def extend_term(term_id: int, values: dict[str, Any], user: User) -> None:
    """Write down that an extension was approved.

    Args:
        values: extended_to, extension_document.

    Raises:
        NotYours: only the Party affairs department does.
        ValidationError: the extension is not later than the term, or has no document.
    """
    if not may_keep_all(user):
        raise NotYours(_("Extensions are written down by the Party affairs department."))
    row = PartyTerm.objects.select_for_update().filter(pk=term_id).first()
    if row is None:
        raise ChangedMeanwhile(_("There is no such term."))
    before = [str(row.extended_to or ""), row.extension_document]
    row.extended_to = values["extended_to"]
    row.extension_document = values["extension_document"].strip()
    row.full_clean()
    row.save()
    # A second approval takes the place of the first, which stays known.
    log(row, "branches.term_extended", user=user, data={"before": before})


@transaction.atomic
def give_post(unit: Unit, values: dict[str, Any], user: User) -> PartyPost:
    """Give somebody a post of a branch, or the lead of one of its groups.

    Args:
        unit: the branch or the group.
        values: person, kind, valid_from.

    Raises:
        NotYours: the account does not keep the branch.
        NotPossible: somebody has the post in that time, or the person has it already.
        ValidationError: the post does not belong there, or the person to the branch.
    """
    branch = branch_of(unit)
    if not may_keep(user, branch):
        raise NotYours(_("Posts are written down by those who keep the branch."))
    unit = locked_unit(unit)
    kind, person, since = values["kind"], values["person"], values["valid_from"]
    # Nobody is transferred or barred from posts while the post is given.
    PartyMember.objects.select_for_update().filter(pk=person.pk).first()
    if (kind == PostKind.GROUP_LEADER) != (unit.kind == UnitKind.PARTY_GROUP):
        raise ValidationError(
            {"kind": _("This post does not belong to “%(unit)s”.") % {"unit": unit.name}}
        )
    if since > timezone.localdate():
        raise ValidationError({"valid_from": _("This day lies in the future.")})
    if not unit.is_valid_on(since):
        raise NotPossible(_("“%(unit)s” does not exist on this day.") % {"unit": unit.name})
    belongs = members_of(branch, since).filter(member_id=person.pk).first()
    if belongs is None:
        raise ValidationError(
            {
                "person": _("%(name)s did not belong to the branch on this day.")
                % {"name": person.name}
            }
        )
    if not belongs.member.is_full_on(since) and kind != PostKind.GROUP_LEADER:
        raise ValidationError({"person": _("A probationary member cannot be elected.")})
    if belongs.member.voting_bars.filter(covers(since)).exists():
        raise ValidationError(
            {
                "person": _("%(name)s cannot be elected on this day (%(clause)s).")
                % {"name": person.name, "clause": ELECTED_CLAUSE}
            }
        )
    _refuse_overlap(unit, person, kind, since)
    return PartyPost.objects.create(unit=unit, person=person, kind=kind, valid_from=since)


def _refuse_overlap(unit: Unit, person: Person, kind: str, since: datetime.date) -> None:
    for other in PartyPost.objects.filter(unit=unit, kind=kind).select_related("person"):
        if not _overlaps(since, None, other.valid_from, other.valid_to):
            continue
        if other.person_id == person.pk:
            raise NotPossible(_("%(name)s has this post already.") % {"name": person.name})
        if kind not in SHARED_POSTS:
            raise NotPossible(
                _("%(name)s has this post from %(day)s. Please end it first.")
                % {"name": other.person.name, "day": in_words(other.valid_from)}
            )


@transaction.atomic
def end_post(post_id: int, day: datetime.date, user: User) -> None:
    """End a post; the day is the last one in it.

    Raises:
        NotYours: the account does not keep the branch.
        ChangedMeanwhile: it has ended already.
        ValidationError: the day lies before its beginning, or in the future.
    """
    row = PartyPost.objects.select_for_update(of=("self",)).filter(pk=post_id).first()
    if row is None or row.valid_to is not None:
        raise ChangedMeanwhile(_("This post has ended already."))
    if not may_keep(user, branch_of(row.unit)):
        raise NotYours(_("Posts are written down by those who keep the branch."))
    if day < row.valid_from:
        raise ValidationError({"day": _("The end lies before the beginning.")})
    if day > timezone.localdate():
        raise ValidationError({"day": _("This day lies in the future.")})
    row.valid_to = day
    row.save(update_fields=["valid_to"])


def branch_of(unit: Unit) -> Unit:
    """Return the branch of a group, or the unit itself."""
    if unit.kind != UnitKind.PARTY_GROUP:
        return unit
    parent: Unit = Unit.objects.get(path=unit.path[: -Unit.steplen])
    return parent
