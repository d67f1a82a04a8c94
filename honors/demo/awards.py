"""Awards of the demo: those the pages tell of and more, one revoked, reviews and rewards."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from honors.demo.members import MEMBERS
from honors.demo.model_posts import MODEL_POSTS
from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.organization import PEOPLE
from portal.demo.parts import PARTY_APPROVER, PARTY_STAFF
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld
    from portal.people.models import User

ENTERED = date(2026, 7, 6)
CONFIRMED = date(2026, 7, 7)
REVIEWED = date(2026, 10, 9)
OPEN = date(2026, 11, 18)
REVOKED_KEY = "2025-niu-zhihong-revoked"
WORKER_MARK = "（优秀党务工作者）"
REVOKED_MARK = "（2025年优秀共产党员称号已撤销）"
#: Year, day and number of the decision, title, and how many people of the company received it.
OTHERS: tuple[tuple[int, date, str, str, int], ...] = (
    (2024, date(2024, 6, 28), "沁岚党发〔2024〕14号", "excellent-member", 11),
    (2024, date(2024, 6, 28), "沁岚党发〔2024〕14号", "excellent-party-worker", 4),
    (2024, date(2024, 4, 26), "沁岚工发〔2024〕9号", "model-worker", 3),
    (2025, date(2025, 6, 27), "沁岚党发〔2025〕15号", "excellent-member", 9),
    (2025, date(2025, 6, 27), "沁岚党发〔2025〕15号", "excellent-party-worker", 3),
    (2025, date(2025, 4, 25), "沁岚工发〔2025〕10号", "model-worker", 3),
    (2026, date(2026, 6, 26), "沁岚党发〔2026〕18号", "excellent-member", 7),
    (2026, date(2026, 6, 26), "沁岚党发〔2026〕18号", "excellent-party-worker", 4),
    (2026, date(2026, 4, 27), "沁岚工发〔2026〕12号", "model-worker", 3),
)
#: Title, name, position or team, unit, year, decision and day of posts, teams and organizations.
COLLECTIVES: tuple[tuple[str, str, str, str, int, str, date], ...] = (
    ("advanced-branch", "机关第一党支部", "", "DZ01", 2026, "沁岚党发〔2026〕18号",
     date(2026, 6, 26)),
    ("advanced-branch", "通风瓦斯党支部", "", "DZ05", 2026, "沁岚党发〔2026〕18号",
     date(2026, 6, 26)),
    ("advanced-branch", "选煤厂党支部", "", "DZ06", 2025, "沁岚党发〔2025〕15号",
     date(2025, 6, 27)),
    ("vanguard-post", "1307面采煤机司机岗", "采煤一队", "DZ02", 2026, "沁岚党发〔2026〕18号",
     date(2026, 6, 26)),
    ("vanguard-post", "井下变电所值守岗", "机电运输队", "DZ04", 2026, "沁岚党发〔2026〕18号",
     date(2026, 6, 26)),
    ("vanguard-post", "监测监控岗", "通风瓦斯队", "DZ05", 2025, "沁岚党发〔2025〕15号",
     date(2025, 6, 27)),
    ("worker-pioneer", "综掘一班", "", "QL-QS-ZJ", 2026, "沁岚工发〔2026〕12号",
     date(2026, 4, 27)),
    ("worker-pioneer", "汽轮机检修班", "", "QL-RD", 2025, "沁岚工发〔2025〕10号",
     date(2025, 4, 25)),
)  # fmt: skip


def register() -> None:
    """Register what happens to awards."""
    register_event(DemoEvent("honor-awards", CONFIRMED, _enter_all))
    register_event(DemoEvent("honor-reviews", REVIEWED, _review_posts))
    register_event(DemoEvent("honor-open", OPEN, _leave_open))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), SHANGHAI)


def _row(**values: Any) -> dict[str, Any]:
    """Return one line as a workbook would give it."""
    empty = {"employee_number": "", "position": "", "number": "", "gender": "", "age": None}
    return {**empty, "front_line": None, "photograph": "", **values}


def _told() -> list[tuple[str, dict[str, Any]]]:
    """Return the lines of the honors pages tell of, each with the key of its page."""
    numbers = {person.name: person.number for person in PEOPLE}
    rows = []
    for text in MEMBERS:
        name = text.title.removesuffix(WORKER_MARK).removesuffix(REVOKED_MARK)
        worker = text.title.endswith(WORKER_MARK)
        rows.append(
            (
                text.key,
                _row(
                    title="excellent-party-worker" if worker else "excellent-member",
                    year=text.year,
                    name=name,
                    employee_number=numbers.get(name, ""),
                    position=text.position[:60],
                    unit=text.unit,
                    decision_number=text.decision_number,
                    decided_on=text.date.isoformat(),
                    number="QLRY-2025-党-0009" if text.key == REVOKED_KEY else "",
                    front_line=not worker,
                ),
            )
        )
    for post in MODEL_POSTS:
        row = _row(
            title="safety-model-post",
            year=post.year,
            name=post.post_name,
            position=post.team_name,
            unit=post.unit,
            decision_number=post.decision_number,
            decided_on=post.date.isoformat(),
            front_line=True,
        )
        rows.append((post.key, row))
    return rows


def _others(taken: set[tuple[str, int, str]]) -> list[dict[str, Any]]:
    """Return the lines of honors without a page: people in turn, and collectives."""
    # Who confirms the workbook is not in it.
    people = [person for person in PEOPLE if person.branch and person.number != PARTY_APPROVER]
    rows = []
    turn = 0
    for year, day, decision, title, count in OTHERS:
        for _number in range(count):
            while (title, year, people[turn % len(people)].number) in taken:
                turn += 1
            person = people[turn % len(people)]
            turn += 7
            taken.add((title, year, person.number))
            rows.append(
                _row(
                    title=title,
                    year=year,
                    name=person.name,
                    employee_number=person.number,
                    position=person.position,
                    unit=person.branch,
                    decision_number=decision,
                    decided_on=day.isoformat(),
                    gender=person.gender,
                    age=28 + (turn * 5) % 30,
                    front_line=person.branch != "DZ01",
                )
            )
    for title, name, position, unit, year, decision, day in COLLECTIVES:
        rows.append(
            _row(
                title=title,
                year=year,
                name=name,
                position=position,
                unit=unit,
                decision_number=decision,
                decided_on=day.isoformat(),
                front_line=unit != "DZ01",
            )
        )
    return rows


def _enter_all(world: DemoWorld) -> bool:
    """Take the honors over from a workbook, as an office does that begins with the portal."""
    from honors.awards import importing
    from honors.models import HonorImport

    if HonorImport.objects.exists():
        return False
    told = _told()
    taken = {(row["title"], row["year"], row["employee_number"]) for _key, row in told}
    # Those with a page come first on the wall, which shows the newest entry of a day first.
    lines = _others(taken) + [row for _key, row in told]
    content = json.dumps(list(enumerate(lines, start=2)), ensure_ascii=False)
    body = hashlib.sha256(content.encode()).digest()
    staff, approver = world.user(PARTY_STAFF), world.user(PARTY_APPROVER)
    # All or nothing, so that a loading that was broken off begins anew.
    with (
        set_clock(_at(CONFIRMED, 10)),
        act_as(user_id=approver.pk),
        transaction.atomic(),
    ):
        with set_clock(_at(ENTERED, 9)), act_as(user_id=staff.pk):
            kept = HonorImport.keep(body, content, len(lines), staff)
            importing.take_over(kept.pk, staff)
        importing.confirm(kept.pk, approver)
        _revoke(staff, approver)
        _link_pages(told)
    return True


def _revoke(staff: User, approver: User) -> None:
    """Revoke the honor whose page says so already, with the document of then."""
    from honors.awards import changes
    from honors.models import Award, ChangeKind

    award = Award.objects.get(number="QLRY-2025-党-0009")
    change = changes.propose(
        award.pk,
        ChangeKind.REVOKE,
        number="沁岚党发〔2025〕29号",
        reason="严重“三违”并隐瞒",
        decided_on=date(2025, 11, 24),
        by=staff,
    )
    changes.confirm(change.pk, approver)


def _link_pages(told: list[tuple[str, dict[str, Any]]]) -> None:
    from wagtail.models import Page

    from honors.models import Award

    pages = {page.slug: page for page in Page.objects.filter(slug__in=[key for key, _row in told])}
    for key, row in told:
        page = pages.get(key)
        if page is not None:
            Award.objects.filter(
                title__code=row["title"], year=row["year"], subject_name=row["name"]
            ).update(page=page)


def _review_posts(world: DemoWorld) -> bool:
    """Review most posts of the third quarter, and write down a few rewards."""
    from honors.awards import reviews, rewards
    from honors.models import Award, PostReview

    if PostReview.objects.exists():
        return False
    staff = world.user(PARTY_STAFF)
    quarter = reviews.Quarter(2026, 3)
    with set_clock(_at(REVIEWED, 15)), act_as(user_id=staff.pk):
        posts = list(reviews.reviewed_in(quarter))
        for place, award in enumerate(posts[:-2]):
            improves = place == 1
            values: dict[str, Any] = {
                "result": "improve" if improves else "kept",
                "accident_free_days": 92,
                "hazards_found": 4 + place * 3,
                "violations": 1 if improves else 0,
                "note": "一次交接班未手口并用，限四季度改正。" if improves else "",
            }
            reviews.write(award.pk, quarter, values, staff)
        honored = Award.objects.counting().filter(year=2026, title__code="excellent-member")
        for award in honored.order_by("pk")[:5]:
            reward: dict[str, Any] = {
                "kind": "money",
                "description": "“七一”表彰奖金",
                "amount": Decimal(2000),
                "handed_on": date(2026, 7, 15),
                "received_by": award.subject_name[:50],
            }
            rewards.enter(award.pk, reward, staff)
    return True


def _leave_open(world: DemoWorld) -> bool:
    """Leave a suspension and an entry to be confirmed."""
    from honors.awards import changes, entry
    from honors.models import Award, AwardChange, ChangeKind, ChangeOutcome, Title
    from portal.organizations.models import Unit

    if AwardChange.objects.filter(outcome=ChangeOutcome.WAITING).exists():
        return False
    staff = world.user(PARTY_STAFF)
    post = Award.objects.get(subject_name="井下变电所值守岗")
    with set_clock(_at(OPEN, 9)), act_as(user_id=staff.pk):
        changes.propose(
            post.pk,
            ChangeKind.SUSPEND,
            number="沁岚党发〔2026〕31号",
            reason="11月10日夜班无人监护单人操作，停牌整改一个季度",
            decided_on=date(2026, 11, 17),
            by=staff,
        )
        entry.enter(
            {
                "title": Title.objects.get(code="labour-medal"),
                "year": 2026,
                "subject_name": "龚海波",
                "position": "锅炉运行值长",
                "unit": Unit.objects.get(code="DZ07"),
                "decision_number": "岚川工发〔2026〕22号",
                "decided_on": date(2026, 4, 28),
                "front_line": True,
            },
            staff,
        )
    return True
