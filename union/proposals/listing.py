"""The list of proposals: what an account may read, chosen by the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest

from portal.address_values import plain_text
from union.models import CongressSession, Proposal, ProposalCategory, Second
from union.proposals.permissions import visible_proposals
from union.proposals.states import STATES

ORDERS = {"number": ("sequence",), "seconded": ("-own_seconds", "sequence")}


@dataclass(frozen=True)
class Choice:
    """What was chosen; what makes no sense counts as nothing."""

    session: CongressSession | None
    category: str
    state: str
    words: str
    mine: str
    order: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but session and order was chosen."""
        return any((self.category, self.state, self.words, self.mine))


def choice_of(
    request: HttpRequest, sessions: list[CongressSession], categories: list[ProposalCategory]
) -> Choice:
    """Read the address; without a session the newest one counts."""

    def one_of(name: str, allowed: Any, otherwise: str = "") -> str:
        value = request.GET.get(name, otherwise)
        return value if value in allowed else otherwise

    by_key = {str(session.pk): session for session in sessions}
    return Choice(
        session=by_key.get(request.GET.get("session", ""), sessions[0] if sessions else None),
        category=one_of("category", {row.code for row in categories}),
        state=one_of("state", {state.code for state in STATES if state.code != "draft"}),
        words=plain_text(request.GET.get("q", "")),
        mine=one_of("mine", ("proposed", "seconded", "open")),
        order=one_of("order", ORDERS, "number"),
    )


def chosen(choice: Choice, user: Any) -> QuerySet[Proposal]:
    """Return the proposals of the choice that the account may read, with what a list shows."""
    rows = visible_proposals(user).filter(session=choice.session)
    if choice.category:
        rows = rows.filter(category__code=choice.category)
    if choice.state:
        rows = rows.filter(case__state=choice.state)
    if choice.words:
        rows = rows.filter(
            Q(case__item__icontains=choice.words) | Q(case__number__icontains=choice.words)
        )
    mine = Second.objects.standing().filter(
        proposal=OuterRef("pk"), delegate__person=user.person_id
    )
    if choice.mine == "proposed":
        rows = rows.filter(case__applicant=user.person_id)
    elif choice.mine == "seconded":
        rows = rows.filter(Exists(mine))
    elif choice.mine == "open":
        rows = rows.filter(~Exists(mine), case__state="collecting").exclude(
            case__applicant=user.person_id
        )
    standing = Q(seconds__isnull=False, seconds__withdrawn_at=None)
    return (
        rows.annotate(own_seconds=Count("seconds", filter=standing), seconded=Exists(mine))
        .annotate(state=F("case__state"))
        .select_related("case", "category", "proposer__person", "proposer__unit")
        .order_by(*ORDERS[choice.order])
    )
