"""The safety work of the demo: areas, pledges, inspections, hazards and the ledger of 2026.

The gaps are on purpose: three hazards overdue, two of them major ones closed, one branch whose
pledges are not all signed, and an area that nobody has answered for since somebody left.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal.demo.organization import BRANCHES, LOGINS
from portal.demo.parts import PARTY_STAFF
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld
    from portal.organizations.models import Unit
    from portal.people.models import Person, User

DAY = datetime.date(2026, 11, 21)
ONE_DAY = datetime.timedelta(days=1)
HAZARDS = 140
#: Hazards that are not closed: overdue, waiting for another look, in time.
OVERDUE, REMOVED, OPEN = 3, 4, 6
AREAS = (
    ("1203综采工作面", "face", "DZ02"),
    ("1203运输巷皮带机头", "transport", "DZ02"),
    ("1203回风巷", "ventilation", "DZ02"),
    ("1206掘进工作面", "face", "DZ03"),
    ("1206掘进供电点", "substation", "DZ03"),
    ("主斜井提升机房", "transport", "DZ04"),
    ("井下中央变电所", "substation", "DZ04"),
    ("北坡地面瓦斯泵站", "ventilation", "DZ05"),
    ("1208局部通风机群", "ventilation", "DZ05"),
    ("重介车间主洗系统", "preparation", "DZ06"),
    ("产品仓皮带走廊", "preparation", "DZ06"),
    ("一号锅炉输煤栈桥", "other", "DZ07"),
    ("救护装备库与充氧室", "other", "DZ08"),
)
SEEN = (
    ("roof", "顶板离层仪读数超限，锚杆托盘松动两处", "补打锚索两根，加密观测"),
    ("gas", "甲烷传感器悬挂高度低于规定", "按规定高度重新悬挂并校验"),
    ("water", "水仓淤泥超过三分之一", "安排清淤，当班巡查"),
    ("fire", "皮带机头灭火器压力不足", "更换灭火器，补登记"),
    ("electricity", "低压开关接线喇叭口密封圈缺失", "停电更换密封圈"),
    ("transport", "斜巷挡车栏闭锁动作不灵敏", "检修闭锁，试验三次"),
    ("behaviour", "人员在设备运转时跨越皮带", "当场制止，班后帮教"),
    ("other", "巷道照明连续三盏不亮", "更换灯具"),
)
PLEDGE = """
上标准岗、干标准活，不违章作业
发现隐患立即处理，处理不了立即汇报
带好联保对象，互相提醒、互相监督
按时参加安全培训和班前会
"""


def register() -> None:
    """Register the one event that writes what is not there."""
    register_event(DemoEvent("branch-safety", DAY, write))


@dataclass
class _Branch:
    unit: Unit
    secretary: Person
    keeper: User
    people: list[Person]
    work: Unit
    areas: list[Any] = field(default_factory=list)


def write(world: DemoWorld) -> bool:
    """Write the safety work of every branch unless there is some."""
    from branches.models import ResponsibilityArea

    if ResponsibilityArea.objects.exists():
        return False
    staff = world.user(PARTY_STAFF)
    branches = {one.unit: _branch(world, one.unit, staff) for one in BRANCHES}
    _areas(branches)
    _pledges(branches)
    inspections = _inspections(branches)
    hazards = _hazards(branches, inspections)
    _ledger(branches, hazards)
    world.written["safety", "hazards"] += len(hazards)
    return True


def _branch(world: DemoWorld, code: str, staff: User) -> _Branch:
    from branches.models import Membership, PartyPost

    unit = world.units[code]
    rows = (
        Membership.objects.filter(branch=unit, valid_to=None)
        .select_related("member__person__unit")
        .order_by("member__person__employee_number")
    )
    people = [row.member.person for row in rows]
    secretary = PartyPost.objects.get(unit=unit, kind="secretary", valid_to=None).person
    keeper = next(
        (
            world.user(row.number)
            for row in LOGINS
            if row.role == "branch_secretary" and row.unit == code and row.valid_to is None
        ),
        staff,
    )
    return _Branch(unit, secretary, keeper, people, people[0].unit or world.units["QL"])


def _areas(branches: dict[str, _Branch]) -> None:
    from branches.models import AreaHolder, AreaMonth, ResponsibilityArea

    since = datetime.date(2026, 1, 5)
    holders, months = [], []
    for number, (name, kind, code) in enumerate(AREAS):
        branch = branches[code]
        area = ResponsibilityArea.objects.create(
            branch=branch.unit,
            name=name,
            kind=kind,
            duties="包安全、包质量、包标准化；每班巡查一次，隐患当班登记。",
            valid_from=since,
        )
        branch.areas.append(area)
        if number != 8:
            for person in branch.people[1 + number % 3 :: 5][:2]:
                holders.append(AreaHolder(area=area, person=person, valid_from=since))
        for month in range(1, 11):
            grade = "poor" if (number, month) == (3, 7) else "fair" if month % 5 == 0 else "good"
            months.append(
                AreaMonth(
                    area=area,
                    year=2026,
                    month=month,
                    grade=grade,
                    remark="掘进头积水未及时排净" if grade == "poor" else "",
                    written_by=branch.keeper,
                )
            )
    AreaHolder.objects.bulk_create(holders)
    AreaMonth.objects.bulk_create(months)


def _pledges(branches: dict[str, _Branch]) -> None:
    from branches.models import SafetyPledge

    rows = []
    for code, branch in branches.items():
        for number, person in enumerate(branch.people):
            row = SafetyPledge(
                branch=branch.unit,
                person=person,
                level="person",
                title="2026年党员安全责任书",
                demanded_by=f"{branch.unit.name}书记{branch.secretary.name}",
                targets=PLEDGE.strip(),
                valid_from=datetime.date(2026, 1, 1),
                valid_to=datetime.date(2026, 12, 31),
                written_by=branch.keeper,
                written_at=_moment(datetime.date(2026, 1, 4)),
            )
            is_missing = code == "DZ03" and number % 9 == 0
            if not is_missing:
                row.signed_at = _moment(datetime.date(2026, 1, 6) + (number % 20) * ONE_DAY)
                row.signed_digest = row.digest()
            rows.append(row)
    SafetyPledge.objects.bulk_create(rows)


def _moment(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9, 20)))


def _inspections(branches: dict[str, _Branch]) -> list[Any]:
    from branches.models import SafetyInspection

    made = []
    for place, branch in enumerate(branches.values()):
        if not branch.areas:
            continue
        for month in range(1, 12):
            area = branch.areas[month % len(branch.areas)]
            kind = ("regular", "duty", "post", "night")[(month + place) % 4]
            made.append(
                SafetyInspection(
                    branch=branch.unit,
                    kind=kind,
                    held_on=datetime.date(2026, month, 3 + place),
                    place=area.name,
                    findings="按责任区清单逐项查看，问题已登记。",
                    written_by=branch.keeper,
                )
            )
    SafetyInspection.objects.bulk_create(made)
    people = {branch.unit.pk: branch.people for branch in branches.values()}
    through = SafetyInspection.people.through
    through.objects.bulk_create(
        [
            through(safetyinspection_id=row.pk, person_id=person.pk)
            for number, row in enumerate(made)
            for person in people[row.branch_id][number % 3 :: 6][:3]
        ]
    )
    return made


def _hazards(branches: dict[str, _Branch], inspections: list[Any]) -> list[Any]:
    from branches.models import Hazard, HazardStep
    from portal.cases.models import CaseNumber

    chance = random.Random(2026)  # noqa: S311  rows of a demo, not secrets
    by_unit = {branch.unit.pk: branch for branch in branches.values()}
    rows: list[Any] = []
    for number in range(HAZARDS):
        inspection = inspections[number * 7 % len(inspections)]
        branch = by_unit[inspection.branch_id]
        kind, words, measure = SEEN[number % len(SEEN)]
        found_on, state = inspection.held_on, "closed"
        place_from_end = HAZARDS - number
        if place_from_end <= OVERDUE:
            found_on, state = DAY - 20 * ONE_DAY, "open"
        elif place_from_end <= OVERDUE + REMOVED:
            found_on, state = DAY - 6 * ONE_DAY, "removed"
        elif place_from_end <= OVERDUE + REMOVED + OPEN:
            found_on, state = DAY - 2 * ONE_DAY, "open"
        finder, remover, checker = chance.sample(branch.people, 3)
        row = Hazard(
            branch=branch.unit,
            inspection=inspection if state == "closed" else None,
            kind=kind,
            grade="major" if number in (12, 77) else "ordinary",
            place=inspection.place,
            description=words,
            found_by=finder,
            found_on=found_on,
            responsible_unit=branch.work,
            measure=measure,
            due_on=found_on + chance.randrange(3, 10) * ONE_DAY,
            source_number=f"AQ2026{number + 301:05d}",
            state=state,
        )
        if state != "open":
            row.removed_by, row.removed_on = remover, found_on + 2 * ONE_DAY
        if state == "closed":
            row.checked_by, row.closed_on = checker, found_on + 3 * ONE_DAY
        rows.append(row)
    rows.sort(key=lambda row: row.found_on)
    for number, row in enumerate(rows, start=1):
        row.number = f"YH-2026-{number:07d}"
    Hazard.objects.bulk_create(rows)
    CaseNumber.objects.update_or_create(prefix="YH", year=2026, defaults={"last": HAZARDS})
    steps = []
    for row in rows:
        by = by_unit[row.branch_id].keeper
        steps.append(
            HazardStep(hazard=row, step="found", words=row.measure, by=by, at=_moment(row.found_on))
        )
        if row.removed_on:
            words = f"{row.removed_by.name}：已整改"
            steps.append(
                HazardStep(
                    hazard=row, step="removed", words=words, by=by, at=_moment(row.removed_on)
                )
            )
        if row.closed_on:
            steps.append(HazardStep(hazard=row, step="closed", by=by, at=_moment(row.closed_on)))
    HazardStep.objects.bulk_create(steps)
    return rows


def _ledger(branches: dict[str, _Branch], hazards: list[Any]) -> None:
    from branches.models import SafetyMerit

    by_unit = {branch.unit.pk: branch for branch in branches.values()}
    rows = [
        SafetyMerit(
            branch_id=row.branch_id,
            person=row.found_by,
            kind="reward",
            day=row.found_on + 5 * ONE_DAY,
            points=Decimal("2"),
            amount=Decimal("200") if row.grade == "major" else Decimal(0),
            reason=f"及时发现隐患：{row.description}"[:200],
            hazard=row,
            written_by=by_unit[row.branch_id].keeper,
        )
        for row in hazards[::6]
        if row.state == "closed"
    ]
    careless = branches["DZ03"]
    wrong = SafetyMerit.objects.create(
        branch=careless.unit,
        person=careless.people[4],
        kind="penalty",
        day=datetime.date(2026, 7, 20),
        points=Decimal("5"),
        amount=Decimal("300"),
        reason="掘进头积水未及时排净",
        document="沁岚安〔2026〕18号",
        written_by=careless.keeper,
    )
    SafetyMerit.objects.create(
        branch=careless.unit,
        person=wrong.person,
        kind="penalty",
        day=datetime.date(2026, 7, 24),
        points=wrong.points,
        amount=wrong.amount,
        reason="当班责任人登记有误，冲销",
        takes_back=wrong,
        written_by=careless.keeper,
    )
    SafetyMerit.objects.bulk_create(rows)
