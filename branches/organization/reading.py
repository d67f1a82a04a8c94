"""How branches are built on a day: members, committee, groups, term, findings; fixed queries."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from branches.models import (
    COMMITTEE_POSTS,
    Membership,
    PartyPost,
    PartyTerm,
    PostKind,
    StructureRule,
    covers,
)
from branches.organization.checks import Facts, Finding, findings
from portal.organizations.models import Unit, UnitKind

#: Posts that only a committee has.
OF_COMMITTEE = frozenset(COMMITTEE_POSTS) - {PostKind.SECRETARY, PostKind.DEPUTY}


@dataclass(frozen=True)
class Standing:
    """One branch: what is counted, and what does not fit."""

    branch: Unit
    facts: Facts
    findings: list[Finding]
    term: PartyTerm | None
    secretary: str

    @property
    def probationary(self) -> int:
        """How many probationary members."""
        return self.facts.members - self.facts.full

    @property
    def is_serious(self) -> bool:
        """Whether something serious does not fit."""
        return any(one.is_serious for one in self.findings)


def rules_of(kind: str = UnitKind.PARTY_BRANCH) -> dict[str, StructureRule]:
    """Return the rules of a kind of organization by their code."""
    return {rule.code: rule for rule in StructureRule.objects.filter(unit_kind=kind)}


def standings(branches: Iterable[Unit], today: datetime.date | None = None) -> list[Standing]:
    """Return how branches stand on a day, by five queries however many they are."""
    day = today or timezone.localdate()
    found = list(branches)
    keys = [branch.pk for branch in found]
    counts, grouped = _counted(keys, day)
    posts = _posts(keys, day)
    terms = _terms(keys, day)
    groups = _groups(found, day)
    rules = rules_of()
    rows = []
    for branch in found:
        members, full = counts.get(branch.pk, (0, 0))
        held = posts[branch.pk]
        has_committee = any(post.kind in OF_COMMITTEE for post in held)
        term = terms.get(branch.pk)
        secretary = next((post for post in held if post.kind == PostKind.SECRETARY), None)
        facts = Facts(
            members=members,
            full=full,
            committee=len({post.person_id for post in held}) if has_committee else 0,
            has_secretary=secretary is not None,
            groups=tuple((group.name, grouped[group.pk]) for group in groups[branch.pk]),
            term=(term.first_day, term.last_day, term.extended_to) if term else None,
        )
        rows.append(
            Standing(
                branch,
                facts,
                findings(facts, rules, day),
                term,
                secretary.person.name if secretary else "",
            )
        )
    return rows


def standing_of(branch: Unit, today: datetime.date | None = None) -> Standing:
    """Return how one branch stands on a day."""
    return standings([branch], today)[0]


def _counted(
    keys: Sequence[int], day: datetime.date
) -> tuple[dict[int, tuple[int, int]], Counter[int]]:
    rows = (
        Membership.objects.filter(covers(day), branch_id__in=keys)
        .order_by()
        .values("branch", "group")
        .annotate(all=Count("pk"), full=Count("pk", filter=Q(member__confirmed_on__lte=day)))
    )
    counts: dict[int, tuple[int, int]] = {}
    grouped: Counter[int] = Counter()
    for row in rows:
        before = counts.get(row["branch"], (0, 0))
        counts[row["branch"]] = (before[0] + row["all"], before[1] + row["full"])
        if row["group"]:
            grouped[row["group"]] += row["all"]
    return counts, grouped


def _posts(keys: Sequence[int], day: datetime.date) -> dict[int, list[PartyPost]]:
    found: dict[int, list[PartyPost]] = defaultdict(list)
    rows = PartyPost.objects.filter(covers(day), unit_id__in=keys, kind__in=COMMITTEE_POSTS)
    for post in rows.select_related("person").order_by("valid_from", "pk"):
        found[post.unit_id].append(post)
    return found


def _terms(keys: Sequence[int], day: datetime.date) -> dict[int, PartyTerm]:
    rows = PartyTerm.objects.filter(unit_id__in=keys, first_day__lte=day).order_by("first_day")
    return {term.unit_id: term for term in rows}


def _groups(branches: list[Unit], day: datetime.date) -> dict[int, list[Unit]]:
    by_path = {branch.path: branch.pk for branch in branches}
    found: dict[int, list[Unit]] = defaultdict(list)
    rows = Unit.objects.filter(kind=UnitKind.PARTY_GROUP).valid_on(day).order_by("path")
    for group in rows:
        owner = by_path.get(group.path[: -Unit.steplen])
        if owner is not None:
            found[owner].append(group)
    return found
