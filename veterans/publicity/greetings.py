"""Lists of greetings (节日慰问名单): made from register and standard, ticked off, closed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.people.models import User
from portal.refusals import NotPossible, NotYours, TooLate
from veterans.models import Beneficiary, Greeting, GreetingList, ItemVersion, SupportItem
from veterans.models.publicity import Receiver
from veterans.publicity.permissions import may_keep_greetings
from veterans.standards.services import compute, version_on

ITEM = "greetings"
BATCH = 500


@dataclass(frozen=True)
class Totals:
    """What a list comes to, in people and yuan."""

    people: int
    received: int
    amount: Decimal
    handed_over: Decimal


def _may_keep(user: User) -> None:
    if not may_keep_greetings(user):
        raise NotYours(_("Lists of greetings are kept by the veterans service officer."))


@transaction.atomic
def make_list(festival: str, year: int, user: User) -> GreetingList:
    """Make the list of a festival from the register, by the standard in force today.

    Raises:
        NotYours: the account does not keep lists.
        NotPossible: there is one already, or the item does not exist.
        NoStandardInForce: no standard of the item is.
    """
    _may_keep(user)
    item = SupportItem.objects.filter(code=ITEM).first()
    if item is None:
        raise NotPossible(_("There is no item with the code “%(code)s”.") % {"code": ITEM})
    version = version_on(item, timezone.localdate())
    try:
        with transaction.atomic():
            made = GreetingList.objects.create(
                festival=festival,
                year=year,
                version=version,
                made_by=user,
                made_at=timezone.now(),
            )
    except IntegrityError as error:
        raise NotPossible(_("The list of this festival is there already.")) from error
    _fill(made)
    return made


@transaction.atomic
def add_missing(list_id: int, user: User) -> int:
    """Add those who came into the register since; return how many.

    Raises:
        NotYours: the account does not keep lists.
        TooLate: the list is closed.
    """
    _may_keep(user)
    return _fill(_locked_open(list_id))


def _locked_open(list_id: int) -> GreetingList:
    found = GreetingList.objects.select_for_update(of=("self",)).get(pk=list_id)
    if not found.is_open:
        raise TooLate(_("The list is closed."))
    return found


def _amounts(version: ItemVersion, festival: str) -> dict[str, Decimal]:
    """Return what each category gets, computed once for all people of it."""
    from veterans.standards.vocabulary import CATEGORIES

    return {
        code: compute(version, {"category": code, "occasion": festival}).amount
        for code, _name in CATEGORIES
    }


def _fill(greetings: GreetingList) -> int:
    """Add everybody of the register who is not on the list; the highest category counts."""
    amounts = _amounts(greetings.version, greetings.festival)
    there = set(greetings.rows.values_list("person_id", flat=True))
    rows = []
    people = Beneficiary.objects.current().with_everything().order_by("pk")
    for beneficiary in people:
        if beneficiary.pk in there:
            continue
        held = [row.category for row in beneficiary.current_categories]
        best = max(held, key=lambda code: amounts.get(code, Decimal(0)), default="")
        if not best or not amounts.get(best):
            continue
        rows.append(
            Greeting(
                greetings=greetings,
                person_id=beneficiary.pk,
                unit=beneficiary.person.unit,
                category=best,
                amount=amounts[best],
            )
        )
    Greeting.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


@transaction.atomic
def tick(
    list_id: int, user: User, receivers: Mapping[int, str], on: datetime.date | None = None
) -> int:
    """Write down who received it, and how; return how many changed.

    Args:
        receivers: code of `Receiver` by the key of the row; empty takes a tick back.

    Raises:
        NotYours: the account does not keep lists.
        TooLate: the list is closed.
        NotPossible: a way that does not exist.
    """
    _may_keep(user)
    greetings = _locked_open(list_id)
    if unknown := set(receivers.values()) - {"", *Receiver.values}:
        raise NotPossible(_("“%(word)s” is no way to hand it over.") % {"word": min(unknown)[:20]})
    now, day = timezone.now(), on or timezone.localdate()
    changed = 0
    for row in greetings.rows.filter(pk__in=receivers):
        receiver = receivers[row.pk]
        if row.receiver == receiver:
            continue
        row.receiver = receiver
        row.received_on = day if receiver else None
        row.ticked_by, row.ticked_at = user, now
        row.save(update_fields=["receiver", "received_on", "ticked_by", "ticked_at"])
        changed += 1
    return changed


@transaction.atomic
def close(list_id: int, user: User) -> GreetingList:
    """Close a list; nothing is ticked after that.

    Raises:
        NotYours: the account does not keep lists.
        TooLate: it is closed already.
    """
    _may_keep(user)
    greetings = _locked_open(list_id)
    greetings.closed_by, greetings.closed_at = user, timezone.now()
    greetings.save(update_fields=["closed_by", "closed_at"])
    return greetings


def totals(greetings: GreetingList) -> Totals:
    """Return how many people and how much, in one query."""
    got = Q(received_on__isnull=False)
    found = greetings.rows.aggregate(
        people=Count("pk"),
        received=Count("pk", filter=got),
        whole=Sum("amount"),
        handed_over=Sum("amount", filter=got),
    )
    return Totals(
        found["people"],
        found["received"],
        found["whole"] or Decimal(0),
        found["handed_over"] or Decimal(0),
    )


def rows_of(greetings: GreetingList) -> QuerySet[Greeting]:
    """Return the rows with what a page shows of them, by unit."""
    return greetings.rows.select_related("person", "unit").order_by("unit__path", "pk")
