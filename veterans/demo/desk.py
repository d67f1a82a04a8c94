"""What happens beside the applications of the demo: more time, a declared relative, a phone call.

Every name and number is invented. Each happens once, on its day, by whoever does it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.archives.actors import act_as
from portal.cases import beside, kin
from portal.cases.models import Case, DeclaredRelative, ExtensionRequest, PhoneCall
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import UNION_CHAIR, UNION_STAFF, VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

SOLDIER, WIFE = "100024", "J20001"
# Numbers of a province that gives none to people.
SISTER, SISTER_NUMBER = "田雨荷", "140000199106060610"
MORE_TIME = "服役年限要向原部队核实，回函还在路上，需要延长十日。"
GRANTED = "同意。收到回函后当天提交审核意见，并电话告知本人。"


def _case(world: DemoWorld, applicant: str) -> Case:
    """Return the first case of somebody for the housing subsidy."""
    found = Case.objects.filter(
        applicant=world.user(applicant).person, application__item__code="housing"
    )
    return found.earliest("created_at")


def _declare(world: DemoWorld) -> bool:
    officer = world.user(VETERANS_OFFICER)
    if DeclaredRelative.objects.filter(person=officer.person).exists():
        return False
    kin.declare(officer, name=SISTER, kind="sibling", identity_number=SISTER_NUMBER)
    return True


def _ask(world: DemoWorld) -> bool:
    case = _case(world, SOLDIER)
    if ExtensionRequest.objects.filter(clock__case=case).exists():
        return False
    beside.ask_extension(case.pk, world.user(UNION_STAFF), MORE_TIME)
    return True


def _grant(world: DemoWorld) -> bool:
    request = ExtensionRequest.objects.filter(
        clock__case=_case(world, SOLDIER), decided_at=None
    ).first()
    if request is None:
        return False
    beside.decide_extension(request.pk, world.user(UNION_CHAIR), granted=True, answer=GRANTED)
    return True


def _call(world: DemoWorld) -> bool:
    """The notice of a correction did not arrive by SMS, so somebody phones."""
    case = _case(world, WIFE)
    _row, created = PhoneCall.objects.get_or_create(
        event_key=f"case:{case.pk}:request_correction",
        defaults={
            "case": case,
            "message": "support-correction",
            "opened_at": timezone.now(),
        },
    )
    return created


EVENTS: tuple[tuple[str, date, Callable[[DemoWorld], bool], str], ...] = (
    ("support-relative", date(2026, 10, 20), _declare, VETERANS_OFFICER),
    ("support-more-time", date(2026, 11, 12), _ask, UNION_STAFF),
    ("support-more-time-granted", date(2026, 11, 13), _grant, UNION_CHAIR),
    ("support-phone-call", date(2026, 11, 19), _call, VETERANS_OFFICER),
)


def register() -> None:
    """Register every event on its day."""
    for code, day, run, actor in EVENTS:
        register_event(
            DemoEvent(
                code,
                day,
                lambda world, run=run, day=day, actor=actor: _at(world, run, day, actor),  # type: ignore[misc]
            )
        )


def _at(world: DemoWorld, run: Callable[[DemoWorld], bool], day: date, actor: str) -> bool:
    """Do it in the afternoon, as whoever does it."""
    moment = datetime.combine(day, time(15, 20), SHANGHAI)
    with set_clock(moment), act_as(user_id=world.user(actor).pk):
        if not run(world):
            return False
    world.written["support-desk", "done"] += 1
    return True
