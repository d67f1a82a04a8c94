"""Two lists of greetings of the demo: Army Day 2026 handed over, Spring Festival 2027 begun."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

MADE_ON = {
    ("army-day", 2026): date(2026, 7, 13),
    ("spring-festival", 2027): date(2026, 11, 20),
}

HANDED_OVER_ON = date(2026, 7, 24)


def register() -> None:
    """Register both lists; they are made when the register holds somebody."""
    for (festival, year), day in MADE_ON.items():
        register_event(
            DemoEvent(
                f"greetings-{festival}-{year}",
                day,
                lambda world, festival=festival, year=year, day=day: make(  # type: ignore[misc]
                    world, festival, year, day
                ),
            )
        )


def make(world: DemoWorld, festival: str, year: int, day: date) -> bool:
    """Make one list and tick off those who received it, unless it is there."""
    from veterans.models import Beneficiary, GreetingList
    from veterans.publicity import greetings

    if GreetingList.objects.filter(festival=festival, year=year).exists():
        return False
    if not Beneficiary.objects.current().exists():
        return False
    officer = world.user(VETERANS_OFFICER)
    with set_clock(datetime.combine(day, time(9, 40), SHANGHAI)), act_as(user_id=officer.pk):
        made = greetings.make_list(festival, year, officer)
    rows = list(made.rows.order_by("pk").values_list("pk", flat=True))
    if festival == "army-day":
        handed = {pk: "transfer" if number % 5 == 4 else "self" for number, pk in enumerate(rows)}
        with set_clock(datetime.combine(HANDED_OVER_ON, time(16, 30), SHANGHAI)):
            greetings.tick(made.pk, officer, handed, HANDED_OVER_ON)
            greetings.close(made.pk, officer)
    world.written["greetings", festival] += 1
    return True
