"""Who stands behind a proposal: its seconders, and those of all that were merged into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from union.models import Delegate, Proposal, Second


@dataclass(frozen=True)
class Supporter:
    """One delegate, with the number of the proposal he proposed or seconded.

    Attributes:
        proposed: he proposed one that was merged into the main proposal.
    """

    delegate: Delegate
    number: str
    proposed: bool = False


def supporters_of(proposal: Proposal) -> list[Supporter]:
    """Return the supporters, each delegate once: the own ones first, then those merged in.

    The proposer is not among them.
    """
    merged = list(
        Proposal.objects.filter(merged_into=proposal)
        .select_related("case", "proposer__person", "proposer__unit")
        .order_by("sequence")
    )
    found: dict[int, Supporter] = {}
    for row in merged:
        if row.proposer is not None:
            found[row.proposer.pk] = Supporter(row.proposer, row.case.number, True)
    seconds = (
        Second.objects.standing()
        .filter(Q(proposal=proposal) | Q(proposal__merged_into=proposal))
        .select_related("delegate__person", "delegate__unit", "proposal__case")
        .order_by("seconded_at", "pk")
    )
    own: list[Second] = []
    others: list[Second] = []
    for second in seconds:
        (own if second.proposal_id == proposal.pk else others).append(second)
    ordered = {
        second.delegate_id: Supporter(second.delegate, second.proposal.case.number)
        for second in own
    }
    for key, supporter in found.items():
        ordered.setdefault(key, supporter)
    for second in others:
        ordered.setdefault(
            second.delegate_id, Supporter(second.delegate, second.proposal.case.number)
        )
    if proposal.proposer_id is not None:
        ordered.pop(proposal.proposer_id, None)
    return list(ordered.values())


def supporter_counts(keys: list[Any]) -> dict[Any, int]:
    """Return how many delegates stand behind each of some proposals, by two queries.

    As `supporters_of`: those merged in count for the main proposal, each delegate once, its
    proposer not.
    """
    proposers = dict(Proposal.objects.filter(pk__in=keys).values_list("pk", "proposer"))
    found: dict[Any, set[int]] = {key: set() for key in proposers}
    merged = Proposal.objects.filter(merged_into__in=keys, proposer__isnull=False)
    for main, delegate in merged.values_list("merged_into", "proposer"):
        found[main].add(delegate)
    seconds = Second.objects.standing().filter(
        Q(proposal__in=keys) | Q(proposal__merged_into__in=keys)
    )
    for own, main, delegate in seconds.values_list("proposal", "proposal__merged_into", "delegate"):
        for key in (own, main):
            if key in found:
                found[key].add(delegate)
    return {key: len(delegates - {proposers[key]}) for key, delegates in found.items()}
