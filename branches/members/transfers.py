"""Transfers with a letter of introduction (组织关系介绍信): out, in, inside, called off."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.dates import in_words
from branches.members.register import (
    check_branch,
    check_group,
    current,
    enter,
    finish,
    locked,
    locked_unit,
    move,
    require_keeper,
    write_line,
)
from branches.models import (
    ChangeKind,
    End,
    MemberRule,
    MemberRuleCode,
    MemberTransfer,
    PartyMember,
    Start,
)
from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile, NotPossible


def _check_letter(values: dict[str, Any], today: datetime.date) -> None:
    if not values["letter_number"].strip():
        raise ValidationError({"letter_number": _("Please write the number of the letter.")})
    if values["letter_date"] > today:
        raise ValidationError({"letter_date": _("This day lies in the future.")})
    days = (values["valid_until"] - values["letter_date"]).days
    rule = MemberRule.objects.get(code=MemberRuleCode.LETTER)
    if not 0 <= days <= rule.number:
        raise ValidationError(
            {
                "valid_until": _("A letter is valid for %(count)d days at most.")
                % {"count": rule.number}
            }
        )


@transaction.atomic
def begin(member_id: int, values: dict[str, Any], user: User) -> MemberTransfer:
    """Send a member to another branch or to an outside organization, with a letter.

    Inside, the member stays until the other branch has received the letter; outside, the
    membership ends on the day of the letter.

    Args:
        values: to_branch or to_outside, letter_number, letter_date, valid_until.

    Raises:
        NotYours: the account does not keep the member's branch.
        NotPossible: a transfer is open already.
        ValidationError: a value is wrong, such as the same branch or a dissolved one.
    """
    member = locked(member_id)
    place = current(member)
    require_keeper(user, place.branch)
    today = timezone.localdate()
    branch, outside = values.get("to_branch"), values.get("to_outside", "").strip()
    if bool(branch) == bool(outside):
        raise ValidationError(
            {"to_branch": _("Please choose a branch, or write an organization outside.")}
        )
    if branch is not None:
        if branch == place.branch:
            raise ValidationError(
                {"to_branch": _("The member belongs to this branch. Please choose another one.")}
            )
        try:
            check_branch(branch, today)
        except ValidationError as error:
            raise ValidationError({"to_branch": error.messages}) from error
    _check_letter(values, today)
    if values["letter_date"] < place.valid_from:
        raise ValidationError(
            {
                "letter_date": _("The member belongs to this branch since %(day)s only.")
                % {"day": in_words(place.valid_from)}
            }
        )
    if member.transfers.filter(received_on__isnull=True, cancelled_on__isnull=True).exists():
        raise NotPossible(_("A transfer of this member is open already."))
    row = MemberTransfer.objects.create(
        member=member,
        from_branch=place.branch,
        to_branch=branch,
        to_outside=outside,
        letter_number=values["letter_number"].strip(),
        letter_date=values["letter_date"],
        valid_until=values["valid_until"],
        made_by=user,
    )
    words = f"转往{row.destination}，介绍信{row.letter_number}"
    write_line(member, ChangeKind.TRANSFER_BEGUN, row.letter_date, user, place.branch, words)
    if branch is None:
        finish(place, row.letter_date, End.TRANSFERRED_OUT)
        write_line(member, ChangeKind.ENDED, row.letter_date, user, place.branch, words)
    return row


def _open(transfer_id: int) -> tuple[MemberTransfer, PartyMember]:
    """Return an open transfer and its member, the branch it leads to locked first."""
    found = (
        MemberTransfer.objects.select_related("from_branch", "to_branch")
        .filter(pk=transfer_id)
        .first()
    )
    if found is None:
        raise ChangedMeanwhile(_("There is no such transfer."))
    unit = found.to_branch or found.from_branch
    if unit is not None:
        locked_unit(unit)
    member = locked(found.member_id)
    row = MemberTransfer.objects.select_related("from_branch", "to_branch").get(pk=transfer_id)
    if not row.is_open:
        raise ChangedMeanwhile(_("This transfer was received or called off already."))
    return row, member


@transaction.atomic
def receive(transfer_id: int, day: datetime.date, group: Any, user: User) -> None:
    """Receive a letter: the member belongs to the new branch from the day on.

    For a transfer outside the day is that of the reply (回执), which the old branch writes down.

    Raises:
        NotYours: the account does not keep the branch that receives.
        ChangedMeanwhile: it was received or called off already.
        NotPossible: the letter is out of date.
        ValidationError: the day is wrong.
    """
    row, member = _open(transfer_id)
    require_keeper(user, row.to_branch or row.from_branch)
    if day < row.letter_date or day > timezone.localdate():
        raise ValidationError(
            {
                "day": _("The day lies between %(day)s and today.")
                % {"day": in_words(row.letter_date)}
            }
        )
    if row.to_branch is not None:
        if day > row.valid_until:
            raise NotPossible(
                _("The letter was valid until %(day)s. Please ask for a new one.")
                % {"day": in_words(row.valid_until)}
            )
        check_branch(row.to_branch, day)
        check_group(row.to_branch, group, day)
        place = current(member)
        if day <= place.valid_from:
            raise ValidationError(
                {
                    "day": _("The member belongs to the old branch since %(day)s.")
                    % {"day": in_words(place.valid_from)}
                }
            )
        move(place, row.to_branch, group, day, Start.TRANSFERRED_IN, End.TRANSFERRED_OUT)
        words = f"由{row.origin}转入{row.destination}，介绍信{row.letter_number}"
        write_line(member, ChangeKind.MOVED, day, user, row.to_branch, words)
    MemberTransfer.objects.filter(pk=row.pk).update(received_on=day)


@transaction.atomic
def cancel(transfer_id: int, user: User) -> None:
    """Call a transfer off. Somebody who went outside belongs to the old branch again.

    Posts that ended with the letter stay ended: somebody else may hold them by now.

    Raises:
        NotYours: the account does not keep the old branch.
        ChangedMeanwhile: it was received or called off already.
        NotPossible: the member was entered elsewhere since, or the old branch ends.
    """
    row, member = _open(transfer_id)
    require_keeper(user, row.from_branch)
    if row.to_branch is None:
        _reopen(row, member)
    today = timezone.localdate()
    MemberTransfer.objects.filter(pk=row.pk).update(cancelled_on=today)
    words = f"介绍信{row.letter_number}作废"
    write_line(member, ChangeKind.TRANSFER_CANCELLED, today, user, row.from_branch, words)


def _reopen(row: MemberTransfer, member: PartyMember) -> None:
    last = member.memberships.select_related("branch").order_by("-valid_from", "-pk").first()
    is_left = last is not None and last.end == End.TRANSFERRED_OUT
    if last is None or not is_left or last.branch != row.from_branch:
        raise NotPossible(
            _("%(name)s was entered elsewhere since. Please write the reply down instead.")
            % {"name": member.person.name}
        )
    try:
        check_branch(last.branch, timezone.localdate())
    except ValidationError as error:
        raise NotPossible(error.messages[0]) from error
    last.valid_to, last.end = None, ""
    if last.group is not None and last.group.valid_to is not None:
        last.group = None
    last.save(update_fields=["valid_to", "end", "group"])


@transaction.atomic
def take_in(person: Person, values: dict[str, Any], user: User) -> PartyMember:
    """Take somebody in who comes from an outside organization with a letter.

    Args:
        values: those of `register.enter`, and from_outside, letter_number, letter_date,
            valid_until.

    Raises:
        NotYours, NotPossible, ValidationError: as `register.enter`; the letter is out of date.
    """
    _check_letter(values, timezone.localdate())
    if not values["from_outside"].strip():
        raise ValidationError({"from_outside": _("Please write where the member comes from.")})
    if not values["letter_date"] <= values["valid_from"] <= values["valid_until"]:
        raise ValidationError(
            {
                "valid_from": _("The letter is valid from %(first)s until %(last)s.")
                % {
                    "first": in_words(values["letter_date"]),
                    "last": in_words(values["valid_until"]),
                }
            }
        )
    member = enter(person, {**values, "start": Start.TRANSFERRED_IN}, user)
    row = MemberTransfer.objects.create(
        member=member,
        from_outside=values["from_outside"].strip(),
        to_branch=values["branch"],
        letter_number=values["letter_number"].strip(),
        letter_date=values["letter_date"],
        valid_until=values["valid_until"],
        received_on=values["valid_from"],
        made_by=user,
    )
    words = f"由{row.origin}转入{row.destination}，介绍信{row.letter_number}"
    write_line(
        member, ChangeKind.MOVED, row.received_on or row.letter_date, user, row.to_branch, words
    )
    return member
