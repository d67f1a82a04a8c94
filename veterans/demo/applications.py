"""Applications for the housing subsidy through 2026: every state, a late one, one refused.

Every name and number is invented. Each step happens on its own day, by whoever does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from stdnum import luhn

from portal.archives.actors import act_as
from portal.cases import services as cases
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import PARTY_APPROVER, UNION_CHAIR, UNION_STAFF, VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event
from portal.people.models import Person
from portal.personal_data.consents import current_notice, give_consent
from portal.public_notices.services import end_due_notices
from veterans.applications import services
from veterans.applications.tasks import NOTICE_CODE, missing_materials
from veterans.demo.papers import photographed_paper
from veterans.models import Application, SupportItem
from veterans.payments.limits import tier_of
from veterans.payments.services import make_list

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

PAYER = "100019"
FAMILY = {
    "employment": "family",
    "housing_status": "renting",
    "spouse_receives": "no",
    "by_agent": "no",
    "is_minor": "no",
}
EMPLOYEE = FAMILY | {"category": "V1", "employment": "employee", "employed_since": "2016-04-05"}

Step = tuple[date, str]
# The decisions of the Party committee on amounts above the limit of the chair.
DECISIONS = {
    "widow-paid": "沁岚党发〔2026〕18号",
    "martyr-approved": "沁岚党发〔2026〕41号",
}


def card(number: int) -> str:
    """Return an invented card number of 19 digits with its check digit."""
    digits = f"6200000000000000{number:02d}"
    return digits + luhn.calc_check_digit(digits)


@dataclass(frozen=True)
class DemoApplication:
    """One application.

    Attributes:
        applicant: employee number, or the number of a family account.
        started: day of the draft; `steps` follow, each on its day.
        reason: what is said where a step needs a reason.
    """

    key: str
    applicant: str
    started: date
    answers: dict[str, str]
    steps: tuple[Step, ...] = ()
    reason: str = ""
    branch: str = "岚川储蓄银行青石梁支行"
    opinion: str = "supported"
    level: int = 5
    words: str = ""
    unfinished: tuple[str, ...] = field(default=())
    item: str = "housing"


def _d(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


_WHOLE = ("submit", "accept", "review", "approve", "end_notice", "pay", "confirm_payment", "rate")


def _way(*days: str) -> tuple[Step, ...]:
    steps = _WHOLE[: len(days)]
    return tuple(zip(map(_d, days), steps, strict=True))


APPLICATIONS: tuple[DemoApplication, ...] = (
    DemoApplication(
        "chen-paid",
        "100085",
        _d("02-25"),
        EMPLOYEE | {"employed_since": "2016-04-05"},
        _way("02-26", "03-02", "03-06", "03-12", "03-20", "03-24", "03-27", "03-30"),
        words="手机上就能看到办到哪一步，很方便。",
    ),
    DemoApplication(
        "widow-paid",
        "J20003",
        _d("04-08"),
        FAMILY | {"category": "V5"},
        (
            (_d("04-09"), "submit"),
            (_d("04-13"), "request_correction"),
            (_d("04-16"), "resubmit"),
            (_d("04-17"), "accept"),
            (_d("04-24"), "review"),
            (_d("04-29"), "approve"),
            (_d("05-12"), "end_notice"),
            (_d("05-14"), "pay"),
            (_d("05-18"), "confirm_payment"),
            (_d("05-20"), "rate"),
        ),
        reason="银行卡照片反光，卡号看不清，请重新填写并核对",
        words="周站长帮我重新拍了照片，谢谢。",
    ),
    DemoApplication(
        "martyr-approved",
        "J20002",
        _d("10-12"),
        FAMILY | {"category": "V3"},
        _way("10-13", "10-16", "10-26", "10-30", "11-09"),
    ),
    DemoApplication(
        "repairman-refused",
        "100065",
        _d("09-14"),
        EMPLOYEE | {"employed_since": "2010-05-04"},
        (
            (_d("09-15"), "submit"),
            (_d("09-18"), "accept"),
            (_d("09-24"), "review"),
            (_d("10-12"), "reject"),
        ),
        reason="配偶名下在岚川市有自有住房，人均面积超过15平方米，不符合第一条第四款",
        opinion="unsupported",
    ),
    DemoApplication(
        "driver-notice",
        "100074",
        _d("11-02"),
        EMPLOYEE | {"employed_since": "2012-09-06"},
        _way("11-03", "11-05", "11-12", "11-18"),
    ),
    DemoApplication(
        "soldier-approval",
        "100024",
        _d("11-04"),
        EMPLOYEE | {"employed_since": "2008-07-01"},
        _way("11-05", "11-09", "11-16"),
    ),
    DemoApplication(
        "rescuer-late-review",
        "100082",
        _d("10-08"),
        EMPLOYEE | {"employed_since": "2021-06-15"},
        _way("10-10", "10-14"),
    ),
    DemoApplication(
        "support-worker-new",
        "100028",
        _d("11-18"),
        EMPLOYEE | {"employed_since": "2024-07-01"},
        _way("11-19"),
    ),
    DemoApplication(
        "wife-correcting",
        "J20001",
        _d("11-10"),
        FAMILY | {"category": "V6"},
        (
            (_d("11-11"), "submit"),
            (_d("11-17"), "request_correction"),
        ),
        reason="开户行没有写到网点，请补写开户网点",
        branch="岚川储蓄银行",
    ),
    DemoApplication(
        "clerk-draft",
        "100041",
        _d("11-20"),
        EMPLOYEE | {"employed_since": "2003-09-01"},
        unfinished=("materials",),
    ),
    DemoApplication(
        "wife-withdrawn",
        "J20004",
        _d("08-20"),
        FAMILY | {"category": "V6"},
        ((_d("08-21"), "submit"), (_d("08-26"), "withdraw")),
    ),
)


def register() -> None:
    """Register every application of 2026."""
    register_all(APPLICATIONS)


def register_all(rows: Iterable[DemoApplication], first_number: int = 0) -> None:
    """Register the draft and every step of each application on its day.

    Args:
        first_number: tells minutes, cards and papers of these rows from those of others.
    """
    for number, row in enumerate(rows, start=first_number):
        register_event(
            DemoEvent(
                f"{row.key}-draft",
                row.started,
                lambda world, row=row, number=number: start(world, row, number),  # type: ignore[misc]
            )
        )
        for position, (day, step) in enumerate(row.steps, start=1):
            register_event(
                DemoEvent(
                    f"{row.key}-{position}",
                    day,
                    lambda world, row=row, step=step, day=day, position=position: take(  # type: ignore[misc]
                        world, row, step, day, position
                    ),
                )
            )


def _application(world: DemoWorld, row: DemoApplication) -> Application | None:
    person = world.user(row.applicant).person
    found = Application.objects.filter(case__applicant=person, item__code=row.item)
    return found.select_related("case", "item").first()


def start(world: DemoWorld, row: DemoApplication, number: int) -> bool:
    """Write one draft unless it is there."""
    if _application(world, row) is not None:
        return False
    user = world.user(row.applicant)
    person = Person.objects.get(employee_number=row.applicant)
    with set_clock(datetime.combine(row.started, time(9, 5 + number), SHANGHAI)):
        application = services.start(SupportItem.objects.get(code=row.item), user)
        services.save_about(
            application.pk,
            user,
            {
                "for_whom": "self",
                "relation": "",
                "name": person.name,
                "identity_number": person.identity_number,
                "phone": person.phone,
            },
        )
        application.refresh_from_db()
        application.given_answers = row.answers
        application.bank_name, application.bank_card = row.branch, card(number + 1)
        application.save()
        for place, material in enumerate(missing_materials(application)):
            if "materials" in row.unfinished and place:
                continue
            paper = photographed_paper(number * 20 + place, material.name)
            services.add_files(application, user, material.code, [paper])
        notice = current_notice(NOTICE_CODE)
        give_consent(
            notice,
            notice.sensitive_kinds,
            person=person,
            owner_kind=OWNER_KIND,
            owner_id=owner_id(application.case),
        )
    world.written["support-application", "draft"] += 1
    return True


def _values(row: DemoApplication, step: str) -> dict[str, Any]:
    values: dict[str, dict[str, Any]] = {
        "request_correction": {
            "items": [{"code": "bank", "label": "收款账户", "reason": row.reason}],
            "reason": f"收款账户：{row.reason}",
        },
        "review": {"opinion": row.opinion, "note": "已与人力资源、房产登记信息比对"},
        "approve": {"decision": DECISIONS.get(row.key, "")},
        "reject": {"reason": row.reason, "reason_code": "condition"},
        "rate": {"level": row.level, "words": row.words},
    }
    return values.get(step, {})


_ACTORS = {
    "request_correction": VETERANS_OFFICER,
    "accept": VETERANS_OFFICER,
    "review": UNION_STAFF,
    "approve": UNION_CHAIR,
    "approve_directly": UNION_CHAIR,
    "reject": PARTY_APPROVER,
    "pay": PAYER,
    "confirm_payment": PAYER,
}


def _actor(row: DemoApplication, step: str, application: Application) -> str:
    """Return who takes a step; above the limit of the chair the Party secretary approves."""
    if step == "approve" and application.amount is not None:
        tier = tier_of(application.amount, timezone.localdate())
        if tier is not None and tier.needs_decision:
            return PARTY_APPROVER
    return _ACTORS.get(step, row.applicant)


def take(world: DemoWorld, row: DemoApplication, step: str, day: date, position: int) -> bool:
    """Take one step unless it was taken."""
    application = _application(world, row)
    if application is None or application.case.sequence >= position:
        return False
    user = world.user(_actor(row, step, application))
    special: dict[str, Callable[[], Any]] = {
        "submit": lambda: services.hand_in(application, user),
        "resubmit": lambda: _correct(application, user, row),
        "end_notice": lambda: end_due_notices(day),
        "pay": lambda: make_list(application.item, user, [application.pk]),
    }
    moment = datetime.combine(day, time(10 + position % 6, (position * 13) % 60), SHANGHAI)
    with set_clock(moment), act_as(user_id=user.pk):
        if step in special:
            special[step]()
        else:
            cases.apply(application.pk, step, user, _values(row, step))
    world.written["support-application", step] += 1
    return True


def _correct(application: Application, user: Any, row: DemoApplication) -> None:
    services.save_bank(
        application.pk, user, {"bank_name": row.branch, "bank_card": application.bank_card}
    )
    services.correct(application, user)
