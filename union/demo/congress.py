"""The workers' congress of the demo company: two sessions, delegates, proposals, a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from portal.archives.actors import act_as
from portal.cases import services as cases
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import UNION_CHAIR, UNION_STAFF
from portal.demo.registry import DemoEvent, register_event
from union.demo.congress_texts import PROPOSALS, SECOND, THIRD, DemoProposal, d

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld
    from union.models import CongressSession, Proposal

TERM = 10
DELEGATES = (
    "100024",
    "100044",
    "100045",
    "100053",
    "100063",
    "100064",
    "100075",
    "100076",
    "100082",
    "100083",
)
ELECTED = date(2024, 9, 20)
SESSIONS = {
    SECOND: (d("01-05"), d("02-06"), d("03-20")),
    THIRD: (d("11-02"), d("12-04"), d("12-28")),
}
BEST = "更换井下主运皮带机头照明"


def _at(
    world: DemoWorld, day: date, hour: int, minute: int, actor: str, run: Callable[[], bool]
) -> bool:
    """Do something at its hour, as whoever does it."""
    user = world.user(actor).pk if actor not in ("", "-") else None
    with (
        set_clock(datetime.combine(day, time(hour, minute), SHANGHAI)),
        act_as(user_id=user),
    ):
        if not run():
            return False
    world.written["union-proposal", "done"] += 1
    return True


def _open_session(world: DemoWorld, number: int) -> bool:
    """Enter term, delegates and session, as the union officer does."""
    from union.models import CongressSession, CongressTerm
    from union.proposals.congress import add_delegates

    term, created = CongressTerm.objects.get_or_create(
        number=TERM,
        defaults={
            "unit": world.units["QL"],
            "starts_on": date(2024, 9, 1),
            "ends_on": date(2028, 8, 31),
        },
    )
    if created:
        officer = world.user(UNION_STAFF)
        for login in DELEGATES:
            add_delegates(term, officer, [login], ELECTED, world.units[_delegation(login)])
    if term.sessions.filter(number=number).exists():
        return False
    opens, closes, held = SESSIONS[number]
    CongressSession.objects.create(
        term=term, number=number, opens_on=opens, closes_on=closes, held_on=held
    )
    return True


def _delegation(login: str) -> str:
    """Return the unit in which somebody was elected, where the person works."""
    from portal.demo.organization import PEOPLE

    return next(row.unit for row in PEOPLE if row.number == login)


def _session(number: int) -> CongressSession:
    from union.models import CongressSession

    return CongressSession.objects.select_related("term").get(term__number=TERM, number=number)


def _found(session: int, subject: str) -> Proposal | None:
    from union.models import Proposal

    rows = Proposal.objects.select_related("case", "session__term")
    return rows.filter(
        session__term__number=TERM, session__number=session, case__item=subject
    ).first()


def _start(world: DemoWorld, row: DemoProposal) -> bool:
    from union.models import ProposalCategory
    from union.proposals import services

    if _found(row.session, row.subject) is not None:
        return False
    user = world.user(row.proposer)
    values = {
        "subject": row.subject,
        "category": ProposalCategory.objects.get(code=row.category),
        "reasons": row.reasons,
        "measures": row.measures,
        "phone": user.person.phone if user.person else "",
    }
    case = services.start(_session(row.session), user, values)
    if row.handed_in:
        cases.apply(case.pk, "submit", user, {})
    return True


def _second(world: DemoWorld, row: DemoProposal, delegate: str) -> bool:
    from union.proposals import services

    proposal, user = _found(row.session, row.subject), world.user(delegate)
    if proposal is None or proposal.seconds.filter(delegate__person=user.person_id).exists():
        return False
    services.second(proposal.pk, user)
    return True


def _step(world: DemoWorld, row: DemoProposal, position: int) -> bool:
    """Take a step unless it was taken; the hand-in is the first event of a case."""
    proposal = _found(row.session, row.subject)
    if proposal is None or proposal.case.sequence != position:
        return False
    _day, step, actor, given = row.steps[position - 1]
    values: dict[str, Any] = dict(given)
    if step == "dispatch":
        values["lead"] = world.units[values["lead"]]
        values["helpers"] = [world.units[code] for code in values["helpers"]]
    elif step == "merge":
        values["main"] = _found(row.session, values["main"])
    user = None if actor == "-" else world.user(actor or row.proposer)
    cases.apply(proposal.pk, step, user, values)
    return True


def _name_best(world: DemoWorld) -> bool:
    from union.proposals import services

    proposal = _found(SECOND, BEST)
    if proposal is None or proposal.best or proposal.case.state != "closed":
        return False
    services.name_best(proposal.session, world.user(UNION_STAFF), {str(proposal.pk)})
    return True


def _report(world: DemoWorld) -> bool:
    from union.models import CongressReport
    from union.proposals import reports

    session = _session(SECOND)
    if CongressReport.objects.filter(session=session).exists():
        return False
    reports.write(session.pk, world.user(UNION_STAFF))
    return True


def _publish(world: DemoWorld) -> bool:
    from union.models import CongressReport
    from union.proposals import reports

    report = CongressReport.objects.filter(session=_session(SECOND)).first()
    if report is None or report.published_at is not None:
        return False
    reports.publish(report.session_id, world.user(UNION_CHAIR), seen=report.written_at.isoformat())
    return True


def _register(
    code: str, day: date, hour: int, minute: int, actor: str, run: Callable[[DemoWorld], bool]
) -> None:
    register_event(
        DemoEvent(code, day, lambda world: _at(world, day, hour, minute, actor, lambda: run(world)))
    )


def register() -> None:
    """Register sessions, proposals and the report, each on its day."""
    for number, (opens, _closes, _held) in SESSIONS.items():
        _register(
            f"congress-session-{number}",
            opens,
            8,
            40,
            UNION_STAFF,
            lambda world, number=number: _open_session(world, number),  # type: ignore[misc]
        )
    for place, row in enumerate(PROPOSALS):
        _register_proposal(place, row)
    _register("congress-best", d("06-08"), 15, 20, UNION_STAFF, _name_best)
    _register("congress-report", d("06-09"), 10, 5, UNION_STAFF, _report)
    _register("congress-report-published", d("06-10"), 9, 30, UNION_CHAIR, _publish)


def _register_proposal(place: int, row: DemoProposal) -> None:
    code = f"proposal-{place}"
    _register(
        code,
        row.started,
        9,
        place * 4 % 60,
        row.proposer,
        lambda world: _start(world, row),
    )
    for number, (day, delegate) in enumerate(row.seconds):
        _register(
            f"{code}-second-{number}",
            day,
            11 + number % 3,
            place * 3 % 60,
            delegate,
            lambda world, delegate=delegate: _second(world, row, delegate),  # type: ignore[misc]
        )
    for position, (day, _name, actor, _values) in enumerate(row.steps, start=1):
        _register(
            f"{code}-step-{position}",
            day,
            14 + position % 3,
            place * 3 % 60,
            actor or row.proposer,
            lambda world, position=position: _step(world, row, position),  # type: ignore[misc]
        )
