"""The writes of proposals beside the flow: drafts, changes, seconds, opinions of helping units.

Each locks the row of the case, so that it and every step of the flow come one after the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import drafts
from portal.cases import services as cases
from portal.cases.models import Case
from portal.people.models import User
from portal.refusals import NotPossible, NotYours, TooLate
from portal.roles.permissions import assignments
from union.models import CongressSession, Delegate, Proposal, ProposalUnit, Second
from union.proposals.permissions import BEFORE_FILING, FLOW, mandate_of, may_change

TEXTS = ("category", "reasons", "measures", "phone")


def _mandate(user: User, session: CongressSession) -> Delegate:
    found = mandate_of(user, session)
    if found is None:
        raise NotYours(_("Only delegates of this congress propose and second."))
    return found


def _refuse_closed(session: CongressSession) -> None:
    if not session.collects_on(timezone.localdate()):
        raise TooLate(_("Proposals of this session are not collected now."))


@transaction.atomic
def start(session: CongressSession, user: User, values: Mapping[str, Any]) -> Case:
    """Write a draft, which nobody but its author sees.

    Args:
        values: `subject`, `category`, `reasons`, `measures`, `phone`.

    Raises:
        NotYours: the account is no delegate of the term.
        TooLate: proposals of the session are not collected today.
    """
    delegate = _mandate(user, session)
    _refuse_closed(session)
    case = cases.open_draft(
        FLOW, item=values["subject"], unit=delegate.unit, applicant=delegate.person
    )
    Proposal.objects.create(
        case=case,
        session=session,
        proposer=delegate,
        **{name: values[name] for name in TEXTS},
    )
    return case


@transaction.atomic
def change(case_id: uuid.UUID, user: User, values: Mapping[str, Any]) -> Case:
    """Change the text while nobody has seconded it.

    Raises:
        TooLate: somebody seconded it, or it is past the collection.
        NotYours: it is not the account's own.
    """
    case = cases.locked(case_id)
    if case.applicant_id is None or case.applicant_id != user.person_id:
        raise NotYours(_("Only its author changes a proposal."))
    if not may_change(user, case):
        raise TooLate(
            _(
                "Somebody has seconded this proposal, so its text stays as it is. You can withdraw"
                " it and write a new one."
            )
        )
    proposal: Proposal = case.subject
    _refuse_closed(proposal.session)
    case.item = values["subject"]
    case.save(update_fields=["item", "changed_at"])
    for name in TEXTS:
        setattr(proposal, name, values[name])
    proposal.save(update_fields=TEXTS)
    drafts.touch(case)
    return case


def _open_for_seconds(case: Case) -> Proposal:
    proposal: Proposal | None = case.subject
    if proposal is None or case.flow != FLOW:
        raise NotPossible(_("This is no proposal."))
    if case.state != "collecting":
        raise TooLate(_("The proposal is not being seconded any more."))
    _refuse_closed(proposal.session)
    return proposal


@transaction.atomic
def second(case_id: uuid.UUID, user: User) -> Second:
    """Second a proposal; who has seconded it already keeps that.

    Raises:
        NotYours: the account is no delegate of the term, or it is its own proposal.
        TooLate: it is not being seconded now.
    """
    case = cases.locked(case_id)
    proposal = _open_for_seconds(case)
    delegate = _mandate(user, proposal.session)
    if proposal.proposer_id == delegate.pk or case.applicant_id == delegate.person_id:
        raise NotYours(_("Nobody seconds an own proposal."))
    there = proposal.seconds.standing().filter(delegate=delegate).first()
    if there is not None:
        return there
    return Second.objects.create(proposal=proposal, delegate=delegate, seconded_at=timezone.now())


@transaction.atomic
def withdraw_second(case_id: uuid.UUID, user: User) -> None:
    """Take a second back; possible until the proposal is filed.

    Raises:
        TooLate: the committee has decided.
        NotPossible: the account does not second it.
    """
    case = cases.locked(case_id)
    proposal: Proposal = case.subject
    if case.state not in BEFORE_FILING:
        raise TooLate(_("The committee has decided; a second can be withdrawn until then."))
    there = proposal.seconds.standing().filter(delegate__person=user.person_id).first()
    if user.person_id is None or there is None:
        raise NotPossible(_("You do not second this proposal."))
    there.withdrawn_at = timezone.now()
    there.save(update_fields=["withdrawn_at"])


def may_give_opinion(user: Any, row: ProposalUnit) -> bool:
    """Whether the account speaks for a helping unit."""
    held = [role for role in assignments(user) if role.role_code == "opinion_handler"]
    return not row.lead and any(role.covers(row.unit) for role in held)


@transaction.atomic
def give_opinion(row_id: int, user: User, words: str) -> ProposalUnit:
    """Write down what a helping unit says; it can be changed until the reply is written.

    Raises:
        NotYours: the account does not speak for the unit.
        TooLate: the proposal is not being handled now.
        NotPossible: there are no words.
    """
    case = cases.locked(ProposalUnit.objects.get(pk=row_id).proposal_id)
    row = ProposalUnit.objects.select_related("unit").filter(pk=row_id).first()
    if row is None or case.state != "handling":
        raise TooLate(_("The proposal is not being handled by this unit now."))
    if not may_give_opinion(user, row):
        raise NotYours(_("Only those who speak for the helping unit write its opinion."))
    if not words.strip():
        raise NotPossible(_("An opinion needs words."))
    row.opinion, row.given_by, row.given_at = words.strip(), user, timezone.now()
    row.save(update_fields=["opinion", "given_by", "given_at"])
    return row


@transaction.atomic
def name_best(session: CongressSession, user: User, chosen: set[str]) -> int:
    """Name the best proposals of a session; return how many.

    Args:
        chosen: keys of proposals; all others of the session are named no more.

    Raises:
        TooLate: the report is published.
        NotPossible: one of them is not finished.
    """
    locked = CongressSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    report = getattr(locked, "report", None)
    if report is not None and report.published_at is not None:
        raise TooLate(_("The report of this session is published."))
    rows = Proposal.objects.filter(session=locked)
    keys = {str(pk) for pk in rows.filter(case__state="closed").values_list("pk", flat=True)}
    if chosen - keys:
        raise NotPossible(_("Only proposals that are finished are named among the best."))
    rows.filter(best=True).update(best=False)
    return rows.filter(pk__in=[uuid.UUID(key) for key in chosen]).update(best=True)
