"""What anonymous senders do: it is put into the urn and nowhere else until its release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal
from union.anonymity import puzzles, rates, receipts, urn
from union.models import (
    FeedbackBoxPage,
    Opinion,
    OpinionCategory,
    QuarantinedItem,
    WaitingItem,
)
from union.opinions import pictures as opinion_pictures

OPINION, MESSAGE, RATE, REOPEN = "opinion", "message", "rate", "reopen"
# What one sender may have waiting at once besides the opinion itself.
MOST_WAITING = 5
# Beyond so many waiting entries nobody looks for texts that were sent twice.
COMPARED = 50


class SentTwice(Refusal):
    """The same text waits already."""

    status = 409
    title = _("This was sent already")


class TooMuchWaits(Refusal):
    """The sender has enough waiting."""

    status = 422
    title = _("Please wait for the next delivery")


@dataclass(frozen=True, repr=False)
class Unsigned:
    """An opinion without a name, as the form checked it."""

    box: FeedbackBoxPage
    category: OpinionCategory
    text: str
    accused_unit: int | None
    may_publish: bool
    pictures: list[bytes]


def send(new: Unsigned, token: str, bucket: str) -> str:
    """Put an opinion into the urn, use the challenge up, and return the receipt.

    Args:
        token: of the challenge that was solved.
        bucket: under which the computer is counted within the hour.

    Raises:
        TooMany: too much came from this computer within the hour.
        PuzzleSpent: the challenge was used before.
        SentTwice: the same text waits already.
    """
    rates.refuse_too_many(bucket)
    receipt = receipts.new_receipt()
    entry: dict[str, Any] = {
        "kind": OPINION,
        "box": new.box.pk,
        "category": new.category.pk,
        "text": new.text,
        "accused_unit": new.accused_unit,
        "may_publish": new.may_publish,
        "pictures": opinion_pictures.packed(new.pictures),
        "receipt_mac": receipts.opinion_mac(receipt).hex(),
    }
    with transaction.atomic():
        puzzles.spend(token)
        # A danger to life does not wait behind a flood.
        entry["quarantine"] = rates.count(bucket) and not new.category.urgent
        before = urn.put(receipts.waiting_mac(receipt), entry)
        if len(before) <= COMPARED and any(
            one.entry.get("box") == new.box.pk and one.entry.get("text") == new.text
            for one in before
        ):
            raise SentTwice(
                _(
                    "The same text waits for its delivery already. If you did not see its receipt,"
                    " please change the text a little, for example by a further detail, and send"
                    " it again."
                )
            )
    return receipt


def follow_up(receipt: str, opinion: Opinion, kind: str, **values: Any) -> None:
    """Put a message, a rating or a reopening into the urn; the same one twice counts once.

    Raises:
        TooMuchWaits: the sender has enough waiting.
    """
    mac = receipts.waiting_mac(receipt)
    with transaction.atomic():
        urn.lock()
        # Its place among the sender's own entries alone.
        place = WaitingItem.objects.filter(mac=mac).count()
        entry = {"kind": kind, "opinion": str(opinion.pk), **values}
        before = [one.entry for one in urn.put(mac, {**entry, "place": place}) if one.mac == mac]
        if any(entry.items() <= row.items() for row in before):
            raise SentTwice(_("This waits for its delivery already."))
        if len(before) >= MOST_WAITING:
            raise TooMuchWaits(
                _("Several of your messages wait for their delivery. Please come back after it.")
            )


@dataclass(frozen=True)
class Found:
    """What a receipt opens.

    Attributes:
        waiting: how many entries of the sender wait.
    """

    opinion: Opinion | None
    waiting: int

    @property
    def nothing(self) -> bool:
        """Whether the receipt opens nothing."""
        return self.opinion is None and not self.waiting


def find(receipt: str) -> Found:
    """Return what a normalised receipt opens, after the same work whatever it is."""
    waiting_mac = receipts.waiting_mac(receipt)
    opinion = (
        Opinion.objects.filter(receipt_mac=receipts.opinion_mac(receipt))
        .select_related("box", "category", "case__unit")
        .first()
    )
    waiting = WaitingItem.objects.filter(mac=waiting_mac).count()
    waiting += QuarantinedItem.objects.filter(mac=waiting_mac).count()
    return Found(opinion, waiting)
