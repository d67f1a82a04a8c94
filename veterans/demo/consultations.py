"""Two consultations of the demo: one that takes comments, one that ended with its result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import PARTY_STAFF, VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event
from veterans.demo.items.family import greetings_of
from veterans.demo.items.rows import StandardText
from veterans.demo.items.work import hardship_of
from veterans.demo.standard_loading import write_draft

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld


@dataclass(frozen=True)
class DemoComment:
    """One comment: who, what, and the answer if there is one."""

    who: str
    text: str
    outcome: str = ""
    answer: str = ""


@dataclass(frozen=True)
class DemoConsultation:
    """A draft, its consultation and, when it is over, its result."""

    key: str
    item: str
    text: StandardText
    first_day: date
    last_day: date
    comments: tuple[DemoComment, ...]
    result_on: date | None = None


CONSULTATIONS: tuple[DemoConsultation, ...] = (
    DemoConsultation(
        "consultation-greetings-2027",
        "greetings",
        greetings_of(2027, "沁岚军服〔2026〕21号", ("1100", "900", "600")),
        date(2026, 10, 12),
        date(2026, 10, 23),
        (
            DemoComment(
                "100074",
                "外地的走银行转账，能不能转账前除了打电话，再发一条短信？老人记不住电话。",
                "adopted",
                "采纳。从2027年春节起，转账前打电话，到账后由门户发短信。",
            ),
            DemoComment(
                "100085",
                "金额每年都在涨，建议写明几年调整一次，免得年年问。",
                "partly",
                "部分采纳。写明每两年评估一次，是否调整看当年预算，不写死。",
            ),
            DemoComment(
                "100024",
                "建议取消腊月二十前送到的规定，早送早好。",
                "explained",
                "未采纳。腊月二十前是最晚期限，早送不违反规定；定得更早，外出务工的家属收不到。",
            ),
        ),
        date(2026, 10, 27),
    ),
    DemoConsultation(
        "consultation-hardship-2027",
        "hardship",
        hardship_of(2027, "沁岚军服〔2026〕22号", ("12000", "6000", "2500"), "22000", "1300"),
        date(2026, 11, 12),
        date(2026, 11, 30),
        (
            DemoComment(
                "100065",
                "低收入家庭的线从1200元提到1300元，还是低于市里的标准，建议跟市里一致。",
                "partly",
                "部分采纳。改为不低于岚川市最低生活保障标准的一点五倍，按市里当年公布的数算。",
            ),
            DemoComment(
                "100082",
                "重度残疾的，每年都要重新开证明，能不能残疾证在有效期里就不用再开？",
            ),
            DemoComment(
                "100028",
                "重大疾病只按自付的一半算，五万以上的大病压力还是大，建议分档。",
            ),
        ),
    ),
)


def _at(day: date, hour: int, minutes: int = 0) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI) + timedelta(minutes=minutes)


def register() -> None:
    """Register draft and page, comments, answers and result on their days."""
    for row in CONSULTATIONS:
        steps: list[tuple[str, date, Any]] = [
            ("page", row.first_day, open_page),
            ("comments", row.first_day + timedelta(days=3), comment),
            ("answers", row.first_day + timedelta(days=5), answer),
        ]
        if row.result_on is not None:
            steps.append(("result", row.result_on, publish_result))
        for name, day, run in steps:
            register_event(
                DemoEvent(
                    f"{row.key}-{name}",
                    day,
                    lambda world, run=run, row=row: run(world, row),  # type: ignore[misc]
                )
            )


def _page(row: DemoConsultation) -> Any:
    from veterans.models import ConsultationPage

    return ConsultationPage.objects.filter(slug=row.key).first()


def open_page(world: DemoWorld, row: DemoConsultation) -> bool:
    """Write the draft of the standard and publish the page that asks for opinions."""
    from veterans.models import ConsultationPage, SupportItem, VeteransIndexPage

    if _page(row) is not None:
        return False
    officer, reviewer = world.user(VETERANS_OFFICER), world.user(PARTY_STAFF)
    moment = _at(row.first_day, 9)
    with (
        set_clock(moment) as clock,
        act_as(user_id=reviewer.pk, reviewer_id=reviewer.pk),
        transaction.atomic(),
    ):
        item = SupportItem.objects.get(code=row.item)
        version = write_draft(item, row.text, officer)
        page = ConsultationPage(
            title=f"征求意见：{version}",
            slug=row.key,
            summary="请对征求意见稿提出意见，每一条都会答复。正文先列出与现行标准相比的变化。",
            version=version,
            first_day=row.first_day,
            last_day=row.last_day,
            phone=version.phone,
            unit=item.unit,
            owner=officer,
            live=False,
        )
        VeteransIndexPage.objects.get().add_child(instance=page)
        world.take_through_review(
            page, officer, reviewer, clock, "live", "", moment + timedelta(minutes=50)
        )
    world.written["consultation", "live"] += 1
    return True


def comment(world: DemoWorld, row: DemoConsultation) -> bool:
    """Let employees comment."""
    from veterans.publicity import consultations

    page = _page(row)
    if page is None or page.comments.exists():
        return False
    for number, one in enumerate(row.comments):
        user = world.user(one.who)
        moment = _at(row.first_day + timedelta(days=3), 10, number * 41)
        with set_clock(moment), act_as(user_id=user.pk):
            consultations.write_comment(page.pk, user, one.text)
    world.written["consultation", "comments"] += len(row.comments)
    return True


def answer(world: DemoWorld, row: DemoConsultation) -> bool:
    """Answer those comments that have an answer."""
    from veterans.publicity import consultations

    page = _page(row)
    if page is None or page.comments.filter(answered_at__isnull=False).exists():
        return False
    officer = world.user(VETERANS_OFFICER)
    with set_clock(_at(row.first_day + timedelta(days=5), 15)), act_as(user_id=officer.pk):
        for one, kept in zip(row.comments, page.comments.order_by("pk"), strict=True):
            if one.outcome:
                consultations.answer_comment(kept.pk, officer, one.outcome, one.answer)
    world.written["consultation", "answers"] += 1
    return True


def publish_result(world: DemoWorld, row: DemoConsultation) -> bool:
    """Publish what became of the comments, reviewed by a second person."""
    from veterans.publicity import consultations

    page = _page(row)
    if page is None or row.result_on is None or page.results.exists():
        return False
    officer, reviewer = world.user(VETERANS_OFFICER), world.user(PARTY_STAFF)
    moment = _at(row.result_on, 10)
    with (
        set_clock(moment) as clock,
        act_as(user_id=reviewer.pk, reviewer_id=reviewer.pk),
        transaction.atomic(),
    ):
        result = consultations.write_result_draft(page.pk, officer)
        world.take_through_review(
            result, officer, reviewer, clock, "live", "", moment + timedelta(minutes=60)
        )
    world.written["consultation-result", "live"] += 1
    return True
