"""What surrounds the applications of the demo: budgets, a payment list, a second look, a bad
rating, calls, checks on the spot, a recovery and the figures.

Every name and number is invented. Each happens once, on its day, by whoever does it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.archives.actors import act_as
from portal.cases import services as cases
from portal.cases.models import Case
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import PARTY_APPROVER, UNION_CHAIR, UNION_STAFF, VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event
from portal.people.models import User
from veterans.appeals import services as appeals
from veterans.complaints.views import take_down
from veterans.limits import COMPLAINT
from veterans.limits import changes as limit_changes
from veterans.models import (
    Application,
    Budget,
    Complaint,
    FigureRun,
    FollowUp,
    LimitChange,
    Recovery,
    SiteVisit,
    SupportItem,
)
from veterans.models.handling import FollowUpState
from veterans.models.limits import LimitSubject
from veterans.payments import budgets, recoveries
from veterans.ratings import services as ratings
from veterans.statistics.counting import count_all

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

REPAIRMAN, CHEN, WIDOW = "100065", "100085", "J20003"
REASON = (
    "登记在配偶名下的那套房子2024年已经卖掉了，过户手续在办，登记信息还没有更新。"
    "请核对不动产登记中心的最新记录。"
)


def _d(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def _application(world: DemoWorld, applicant: str) -> Application:
    """Return the first application for the housing subsidy of a person."""
    found = Application.objects.select_related("case", "item").filter(
        case__applicant=world.user(applicant).person, item__code="housing"
    )
    return found.earliest("case__created_at")


def _housing() -> SupportItem:
    return SupportItem.objects.get(code="housing")


def _budget(world: DemoWorld, amount: int, document: str, approver: str) -> bool:
    if Budget.objects.filter(item=_housing(), document_number=document).exists():
        return False
    officer = world.user(VETERANS_OFFICER)
    row = budgets.propose(_housing(), 2026, Decimal(amount), document, officer)
    if approver:
        budgets.approve(row.pk, world.user(approver))
    return True


def _limit(world: DemoWorld) -> bool:
    if LimitChange.objects.filter(code=COMPLAINT, effective_from=SHORTER_FROM).exists():
        return False
    limit_changes.propose(
        LimitSubject.HANDLING, COMPLAINT, SHORTER, SHORTER_FROM, world.user(VETERANS_OFFICER)
    )
    return True


def _rate(world: DemoWorld) -> bool:
    case = _application(world, REPAIRMAN).case
    if case.state != "rejected":
        return False
    values = {"level": 2, "words": "等了快一个月才知道不批，中间打电话也没有人说清楚。"}
    cases.apply(case.pk, "rate", world.user(REPAIRMAN), values)
    return True


def _follow_up(
    world: DemoWorld, state: FollowUpState, step: Callable[[FollowUp, User], Any]
) -> bool:
    follow_up = FollowUp.objects.filter(state=state).first()
    if follow_up is None:
        return False
    step(follow_up, world.user(UNION_CHAIR))
    return True


def _verify(follow_up: FollowUp, chair: User) -> None:
    words = "9月24日提交审核意见后，10月1日至8日放假，没有告知本人进度；电话记录一次，未说明理由。"
    ratings.verify(follow_up.pk, chair, True, words)


def _put_right(follow_up: FollowUp, chair: User) -> None:
    words = "服务站已当面说明理由；今后审核意见提交后两个工作日内电话告知进度，节前集中告知一次。"
    ratings.put_right(follow_up.pk, chair, words)


def _ask(world: DemoWorld) -> bool:
    case = _application(world, REPAIRMAN).case
    if case.appeals.exists() or case.state not in ("closed", "rejected"):
        return False
    appeals.ask(case, world.user(REPAIRMAN), REASON, [])
    return True


def _examine(world: DemoWorld) -> bool:
    appeal = Case.objects.filter(flow="veterans-appeal", state="submitted").first()
    if appeal is None:
        return False
    note = "11月16日向不动产登记中心核实：该房屋已于2026年8月转移登记，申请人陈述属实。"
    cases.apply(appeal.pk, "examine", world.user(VETERANS_OFFICER), {"note": note})
    return True


CALLS: tuple[dict[str, Any], ...] = (
    {
        "channel": "hotline",
        "topic": "服务站电话打不通",
        "words": "上午打了三次没有人接，中午又占线。我八十岁了，不会用手机查。",
        "name": "罗桂芬",
        "phone": "13900000021",
    },
    {
        "channel": "visit",
        "topic": "咨询体检名额怎么安排",
        "words": "矿上说今年体检名额先给在岗的，退休的退役军人排到什么时候？",
        "name": "",
        "phone": "",
    },
)


def _call(world: DemoWorld, number: int) -> bool:
    values = CALLS[number]
    if Case.objects.filter(flow="veterans-complaint", item=values["topic"]).exists():
        return False
    known = {"number": None, "is_applicant": False}
    take_down(world.user(VETERANS_OFFICER), {**values, **known})
    return True


def _answer(world: DemoWorld) -> bool:
    first = Complaint.objects.filter(case__item=CALLS[0]["topic"], case__state="received")
    complaint = first.first()
    if complaint is None:
        return False
    handler = world.user(UNION_STAFF)
    cases.apply(complaint.pk, "handle", handler, {"note": "已查通话记录"})
    reason = (
        "11月11日上午值班人员外出走访，电话没有转接。现已设置转接，工作日8时至17时30分都有人接听；"
        "不方便上网的，打电话就能查进度，也可以约上门。"
    )
    cases.apply(complaint.pk, "answer", handler, {"reason": reason})
    return True


def _visit(world: DemoWorld, applicant: str, day: date, values: dict[str, str]) -> bool:
    application = _application(world, applicant)
    if SiteVisit.objects.filter(case=application.case, visited_on=day).exists():
        return False
    officer, colleague = world.user(VETERANS_OFFICER), world.user(UNION_STAFF)
    SiteVisit.objects.create(
        case=application.case,
        person=application.case.beneficiary,
        visited_on=day,
        visitors=f"{officer.person}、{colleague.person}",
        entered_by=officer,
        entered_at=datetime.combine(day, time(16, 40), SHANGHAI),
        **values,
    )
    return True


def _recovery(world: DemoWorld) -> bool:
    application = _application(world, CHEN)
    if Recovery.objects.filter(application=application).exists():
        return False
    reason = "2026年9月起已搬入自有住房，没有按规定告知，9月至12月的补贴应当退回。"
    months = application.amount / 12 * 4 if application.amount else Decimal(3_200)
    amount = months.quantize(Decimal("0.01"))
    recoveries.propose(application.pk, world.user(VETERANS_OFFICER), amount, reason)
    return True


def _count(world: DemoWorld) -> bool:
    if FigureRun.objects.filter(year=2026).exists():
        return False
    count_all()
    return True


WIDOW_VISIT = {
    "purpose": "check",
    "place": "岚川市青石梁街道，租住房屋",
    "finding": "租住一室一厅，与租赁合同一致，房东当面确认；本人名下没有自有住房。",
    "conclusion": "confirmed",
}
CHEN_VISIT = {
    "purpose": "complaint",
    "place": "岚川市机电家属区",
    "finding": "9月起已住进新房，物业登记入住日期为8月29日，与申请时的租住情况不一致。",
    "conclusion": "differs",
}

# Waits for a leader: complaints are to be answered sooner from next year on.
SHORTER = {"days": 10, "kind": "working", "clause": "沁岚党发〔2026〕45号第二条"}
SHORTER_FROM = date(2027, 1, 1)

EVENTS: tuple[tuple[str, date, Callable[[DemoWorld], bool], str], ...] = (
    (
        "support-budget-2026",
        _d("01-14"),
        lambda world: _budget(world, 400_000, "沁岚党发〔2026〕3号", UNION_CHAIR),
        VETERANS_OFFICER,
    ),
    (
        "support-visit-widow",
        _d("04-22"),
        lambda world: _visit(world, WIDOW, _d("04-22"), WIDOW_VISIT),
        VETERANS_OFFICER,
    ),
    ("support-bad-rating", _d("10-23"), _rate, REPAIRMAN),
    (
        "support-bad-rating-verified",
        _d("10-28"),
        lambda world: _follow_up(world, FollowUpState.OPEN, _verify),
        UNION_CHAIR,
    ),
    (
        "support-bad-rating-put-right",
        _d("11-06"),
        lambda world: _follow_up(world, FollowUpState.VERIFIED, _put_right),
        UNION_CHAIR,
    ),
    ("support-appeal", _d("11-09"), _ask, REPAIRMAN),
    (
        "support-call-phone",
        _d("11-11"),
        lambda world: _call(world, 0),
        VETERANS_OFFICER,
    ),
    (
        "support-visit-chen",
        _d("11-12"),
        lambda world: _visit(world, CHEN, _d("11-12"), CHEN_VISIT),
        VETERANS_OFFICER,
    ),
    ("support-call-answered", _d("11-13"), _answer, UNION_STAFF),
    ("support-appeal-examined", _d("11-17"), _examine, VETERANS_OFFICER),
    ("support-recovery", _d("11-18"), _recovery, VETERANS_OFFICER),
    (
        "support-budget-more",
        _d("11-19"),
        lambda world: _budget(world, 460_000, "沁岚党发〔2026〕44号", ""),
        VETERANS_OFFICER,
    ),
    ("support-limit-complaint", _d("11-20"), _limit, VETERANS_OFFICER),
    (
        "support-call-checkup",
        _d("11-20"),
        lambda world: _call(world, 1),
        VETERANS_OFFICER,
    ),
    ("support-figures", _d("11-21"), _count, PARTY_APPROVER),
)


def register() -> None:
    """Register every event on its day."""
    for number, (code, day, run, actor) in enumerate(EVENTS):
        register_event(
            DemoEvent(
                code,
                day,
                lambda world, run=run, day=day, actor=actor, number=number: _at(  # type: ignore[misc]
                    world, run, day, actor, number
                ),
            )
        )


def _at(
    world: DemoWorld, run: Callable[[DemoWorld], bool], day: date, actor: str, number: int
) -> bool:
    """Do it at its hour, as whoever does it."""
    moment = datetime.combine(day, time(14, (number * 7) % 60), SHANGHAI)
    with set_clock(moment), act_as(user_id=world.user(actor).pk):
        if not run(world):
            return False
    world.written["support-handling", "done"] += 1
    return True
