"""Safety pledges: issued to many at once, signed by account or on paper, assessed at the end."""

from __future__ import annotations

import datetime
import hmac
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import SafetyPledge
from branches.safety.areas import require_keeper, require_members
from portal.files.models import StoredFile
from portal.files.owners import register_owner
from portal.files.services import claim, files_of, receive
from portal.notifications.messages import register_message
from portal.notifications.recipients import Recipient
from portal.notifications.services import notify
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours

OWNER = "safety-pledge"
TO_SIGN = "safety-pledge-to-sign"
ENDS = "safety-pledge-ends"
#: So many days before its end people are reminded that a pledge ends; practice, and no rule.
REMIND_DAYS = 30


@transaction.atomic
def issue(branch: Unit, values: dict[str, Any], user: User) -> int:
    """Issue one pledge to each of several people and tell them; return how many are new.

    Args:
        values: title, level, demanded_by, targets, valid_from, valid_to, people.

    Raises:
        NotYours: the account does not keep the branch.
        ValidationError: days in the wrong order, or somebody from elsewhere.
        NotPossible: everybody has this pledge already.
    """
    require_keeper(user, branch)
    people = list(values["people"])
    fixed = {name: value for name, value in values.items() if name != "people"}
    require_members(branch, people, min(fixed["valid_from"], timezone.localdate()))
    # Nobody issues the same pledges at this moment.
    Unit.objects.select_for_update(no_key=True).get(pk=branch.pk)
    there = set(
        SafetyPledge.objects.filter(
            branch=branch, level=fixed["level"], valid_from=fixed["valid_from"]
        ).values_list("person", flat=True)
    )
    rows = [
        SafetyPledge(branch=branch, person=person, written_by=user, **fixed)
        for person in people
        if person.pk not in there
    ]
    if not rows:
        raise NotPossible(_("All of them have this pledge already."))
    rows[0].full_clean(exclude={"branch", "person", "written_by"})
    for row in rows:
        row.save(force_insert=True)
        notify(
            TO_SIGN,
            [Recipient(person=row.person)],
            {"title": row.title, "unit": branch.name},
            event_key=f"{TO_SIGN}:{row.pk}",
            url=reverse("safety_pledge", args=[row.pk]),
        )
    return len(rows)


def locked(pledge_id: int) -> SafetyPledge:
    """Return a pledge whose row nobody else changes in this transaction.

    Raises:
        ChangedMeanwhile: it was taken back.
    """
    found = (
        SafetyPledge.objects.select_for_update(of=("self",))
        .select_related("branch", "person")
        .filter(pk=pledge_id)
        .first()
    )
    if found is None:
        raise ChangedMeanwhile(_("This pledge was taken back."))
    return found


@transaction.atomic
def sign(pledge_id: int, digest: str, user: User) -> None:
    """Sign a pledge with the account of whoever makes it.

    Args:
        digest: of the words the person read; words that changed meanwhile are not signed.

    Raises:
        NotYours: it is somebody else's.
        ChangedMeanwhile: it was signed or changed.
        NotPossible: its time is over.
    """
    row = locked(pledge_id)
    if user.person_id is None or user.person_id != row.person_id:
        raise NotYours(_("A pledge is signed by the person who makes it."))
    _require_unsigned(row)
    if not hmac.compare_digest(row.digest(), digest):
        raise ChangedMeanwhile(_("The words of this pledge changed. Please read them again."))
    _signed(row, on_paper=False)


def _require_unsigned(row: SafetyPledge) -> None:
    if row.is_signed:
        raise ChangedMeanwhile(_("This pledge is signed already."))
    if row.is_over():
        raise NotPossible(_("The time of this pledge is over."))


def _signed(row: SafetyPledge, *, on_paper: bool) -> None:
    row.signed_at, row.signed_digest, row.on_paper = timezone.now(), row.digest(), on_paper
    row.save(update_fields=["signed_at", "signed_digest", "on_paper"])


def sign_on_paper(pledge_id: int, uploads: Sequence[Any], user: User) -> None:
    """Write down that a pledge was signed by hand, with its scan.

    Raises:
        NotYours: the account does not keep the branch.
        ChangedMeanwhile: it was signed already.
        FileRefused: the scan is not accepted.
    """
    stored = [receive(upload, user=user, purpose="scan") for upload in uploads]
    with transaction.atomic():
        row = locked(pledge_id)
        require_keeper(user, row.branch)
        _require_unsigned(row)
        claim(stored, OWNER, str(row.pk), by=user)
        _signed(row, on_paper=True)


def scans(pledge: SafetyPledge) -> list[StoredFile]:
    """Return the scans of a pledge."""
    return list(files_of(OWNER, str(pledge.pk)))


@transaction.atomic
def take_back(pledge_id: int, user: User) -> None:
    """Take an unsigned pledge back.

    Raises:
        NotYours: the account does not keep the branch.
        ChangedMeanwhile: it was signed meanwhile.
    """
    row = locked(pledge_id)
    require_keeper(user, row.branch)
    if row.is_signed:
        raise ChangedMeanwhile(_("This pledge is signed already."))
    row.delete()


@transaction.atomic
def assess(pledge_id: int, values: dict[str, Any], user: User) -> None:
    """Write down whether a pledge was kept.

    Args:
        values: result, result_words.

    Raises:
        NotYours: the account does not keep the branch, or made the pledge itself.
        NotPossible: it is not signed.
        ValidationError: it was not kept, and no word says why.
    """
    row = locked(pledge_id)
    require_keeper(user, row.branch)
    if row.person_id == user.person_id:
        raise NotYours(_("Nobody assesses the own pledge."))
    if not row.is_signed:
        raise NotPossible(_("This pledge was never signed."))
    if values["result"] != "met" and not values["result_words"].strip():
        raise ValidationError({"result_words": _("Please write what was not kept.")})
    row.result, row.result_words, row.assessed_by = (
        values["result"],
        values["result_words"].strip(),
        user,
    )
    row.save(update_fields=["result", "result_words", "assessed_by"])


def may_read(user: Any, owner_id: str) -> bool:
    """Whether an account reads the scan of a pledge: who sees the branch, and who made it."""
    from branches.members.permissions import rosters

    if not owner_id.isdecimal():
        return False
    row = SafetyPledge.objects.filter(pk=int(owner_id)).first()
    if row is None:
        return False
    return (
        getattr(user, "person_id", None) == row.person_id
        or rosters(user).filter(pk=row.branch_id).exists()
    )


def remind_all(today: datetime.date | None = None) -> str:
    """Tell people once that a pledge of theirs ends soon; a daily job."""
    day = today or timezone.localdate()
    rows = (
        SafetyPledge.objects.exclude(signed_at=None)
        .filter(valid_to__range=(day, day + datetime.timedelta(days=REMIND_DAYS)))
        .select_related("person", "branch")
    )
    told = 0
    for row in rows:
        with transaction.atomic():
            notify(
                ENDS,
                [Recipient(person=row.person)],
                {"title": row.title, "due_on": row.valid_to},
                event_key=f"{ENDS}:{row.pk}",
                url=reverse("safety_pledge", args=[row.pk]),
            )
        told += 1
    return f"{told} pledges end soon"


def register() -> None:
    """Register once, when the application is ready."""
    register_owner(OWNER, may_read)
    register_message(
        TO_SIGN,
        gettext_lazy("A safety pledge waits for your signature"),
        gettext_lazy("%(unit)s: please read and sign “%(title)s”."),
    )
    register_message(
        ENDS,
        gettext_lazy("A safety pledge ends"),
        gettext_lazy("“%(title)s” ends on %(due_on)s."),
    )
