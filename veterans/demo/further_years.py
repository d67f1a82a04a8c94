"""Support that goes on: one benefit in its second year, one that waits for it, one stopped.

The two began in autumn 2025 by the standards of that year; their second year is computed by those
of 2026. Every name and number is invented.
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
from veterans.beneficiaries import benefits
from veterans.demo.applications import FAMILY, PAYER, DemoApplication, register_all
from veterans.models import Payment, RunningBenefit
from veterans.models.applications import PaymentQuerySet, PaymentState
from veterans.models.benefits import BenefitState
from veterans.payments.services import book_paid, make_list

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

FATHER, DRIVER, CHEN = "J20002", "100074", "100085"
#: Beside the numbers of the applications of 2026.
FIRST_NUMBER = 30


def _in_2025(*steps: tuple[str, str]) -> tuple[tuple[date, str], ...]:
    return tuple((date.fromisoformat(f"2025-{day}"), step) for day, step in steps)


BEGUN: tuple[DemoApplication, ...] = (
    DemoApplication(
        "father-care-2025",
        FATHER,
        date(2025, 9, 1),
        FAMILY | {"category": "V3", "has_certificate": "yes"},
        _in_2025(
            ("09-02", "submit"),
            ("09-04", "accept"),
            ("09-09", "review"),
            ("09-15", "approve_directly"),
            ("09-23", "pay"),
            ("09-25", "confirm_payment"),
            ("09-28", "rate"),
        ),
        words="纪念日前就收到了，谢谢你们年年记着。",
        item="bereaved-care",
    ),
    DemoApplication(
        "driver-education-2025",
        DRIVER,
        date(2025, 9, 16),
        {
            **{"category": "V1", "employment": "employee", "school_stage": "university"},
            **{"by_agent": "no", "is_minor": "no"},
        },
        _in_2025(
            ("09-17", "submit"),
            ("09-22", "accept"),
            ("09-28", "review"),
            ("10-13", "approve"),
            ("10-27", "end_notice"),
            ("11-03", "pay"),
            ("11-05", "confirm_payment"),
            ("11-07", "rate"),
        ),
        words="材料一次交齐，没有多跑。",
        item="education",
    ),
)


def _of(number: str, item: str) -> RunningBenefit | None:
    found = RunningBenefit.objects.filter(person__employee_number=number, item__code=item)
    return found.select_related("item").first()


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
    """Register the applications of 2025 and what followed, each on its day."""
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
