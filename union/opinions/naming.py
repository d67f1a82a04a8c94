"""From without a name to with a name, never back; and the end of receipts."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases import history
from portal.cases import services as cases
from portal.cases.models import Case
from portal.people.models import User
from portal.refusals import Refusal
from union.models import Opinion, OpinionMode
from union.opinions import unsigned


class ReceiptOpensNothing(Refusal):
    """The receipt is unknown; the words say no more."""

    status = 422
    title = gettext_lazy("We found nothing")


@transaction.atomic
def give_name(receipt: str, user: User, mode: str) -> Case:
    """Give an anonymous opinion the name of the account that has its receipt.

    The receipt opens nothing any more: from now on the account does.

    Args:
        receipt: normalised.
        mode: named, or hidden from the handling unit.

    Raises:
        ReceiptOpensNothing: it opens no opinion, or something of the sender waits still.
    """
    found = unsigned.find(receipt)
    if found.opinion is None or user.person is None:
        raise ReceiptOpensNothing(
            _("There is nothing to this receipt, or it has not been delivered yet.")
        )
    if found.waiting:
        raise ReceiptOpensNothing(
            _("Something you sent waits for its delivery. Please come back after it.")
        )
    case = cases.locked(found.opinion.pk)
    opinion = Opinion.objects.select_for_update().get(pk=case.pk)
    if opinion.receipt_mac is None:
        raise ReceiptOpensNothing(_("There is nothing to this receipt."))
    opinion.mode, opinion.receipt_mac = OpinionMode(mode), None
    opinion.save(update_fields=["mode", "receipt_mac"])
    case.applicant = case.beneficiary = user.person
    history.write_beside(case, history.NAMED, user, party="sender")
    return case


# ---- The end of receipts


def forget_receipts() -> str:
    """Let the receipts of matters that ended long ago open nothing; for the daily jobs.

    What is left is an opinion nobody can be tied to by a slip of paper that is found.
    """
    before = timezone.now() - datetime.timedelta(days=settings.OPINION_RECEIPT_DAYS)
    old = Opinion.objects.filter(receipt_mac__isnull=False, case__closed_at__lt=before)
    count = old.update(receipt_mac=None)
    return f"{count} receipts of opinions ended"
