"""What an account sees of one member: everything, or what was until a last day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from branches.members.permissions import kept_branches, may_keep, rosters
from branches.members.training import is_fixed, progress_of
from branches.models import Membership, PartyMember, PartyPost, TrainingHours, VotingBar, covers
from branches.safety.evidence import safety
from portal.evidence import Subject
from portal.organizations.models import Unit

#: Rows of a kind; older ones are in the export.
MOST_ROWS = 50


def record_of(user: Any, member: PartyMember, until: datetime.date) -> dict[str, Any]:
    """Return the lists of a member's page.

    Args:
        until: the last day of which the account sees something, `datetime.date.max` for all.

    Returns:
        bars (bar, last day if known), changes, hours (row, whether the account may take it out),
        transfers, memberships, posts, is_barred, safety (sentences of the running year); progress
        is None where it would tell of later.
    """
    places = list(member.memberships.select_related("branch", "group"))
    seen = [row for row in places if row.valid_from <= until]
    today = timezone.localdate()
    is_whole = until == datetime.date.max
    changes = member.changes.select_related("branch", "made_by")
    if not is_whole:
        # A line that was written later with an earlier day tells what another branch decided.
        ours = Q(branch__in=rosters(user)) | Q(made_at__date__lte=until)
        changes = changes.filter(ours, day__lte=until)
    hours = member.training.filter(day__lte=until).select_related("activity")[:MOST_ROWS]
    bars = member.voting_bars.filter(valid_from__lte=until)[:MOST_ROWS]
    return {
        "place": seen[0] if seen else None,
        "bars": [(bar, _end_of(bar, until)) for bar in bars],
        "is_barred": is_whole and member.voting_bars.filter(covers(today)).exists(),
        "changes": list(changes[:MOST_ROWS]),
        "hours": _with_keeping(user, list(hours), places),
        "progress": progress_of([member.pk], today.year)[member.pk] if is_whole else None,
        "transfers": list(
            member.transfers.filter(letter_date__lte=until).select_related(
                "from_branch", "to_branch"
            )
        ),
        "memberships": seen[:MOST_ROWS],
        "safety": _safety(member, seen[0].branch, today) if is_whole and seen else [],
        "posts": list(
            PartyPost.objects.filter(person_id=member.pk, valid_from__lte=until)
            .select_related("unit")
            .order_by("-valid_from", "pk")[:MOST_ROWS]
        ),
    }


def _safety(member: PartyMember, branch: Unit, today: datetime.date) -> list[Any]:
    """Return sentences about the safety work of the running year."""
    since = today.replace(month=1, day=1)
    subject = Subject(unit=branch, since=since, until=today, person=member.person, branch=branch)
    return list(safety(subject))


def _end_of(bar: VotingBar, until: datetime.date) -> datetime.date | None:
    return bar.valid_to if bar.valid_to and bar.valid_to <= until else None


def _with_keeping(
    user: Any, rows: list[TrainingHours], places: Iterable[Membership]
) -> list[tuple[TrainingHours, bool]]:
    if may_keep(user, None):
        return [(row, not is_fixed(row)) for row in rows]
    kept = set(kept_branches(user).values_list("pk", flat=True)) if rows else set()
    own = [place for place in places if place.branch_id in kept]
    return [
        (row, not is_fixed(row) and any(place.counts_on(row.day) for place in own)) for row in rows
    ]
