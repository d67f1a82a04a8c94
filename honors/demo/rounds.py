"""Rounds of the demo: one conferred, one with an open objection, one that takes nominations.

Everything goes through the services people use, on the day and by the account it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from honors.demo.round_texts import ROUNDS, DemoNominee, DemoRound
from portal.archives.actors import act_as
from portal.cases import services as cases
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import PARTY_APPROVER, PARTY_STAFF
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from honors.models import Round
    from portal.demo.loading import DemoWorld

JUDGES = ("100003", "100009", "100042", "100073", "100080")
SPEAKERS = {
    "discipline": "100012",
    "safety": "100017",
    "personnel": "100018",
    "union": "100008",
}
# The full-time deputy secretary of the committee answers objections: neither drafted nor approved.
INVESTIGATOR = "100007"
OBJECTOR = "100063"


def _found(told: DemoRound) -> Round | None:
    from honors.models import Round

    rows = Round.objects.select_related("case__unit", "title")
    return rows.filter(title__code=told.title, year=told.year).first()


def _at(
    world: DemoWorld, told: DemoRound, day: date, state: str, actor: str, run: Callable[[Any], Any]
) -> bool:
    """Do something with a round that stands in a state, as whoever does it; say whether."""
    round_ = _found(told)
    if (round_.case.state if round_ else "") != state:
        return False
    with (
        set_clock(datetime.combine(day, time(10, 0), SHANGHAI)),
        act_as(user_id=world.user(actor).pk),
    ):
        # A deed that leaves the state as it was says False where it was done before.
        if run(round_) is False:
            return False
    world.written["honor-round", "done"] += 1
    return True


def _step(world: DemoWorld, login: str, code: str, **values: Any) -> Callable[[Round], None]:
    return lambda round_: _apply(world, round_, login, code, values)


def _apply(world: DemoWorld, round_: Round, login: str, code: str, values: dict[str, Any]) -> None:
    cases.apply(round_.pk, code, world.user(login), values)


def _prepare(world: DemoWorld, told: DemoRound) -> Callable[[Any], None]:
    def run(_none: Any) -> None:
        from honors.models import Title
        from honors.rounds.preparing import prepare

        values = {
            "title": Title.objects.get(code=told.title),
            "year": told.year,
            "requirements": told.requirements,
            "closes_on": told.closes_on,
            "phone": "0000-1230",
            "address": "集团办公楼四层406室，党委工作部",
            "seats": told.seats,
            "quota": told.quota,
        }
        members = {part: [world.user(login).person] for part, login in SPEAKERS.items()}
        members["judge"] = [world.user(login).person for login in JUDGES]
        prepare(world.user(PARTY_STAFF), values, members, {})  # type: ignore[arg-type]

    return run


def _nominate(world: DemoWorld, told: DemoRound) -> Callable[[Round], None]:
    def run(round_: Round) -> None:
        for one in told.nominees:
            _hand_in(world, round_, one, told.assembly_on)

    return run


def _hand_in(world: DemoWorld, round_: Round, one: DemoNominee, day: date) -> None:
    from honors.rounds import nominating
    from portal.people.models import Person

    person = Person.objects.filter(employee_number=one.person).first() if one.person else None
    user = world.user(one.by)
    made = nominating.save_draft(
        round_.pk,
        user,
        {
            "kind": one.kind,
            "person": person,
            "subject_name": one.name,
            "unit": world.units[one.unit],
            "branch": world.units[one.branch],
            "position": one.position,
            "front_line": True,
            "brief": one.brief,
            "deeds": one.deeds,
            "accident_free_days": one.days,
            "hazards_found": one.hazards,
            "innovation_before": one.before,
            "innovation_after": one.after,
        },
    )
    if one.goes_to == "draft":
        return
    nominating.hand_in(made.pk, user)
    if one.goes_to == "submitted":
        return
    nominating.assess(
        made.pk,
        world.user(one.secretary),
        {
            "recommends": True,
            "assembly_on": day,
            "attended": one.attended,
            "agreed": one.attended - 1,
            "branch_opinion": one.opinion,
        },
    )


def _examine(world: DemoWorld) -> Callable[[Round], None]:
    def run(round_: Round) -> None:
        from honors.models import NominationState
        from honors.rounds import examining

        everything = list(range(len(round_.terms["criteria"])))
        for row in round_.nominations.filter(state=NominationState.RECOMMENDED):
            for part, login in SPEAKERS.items():
                examining.give_opinion(row.pk, world.user(login), part, "agreed", "")
            examining.examine(
                row.pk,
                world.user(PARTY_STAFF),
                {"criteria": everything, "vetoes": [], "decision": "eligible", "reason": ""},
            )
        _apply(world, round_, PARTY_STAFF, "open_judging", {})

    return run


def _judge(world: DemoWorld, told: DemoRound, day: date) -> Callable[[Round], None]:
    def run(round_: Round) -> None:
        from honors.models import NominationState
        from honors.rounds import judging

        rows = list(round_.nominations.filter(state=NominationState.ELIGIBLE))
        marks = {one.name: one.mark for one in told.nominees}
        for row in rows:
            for place, login in enumerate(JUDGES):
                judging.score(
                    row.pk, world.user(login), _points(round_, marks[row.subject_name], place)
                )
        counts = {row.pk: [5, 0, 0] if marks[row.subject_name] >= 85 else [1, 4, 0] for row in rows}
        values = {
            "ballot_on": day,
            "ballots": len(JUDGES),
            "tellers": "监票人秦伯安，计票人陈雅琴",
            "counts": counts,
        }
        _apply(world, round_, PARTY_STAFF, "end_judging", values)
        winners = [row for row in rows if marks[row.subject_name] >= 85]
        _apply(world, round_, PARTY_STAFF, "propose", {"winners": winners})

    return run


def _points(round_: Round, mark: int, place: int) -> list[Any]:
    """Return points near a mark; judges differ by a point or two."""
    from decimal import Decimal

    lines = [line[1] for line in round_.terms["lines"]]
    points = [Decimal(round(most * mark / 100)) for most in lines]
    points[place % len(points)] = max(Decimal(0), points[place % len(points)] - place % 3)
    return points


def _object(world: DemoWorld, reason: str) -> Callable[[Round], None]:
    def run(round_: Round) -> None:
        from portal.public_notices.models import PublicNotice
        from portal.public_notices.services import raise_objection

        notice = PublicNotice.objects.of_owner("honor-round", str(round_.pk)).get()
        raise_objection(notice, world.user(OBJECTOR), reason)

    return run


def _dismiss(world: DemoWorld) -> Callable[[Round], None]:
    def run(round_: Round) -> None:
        from honors.rounds.objections import investigate
        from portal.public_notices.services import answer_objection, open_objections

        objection = open_objections("honor-round", str(round_.pk)).get()
        user = world.user(INVESTIGATOR)
        investigate(
            objection.pk,
            user,
            investigators="秦伯安、方正清",
            findings="调阅绞车房交接班记录和视频，询问四名职工，反映的时段为检修停机，不属于脱岗。",
            affects=False,
            nomination=None,
        )
        words = "经核查，反映的时段为计划检修停机，值班人员按规定在现场监护，不属于脱岗。感谢监督。"
        answer_objection(objection.pk, user, "dismissed", words)

    return run


def _end(round_: Round) -> None:
    from portal.public_notices.services import end_due_notices

    end_due_notices()


def register() -> None:
    """Register the days of the rounds."""
    for told in ROUNDS:
        for number, (day, state, actor, make) in enumerate(_days(told)):
            register_event(
                DemoEvent(
                    f"honor-round-{told.title}-{told.year}-{number}",
                    day,
                    lambda world, told=told, day=day, state=state, actor=actor, make=make: _at(  # type: ignore[misc]
                        world, told, day, state, actor, make(world)
                    ),
                )
            )


Day = tuple[date, str, str, Callable[["DemoWorld"], Callable[[Any], Any]]]


def _days(told: DemoRound) -> list[Day]:
    """Return day, state before, account and deed of everything that happened in a round."""
    days: list[Day] = [
        (told.days[0], "", PARTY_STAFF, lambda world: _prepare(world, told)),
        (
            told.days[1],
            "prepared",
            PARTY_APPROVER,
            lambda world: _step(world, PARTY_APPROVER, "open"),
        ),
        (told.days[2], "nominating", PARTY_STAFF, lambda world: _once(world, told)),
    ]
    if len(told.days) == 3:
        return days
    judged, noticed = told.days[5], told.days[6]
    days += [
        (
            told.days[3],
            "nominating",
            PARTY_STAFF,
            lambda world: _step(world, PARTY_STAFF, "close_nominations"),
        ),
        (told.days[4], "examining", PARTY_STAFF, lambda world: _examine(world)),
        (judged, "judging", PARTY_STAFF, lambda world: _judge(world, told, judged)),
        (
            noticed,
            "listed",
            PARTY_APPROVER,
            lambda world: _step(
                world, PARTY_APPROVER, "approve_list", meeting="集团党委会会议", meeting_on=noticed
            ),
        ),
        (told.days[7], "on_notice", OBJECTOR, lambda world: _object(world, told.objection)),
    ]
    if len(told.days) == 8:
        return days
    decided = told.days[10]
    days += [
        (told.days[8], "objected", INVESTIGATOR, _dismiss),
        (told.days[9], "on_notice", PARTY_STAFF, lambda _world: _end),
        (
            decided,
            "noticed",
            PARTY_STAFF,
            lambda world: _step(
                world,
                PARTY_STAFF,
                "draft_decision",
                decision_number=told.decision_number,
                decision_title=told.decision_title,
                decided_on=decided,
            ),
        ),
        (
            decided,
            "decision_drafted",
            PARTY_APPROVER,
            lambda world: _step(world, PARTY_APPROVER, "confer"),
        ),
    ]
    return days


def _once(world: DemoWorld, told: DemoRound) -> Callable[[Round], bool]:
    """Nominate unless it was done; the state of the round does not tell."""
    nominate = _nominate(world, told)

    def run(round_: Round) -> bool:
        rows: Any = round_.nominations
        if rows.exists():
            return False
        nominate(round_)
        return True

    return run
