"""What the pages of rounds read: lists by who asks, and everything about one nomination."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from honors.models import (
    CONSULTED,
    DepartmentOpinion,
    JudgeRecusal,
    Nomination,
    NominationState,
    Round,
    RoundMember,
    RoundPart,
    ScoreSheet,
)
from honors.rounds.judging import spread_of
from honors.rounds.nominating import subject_of
from honors.rounds.permissions import (
    branches_of,
    is_nominator,
    office_acts,
    reads_opinions,
    reads_rounds,
    seats_of,
    speaks_for,
)
from honors.rounds.scoring import Spread
from honors.rounds.states import FLOW
from honors.rounds.terms import Terms, terms_of
from portal.cases.models import Case
from portal.cases.ownership import owner_id
from portal.evidence import Evidence, evidence_of, ruled_out
from portal.public_notices.models import Objection, PublicNotice
from portal.public_notices.permissions import may_answer

PER_PAGE = 20
RELATED = (
    *("round__title", "round__case__unit", "unit", "branch", "person"),
    *("nominated_by__person", "award"),
)


def rounds_for(user: Any) -> QuerySet[Round]:
    """Return the rounds an account finds on its list: published ones; the office finds all."""
    rounds = Round.objects.select_related("title", "case__unit", "page", "decision_page")
    if not reads_rounds(user):
        rounds = rounds.published()
    return rounds.order_by("-year", "-case__created_at")


def nominations_by(user: Any) -> QuerySet[Nomination]:
    """Return what an account nominated, and where it is nominated itself; the newest first."""
    about = Q(person=user.person_id) & ~Q(state=NominationState.DRAFT)
    rows = Nomination.objects.filter(Q(nominated_by=user) | about)
    return rows.select_related("round__title", "round__case", "unit").order_by("-nominated_at")


def nominations_of_branches(user: Any) -> QuerySet[Nomination]:
    """Return what was handed in to the branches for which the account speaks."""
    below = Q(pk__in=[])
    for unit in branches_of(user):
        below |= Q(branch__path__startswith=unit.path)
    rows = Nomination.objects.handed_in().filter(below)
    return rows.select_related("round__title", "round__case", "unit", "branch").order_by(
        "-nominated_at"
    )


@dataclass
class Asked:
    """One thing a judge or a department has to do."""

    nomination: Nomination
    part: str
    part_name: Any
    done: bool


def asked_of(user: Any) -> list[Asked]:
    """Return what an account is asked for in the rounds that run, what is open first."""
    seats = list(
        RoundMember.objects.filter(
            person=user.person_id,
            round__case__state__in=("nominating", "examining", "judging"),
        ).select_related("round__case")
    )
    if not seats:
        return []
    found: list[Asked] = []
    judged = [seat for seat in seats if seat.part == RoundPart.JUDGE]
    speaking = [seat for seat in seats if seat.part in CONSULTED]
    rows = list(
        Nomination.objects.filter(round__in={seat.round_id for seat in seats})
        .exclude(state=NominationState.DRAFT)
        .select_related("round__case", "round__title", "unit")
        .order_by("round", "unit__path", "pk")
    )
    sheets = set(
        ScoreSheet.objects.filter(judge__in=judged).values_list("nomination_id", "judge_id")
    ) | set(JudgeRecusal.objects.filter(judge__in=judged).values_list("nomination_id", "judge_id"))
    given = set(
        DepartmentOpinion.objects.filter(nomination__in=rows).values_list("nomination_id", "part")
    )
    for seat in judged:
        if seat.round.case.state != "judging":
            continue
        for row in rows:
            if row.round_id == seat.round_id and row.state == NominationState.ELIGIBLE:
                done = (row.pk, seat.pk) in sheets
                found.append(Asked(row, seat.part, seat.get_part_display(), done))
    examined = (NominationState.RECOMMENDED, NominationState.ELIGIBLE, NominationState.INELIGIBLE)
    for seat in speaking:
        if seat.round.case.state == "judging":
            continue
        for row in rows:
            if row.round_id == seat.round_id and row.state in examined:
                done = (row.pk, seat.part) in given
                found.append(Asked(row, seat.part, seat.get_part_display(), done))
    return sorted(found, key=lambda row: row.done)


@dataclass
class Detail:
    """Everything the page of a nomination shows to whoever reads it.

    Attributes:
        opinions: of departments, each part with what it said or None; empty for who reads none.
    """

    nomination: Nomination
    terms: Terms
    is_mine: bool
    speaks: bool
    office: bool
    examines: bool
    seats: list[RoundMember]
    opinions: list[tuple[Any, DepartmentOpinion | None]] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    against: list[Evidence] = field(default_factory=list)
    spread: Spread | None = None
    sheets: list[ScoreSheet] = field(default_factory=list)
    recusals: list[JudgeRecusal] = field(default_factory=list)

    @property
    def sheet_rows(self) -> list[tuple[ScoreSheet, list[tuple[Any, str]]]]:
        """Every sheet with its points beside the lines of the card."""
        return [
            (sheet, list(zip(self.terms.lines, sheet.points, strict=False)))
            for sheet in self.sheets
        ]

    @property
    def may_change(self) -> bool:
        """Whether the reader may change what was nominated."""
        state, case = self.nomination.state, self.nomination.round.case
        if not self.is_mine:
            return False
        if state == NominationState.DRAFT:
            closes_on = self.nomination.round.closes_on
            return case.state == "nominating" and timezone.localdate() <= closes_on
        return state == NominationState.RETURNED and case.state == "examining"

    @property
    def may_withdraw(self) -> bool:
        """Whether the reader may take it back."""
        waiting = (
            NominationState.SUBMITTED,
            NominationState.RECOMMENDED,
            NominationState.RETURNED,
        )
        state = self.nomination.round.case.state
        return self.is_mine and (
            self.nomination.is_draft
            or (self.nomination.state in waiting and state in ("nominating", "examining"))
        )

    @property
    def may_assess(self) -> bool:
        """Whether the branch's word is waited for from the reader."""
        return self.speaks and self.nomination.state == NominationState.SUBMITTED

    @property
    def may_examine(self) -> bool:
        """Whether the reader examines it now."""
        return (
            self.examines
            and self.nomination.round.case.state == "examining"
            and self.nomination.state
            in (
                NominationState.RECOMMENDED,
                NominationState.ELIGIBLE,
                NominationState.INELIGIBLE,
            )
        )

    @property
    def scores_now(self) -> bool:
        """Whether the reader is a judge before whom it lies."""
        return (
            any(seat.part == RoundPart.JUDGE for seat in self.seats)
            and self.nomination.round.case.state == "judging"
            and self.nomination.state == NominationState.ELIGIBLE
        )

    @property
    def speaking(self) -> list[RoundMember]:
        """The departments for which the reader may speak on it now."""
        if self.nomination.round.case.state not in ("nominating", "examining"):
            return []
        if self.nomination.state not in (
            NominationState.RECOMMENDED,
            NominationState.RETURNED,
            NominationState.ELIGIBLE,
            NominationState.INELIGIBLE,
        ):
            return []
        return [seat for seat in self.seats if seat.part in CONSULTED]


