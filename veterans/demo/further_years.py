"""Support that goes on: one benefit in its second year, one that waits for it, one stopped.

The two were granted in autumn 2025, before the portal, which paid that year when it began; their
second year is paid the usual way. Every name and number is invented.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event
from portal.workdays.periods import months_later
from veterans.beneficiaries import benefits
from veterans.demo.applications import FAMILY, PAYER, DemoApplication, register_all
from veterans.models import Application, Payment, RunningBenefit
from veterans.models.applications import PaymentQuerySet, PaymentState
from veterans.models.benefits import BenefitState
from veterans.payments.next_years import YEAR_MONTHS
from veterans.payments.services import book_paid, make_list

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

FATHER, DRIVER, CHEN = "J20002", "100074", "100085"
#: Beside the numbers of the applications of 2026.
FIRST_NUMBER = 30


def _steps(*steps: tuple[str, str]) -> tuple[tuple[date, str], ...]:
    return tuple((date.fromisoformat(f"2026-{day}"), step) for day, step in steps)


BEGUN: tuple[DemoApplication, ...] = (
    DemoApplication(
        "father-care",
        FATHER,
        date(2026, 1, 13),
        FAMILY | {"category": "V3", "has_certificate": "yes"},
        _steps(
            ("01-14", "submit"),
            ("01-16", "accept"),
            ("01-20", "review"),
            ("01-26", "approve_directly"),
            ("01-30", "pay"),
            ("02-02", "confirm_payment"),
            ("02-04", "rate"),
        ),
        words="手续不多，钱到得快，谢谢你们年年记着。",
        item="bereaved-care",
    ),
    DemoApplication(
        "driver-education",
        DRIVER,
        date(2026, 1, 19),
        {
            **{"category": "V1", "employment": "employee", "school_stage": "university"},
            **{"by_agent": "no", "is_minor": "no"},
        },
        _steps(
            ("01-20", "submit"),
            ("01-22", "accept"),
            ("01-27", "review"),
            ("01-30", "approve"),
            ("02-10", "end_notice"),
            ("02-11", "pay"),
            ("02-12", "confirm_payment"),
            ("02-24", "rate"),
        ),
        words="材料一次交齐，没有多跑。",
        item="education",
    ),
)


def _of(number: str, item: str) -> RunningBenefit | None:
    found = RunningBenefit.objects.filter(person__employee_number=number, item__code=item)
    return found.select_related("item").first()


# First days of the years that were granted before the portal.
GRANTED_FROM = {
    (FATHER, "bereaved-care"): date(2025, 9, 25),
    (DRIVER, "education"): date(2025, 11, 5),
}


def _begun_earlier(_world: DemoWorld) -> bool:
    """Let the two benefits begin on the day they were granted, as they do in the old register."""
    changed = 0
    for (number, item), begun in GRANTED_FROM.items():
        benefit = _of(number, item)
        if benefit is None or benefit.started_on == begun:
            continue
        benefit.started_on = begun
        benefit.confirm_by = benefit.next_from = months_later(begun, YEAR_MONTHS)
        benefit.save(update_fields=["started_on", "confirm_by", "next_from"])
        Application.objects.filter(pk=benefit.pk).update(period=str(begun.year))
        changed += 1
    return bool(changed)


def _confirm(world: DemoWorld, number: str, item: str) -> bool:
    benefit = _of(number, item)
    if benefit is None or benefit.confirmations.exists():
        return False
    benefits.confirm(benefit.pk, world.user(number))
    return True


def _order(world: DemoWorld) -> bool:
    benefit = _of(FATHER, "bereaved-care")
    if benefit is None or _years(benefit).exists():
        return False
    make_list(benefit.item, world.user(PAYER), [], [benefit.pk])
    return True


def _book(world: DemoWorld) -> bool:
    benefit = _of(FATHER, "bereaved-care")
    ordered = _years(benefit).filter(state=PaymentState.ORDERED) if benefit is not None else None
    payment = ordered.select_related("list_row__list").first() if ordered is not None else None
    if payment is None:
        return False
    book_paid(payment.list_row.list, world.user(PAYER), [payment.pk])
    return True


def _years(benefit: RunningBenefit) -> PaymentQuerySet:
    return Payment.objects.of_further_years().filter(application=benefit.pk)


def _stop(world: DemoWorld) -> bool:
    benefit = _of(CHEN, "housing")
    if benefit is None or benefit.state != BenefitState.RUNNING:
        return False
    reason = "11月12日实地核查，已住进自有住房，住房补贴停发；有异议可以到服务站说明。"
    benefits.stop(benefit.pk, reason, world.user(VETERANS_OFFICER))
    return True


EVENTS: tuple[tuple[str, datetime, Callable[[DemoWorld], bool], str], ...] = (
    ("further-years-begun", datetime(2026, 2, 25, 9, 15), _begun_earlier, VETERANS_OFFICER),
    (
        "further-year-confirmed",
        datetime(2026, 8, 20, 10, 5),
        lambda world: _confirm(world, FATHER, "bereaved-care"),
        FATHER,
    ),
    ("further-year-ordered", datetime(2026, 9, 25, 9, 40), _order, PAYER),
    ("further-year-paid", datetime(2026, 9, 28, 15, 10), _book, PAYER),
    (
        "further-year-waits",
        datetime(2026, 10, 20, 19, 30),
        lambda world: _confirm(world, DRIVER, "education"),
        DRIVER,
    ),
    ("benefit-stopped", datetime(2026, 11, 13, 11, 20), _stop, VETERANS_OFFICER),
)


def register() -> None:
    """Register the applications and what followed, each on its day."""
    register_all(BEGUN, FIRST_NUMBER)
    for code, moment, run, actor in EVENTS:
        register_event(
            DemoEvent(
                code,
                moment.date(),
                lambda world, run=run, moment=moment, actor=actor: _at(  # type: ignore[misc]
                    world, run, moment, actor
                ),
            )
        )


def _at(world: DemoWorld, run: Callable[[DemoWorld], bool], moment: datetime, actor: str) -> bool:
    """Do it at its moment, as whoever does it."""
    with (
        set_clock(datetime.combine(moment.date(), time(moment.hour, moment.minute), SHANGHAI)),
        act_as(user_id=world.user(actor).pk),
    ):
        if not run(world):
            return False
    world.written["support-further-year", "done"] += 1
    return True
