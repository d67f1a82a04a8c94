"""The account support is paid to: a delegate proposes, the beneficiary confirms."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import services as cases
from portal.cases.models import Case
from portal.cases.refusals import AlreadyMoved, NotYourTurn
from portal.notifications.services import Recipient, notify
from portal.people.models import User
from portal.personal_data.encryption import blind_index
from veterans.beneficiaries import messages
from veterans.beneficiaries.permissions import may_keep_register
from veterans.models import AccountProposal, Application, Beneficiary
from veterans.models.representations import Channel

EDITABLE = ("draft", "correcting")


def is_known(application: Application, card: str) -> bool:
    """Whether the beneficiary has confirmed this card before."""
    person_id = application.case.beneficiary_id or 0
    return Beneficiary.objects.filter(pk=person_id, bank_card_index=blind_index(card)).exists()


def propose(application: Application, user: User, values: Mapping[str, Any]) -> AccountProposal:
    """Keep an account that a delegate wrote, to be confirmed; the case is locked by the caller.

    An account that was proposed before and not confirmed is replaced.
    """
    case = application.case
    application.account_proposals.filter(confirmed_at=None, refused_at=None).delete()
    made = AccountProposal.objects.create(
        application=application,
        bank_name=values["bank_name"],
        bank_card=values["bank_card"],
        proposed_by=user,
        proposed_at=timezone.now(),
    )
    if case.beneficiary is not None:
        notify(
            messages.ACCOUNT,
            [Recipient(person=case.beneficiary)],
            {"item": case.item},
            event_key=f"account:{made.pk}",
            url=reverse("support_account", args=[case.pk]),
        )
    return made


def open_proposal(case_id: uuid.UUID) -> AccountProposal | None:
    """Return the account of an application that waits for the beneficiary."""
    return AccountProposal.objects.filter(
        application=case_id, confirmed_at=None, refused_at=None
    ).first()


def may_confirm(user: User, case: Case) -> bool:
    """Whether the account says yes or no: the beneficiary, or the officer who asked in person."""
    if user.person_id is not None and user.person_id == case.beneficiary_id:
        return True
    return may_keep_register(user)


def _locked(case_id: uuid.UUID, proposal_id: int, user: User) -> tuple[Case, AccountProposal]:
    case = cases.locked(case_id)
    if not may_confirm(user, case):
        raise NotYourTurn(_("Only the beneficiary decides where the money goes."))
    row = open_proposal(case_id)
    if row is None or row.pk != proposal_id or case.state not in EDITABLE:
        raise AlreadyMoved(_("This account was confirmed, refused or replaced meanwhile."))
    if row.proposed_by_id == user.pk:
        raise NotYourTurn(_("Whoever wrote the account cannot confirm it."))
    return case, row


@transaction.atomic
def confirm(
    case_id: uuid.UUID, proposal_id: int, user: User, channel: str = Channel.ONLINE
) -> Application:
    """Let a proposed account count; the register remembers it.

    Args:
        channel: how the beneficiary said so, where the officer writes it down.

    Raises:
        NotYourTurn: the account is neither the beneficiary nor the officer, or proposed it.
        AlreadyMoved: it does not wait any more, or the application was handed in.
    """
    case, row = _locked(case_id, proposal_id, user)
    application: Application = case.subject
    row.confirmed_by, row.confirmed_at, row.channel = user, timezone.now(), channel
    row.save(update_fields=["confirmed_by", "confirmed_at", "channel"])
    application.bank_name, application.bank_card = row.bank_name, row.bank_card
    rows = application.corrections
    for line in rows:
        if line["code"] == "bank":
            line["done"] = True
    application.corrections = rows
    application.save(update_fields=["bank_name", "bank_card", "correction"])
    found = Beneficiary.objects.filter(pk=case.beneficiary_id or 0).first()
    if found is not None:
        found.bank_name, found.bank_card = row.bank_name, row.bank_card
        found.save(update_fields=["bank_name", "bank_card", "bank_card_index"])
    return application


@transaction.atomic
def refuse(case_id: uuid.UUID, proposal_id: int, user: User) -> None:
    """Say no to a proposed account; the one from before stays.

    Raises:
        NotYourTurn, AlreadyMoved: as for `confirm`.
    """
    _case, row = _locked(case_id, proposal_id, user)
    row.refused_at = timezone.now()
    row.save(update_fields=["refused_at"])