def detail_of(user: Any, nomination: Nomination) -> Detail:
    """Return what the page of a nomination shows to an account."""
    round_ = nomination.round
    terms = terms_of(round_.terms)
    office = reads_opinions(user, nomination)
    found = Detail(
        nomination,
        terms,
        is_nominator(user, nomination),
        speaks_for(user, nomination.branch),
        office,
        office and office_acts(user, round_),
        seats_of(user, round_),
    )
    if not office:
        return found
    given = {row.part: row for row in nomination.opinions.select_related("given_by__person")}
    asked = set(round_.members.filter(part__in=CONSULTED).values_list("part", flat=True))
    found.opinions = [
        (part.label, given.get(part.value))
        for part in CONSULTED
        if part.value in asked or part.value in given
    ]
    subject = subject_of(nomination)
    found.evidence = evidence_of(subject, {row.evidence for row in terms.criteria if row.evidence})
    found.against = ruled_out(subject, {row.check for row in terms.vetoes if row.check})
    if round_.case.state not in ("nominating", "examining"):
        found.spread = spread_of(nomination)
        found.sheets = list(nomination.sheets.select_related("judge__person"))
        found.recusals = list(nomination.recusals.select_related("judge__person"))
    return found


@dataclass(frozen=True)
class Standing:
    """What the page of a round shows its office beside the events.

    Attributes:
        nominations: one page of them.
        objections: each with whether the reader writes down its investigation.
    """

    round: Round
    terms: Terms
    nominations: Any
    members: list[RoundMember]
    notices: list[PublicNotice]
    objections: list[tuple[Objection, bool]]


def standing_of(case: Case, user: Any, page: Any = None) -> Standing:
    """Return round, nominations, members, notices and objections, as many queries as kinds.

    Beside each objection stands whether the account writes down its investigation.

    Args:
        page: of the nominations, as it was asked for; the best mean first.
    """
    round_: Round = case.subject
    nominations = (
        round_.nominations.handed_in()
        .select_related("unit", "award")
        .annotate(
            given=Count("sheets", distinct=True),
            aside=Count("recusals", distinct=True),
            spoken=Count("opinions", distinct=True),
        )
        .order_by(F("score_mean").desc(nulls_last=True), "unit__path", "pk")
    )
    notices = list(
        PublicNotice.objects.of_owner(FLOW, owner_id(case))
        .select_related("page")
        .order_by("-starts_on", "-pk")
    )
    objections = list(
        Objection.objects.filter(notice__in=notices)
        .select_related("honor_investigation__nomination", "notice__unit")
        .order_by("raised_at")
    )
    return Standing(
        round_,
        terms_of(round_.terms),
        Paginator(nominations, PER_PAGE).get_page(page),
        list(round_.members.select_related("person")),
        notices,
        [(row, row.is_open and may_answer(user, row)) for row in objections],
    )
