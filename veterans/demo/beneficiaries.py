"""The register of the demo: employees and families, certificates, who acts for whom.

Every name and number is invented. On purpose left open for the officer: a certificate and a
letter of authority to verify, a benefit to confirm, an application typed in and not handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.organization import IDENTITY_NUMBERS, demo_phone
from portal.demo.parts import VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event
from portal.people.models import Person
from veterans.beneficiaries import entry, invitations, register, representatives
from veterans.demo.papers import photographed_paper
from veterans.models import (
    Beneficiary,
    Invitation,
    Representation,
    RunningBenefit,
    SupportItem,
)

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

OPENED, ACTING, MORE = date(2026, 1, 12), date(2026, 3, 2), date(2026, 11, 18)
CHILD, AUNT = "140000201409010223", "14000019550211044X"
PAPER_NUMBERS = 9000


@dataclass(frozen=True)
class DemoBeneficiary:
    """One row of the register; without an employee number somebody outside.

    Attributes:
        certificate: kind and number of a certificate.
        verified: whether its original was seen.
    """

    name: str
    number: str
    category: str
    since: date
    identity_number: str = ""
    level: str = ""
    address: str = ""
    note: str = ""
    certificate: tuple[str, str] = ("", "")
    valid_until: date | None = None
    verified: bool = True


PEOPLE: tuple[DemoBeneficiary, ...] = (
    DemoBeneficiary(
        *("丛大海", "100085", "V1", date(2016, 4, 5)),
        address="岚川市青石梁街道",
        certificate=("discharge", "退字2015第0085号"),
    ),
    DemoBeneficiary(
        *("钱永胜", "100065", "V2", date(2010, 5, 4)),
        level="8",
        address="岚川市洗煤厂街道",
        certificate=("disability", "晋军残0065"),
        valid_until=date(2027, 3, 31),
    ),
    DemoBeneficiary(
        *("龚海波", "100074", "V1", date(2012, 9, 6)),
        address="岚川市热电街道",
        certificate=("preference", "优待0074"),
        valid_until=date(2030, 12, 31),
        verified=False,
    ),
    DemoBeneficiary(
        *("秦月兰", "J20001", "V6", date(2025, 2, 10)),
        address="岚川市青石梁街道",
        note="听力不太好，请说慢一点。",
    ),
    DemoBeneficiary(
        *("葛长顺", "J20002", "V3", date(2009, 9, 30)),
        address="岚川市河东街道",
        note="腿脚不便，可以上门办理。",
        certificate=("martyr", "烈字0917"),
    ),
    DemoBeneficiary(
        *("魏素珍", "J20003", "V5", date(2018, 3, 3)),
        address="岚川市青石梁街道",
        certificate=("illness-death", "病字0703"),
    ),
    DemoBeneficiary(
        *("阎春燕", "J20004", "V6", date(2026, 8, 1)),
        address="岚川市新城街道",
    ),
    DemoBeneficiary(
        *("葛小满", "", "V3", date(2014, 9, 1)),
        identity_number=CHILD,
        address="岚川市河东街道",
        note="未成年，由祖父葛长顺监护。",
    ),
    DemoBeneficiary(
        *("顾秀兰", "", "V4", date(2003, 11, 8)),
        identity_number=AUNT,
        address="岚川市洗煤厂街道",
    ),
)


def register_events() -> None:
    """Register what happens in the register on its days."""
    register_event(DemoEvent("register-opened", OPENED, open_register))
    register_event(DemoEvent("register-acting", ACTING, name_those_who_act))
    register_event(DemoEvent("register-open-work", MORE, leave_work_open))


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour, 20), SHANGHAI)


def _identity_number(row: DemoBeneficiary) -> str:
    return row.identity_number or IDENTITY_NUMBERS[row.number]


def _find(row: DemoBeneficiary) -> Beneficiary | None:
    people = Person.objects.with_identity_number(_identity_number(row))
    return Beneficiary.objects.filter(person__in=people).first()


def open_register(world: DemoWorld) -> bool:
    """Take everybody into the register unless they are there."""
    officer = world.user(VETERANS_OFFICER)
    made = 0
    for place, row in enumerate(PEOPLE):
        if _find(row) is not None:
            continue
        with set_clock(_at(OPENED)):
            found = register.register(
                {
                    "name": row.name,
                    "employee_number": row.number,
                    "identity_number": _identity_number(row),
                    "phone": "" if row.number else demo_phone(f"{place + 30}"),
                    "category": row.category,
                    "level": row.level,
                    "valid_from": row.since,
                    "address": row.address,
                    "note": row.note,
                },
                officer,
            )
            kind, number = row.certificate
            if kind:
                values = {
                    "kind": kind,
                    "number": number,
                    "issued_on": row.since,
                    "valid_until": row.valid_until,
                }
                photo = photographed_paper(PAPER_NUMBERS + place, number)
                shown = register.add_certificate(found.pk, values, [photo], officer)
                if row.verified:
                    register.verify_certificate(shown.pk, officer)
        made += 1
    world.written["beneficiary", "registered"] += made
    return bool(made)


def _person(number: str) -> Person:
    return Person.objects.get(employee_number=number)


def _entrust(
    world: DemoWorld,
    principal: Person,
    agent: Person,
    day: date,
    *,
    verified: bool,
    **values: object,
) -> None:
    officer = world.user(VETERANS_OFFICER)
    with set_clock(_at(day, 10)):
        row = representatives.add(
            principal.pk,
            {
                "name": agent.name,
                "identity_number": agent.identity_number,
                "phone": agent.phone,
                "valid_from": day,
                **values,
            },
            [photographed_paper(PAPER_NUMBERS + 50 + principal.pk % 40, "授权委托书")],
            officer,
        )
        if verified:
            representatives.verify(row.pk, officer)


def name_those_who_act(world: DemoWorld) -> bool:
    """Let a grandfather be guardian, and a neighbour act for a widow."""
    if Representation.objects.exists():
        return False
    child = Person.objects.with_identity_number(CHILD).get()
    grandfather, widow, neighbour = _person("J20002"), _person("J20003"), _person("J20001")
    day = ACTING
    _entrust(world, child, grandfather, day, verified=True, kind="guardian", valid_to=None)
    items = list(SupportItem.objects.filter(code__in=("housing", "medical")))
    _entrust(
        world,
        widow,
        neighbour,
        day,
        verified=True,
        kind="delegation",
        items=items,
        valid_to=date(2026, 12, 31),
    )
    with set_clock(_at(day, 11)):
        register.add_tie(
            grandfather.pk,
            {
                "name": child.name,
                "identity_number": CHILD,
                "kind": "other",
                "same_household": True,
            },
            world.user(VETERANS_OFFICER),
        )
    world.written["representation", "verified"] += 2
    return True


def leave_work_open(world: DemoWorld) -> bool:
    """Leave a letter to verify, an invitation, an application typed in, a benefit to confirm."""
    if Invitation.objects.exists():
        return False
    officer = world.user(VETERANS_OFFICER)
    aunt = Person.objects.with_identity_number(AUNT).get()
    housing = SupportItem.objects.get(code="housing")
    _entrust(
        world,
        aunt,
        _person("J20004"),
        MORE,
        verified=False,
        kind="delegation",
        items=[housing],
        valid_to=date(2027, 11, 17),
    )
    with set_clock(_at(MORE, 14)):
        # The code itself is kept by nobody; the officer makes another one for the slip.
        invitations.invite(aunt.pk, officer)
        entry.start_for(aunt.pk, housing, "home", officer)
    # Its payments began before the portal did, so its confirmation is due before a year is over.
    benefit = RunningBenefit.objects.filter(person__employee_number="J20003").first()
    if benefit is not None:
        benefit.confirm_by = date(2026, 12, 10)
        benefit.save(update_fields=["confirm_by"])
    world.written["register", "open-work"] += 1
    return True
