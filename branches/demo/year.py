"""The records of 2026 that have no page: what the branches held month by month, with gaps.

Texts on the pages of branches are written by hand elsewhere; these are lines of the handbook.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from portal.demo.organization import BRANCHES, DemoBranch
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld
    from portal.organizations.models import Unit

YEAR = 2026
TODAY = datetime.date(2026, 11, 20)
COMMITTEE = (
    *("研究全年计划", "听取党员思想情况", "商定学雷锋活动", "研究一季度整改", "确定发展对象"),
    *("部署安全生产月", "研究七一安排", "讨论慰问名单", "检查三季度任务", "研究组织生活会方案"),
    "商定征求意见办法",
)
GROUP = (
    *("学习年度计划", "交流学习体会", "讨论岗位承诺", "学习安全规程", "交流联保情况"),
    *("讨论身边隐患", "重温入党誓词", "学习先进事迹", "讨论秋季检修", "学习全会精神"),
    "开展批评和自我批评",
)
THEME = (
    *("年度安全承诺", "走访困难职工", "学雷锋义务检修", "祭扫烈士墓", "劳动竞赛动员"),
    *("安全生产月宣讲", "重温入党志愿", "慰问驻地官兵", "开学送书", "清理巷道杂物"),
    "消防演练",
)
MEETING = ("一季度工作和发展党员", "二季度工作和民主评议结果", "三季度工作和换届准备", "")
LESSON = ("书记讲安全责任", "七一专题党课", "学习条例原文", "")
# The gaps of the demo: branch, kind, month. What is left out stands as missing or soon due.
GAPS = {
    ("DZ03", "committee-meeting", 9),
    ("DZ03", "theme-day", 10),
    ("DZ07", "committee-meeting", 8),
    ("DZ07", "general-meeting", 7),
    ("DZ06", "group-meeting", 5),
}
# Records that came two weeks after the meeting.
LATE = {
    ("DZ04", "committee-meeting", 4),
    ("DZ06", "committee-meeting", 6),
    ("DZ02", "committee-meeting", 10),
}
NO_COMMITTEE = "正式党员不足7人，不设支部委员会，只设书记一人（条例第二十二条）。"


def register() -> None:
    """Register the one event that writes what is not there."""
    register_event(DemoEvent("branch-year-2026", TODAY, write))


def write(world: DemoWorld) -> bool:
    """Write the lines of all branches that are missing."""
    from branches.models import Activity

    before = Activity.objects.count()
    for place, branch in enumerate(BRANCHES):
        _branch(world, branch, place)
    written = Activity.objects.count() - before
    world.written["activity", "recorded"] += written
    return bool(written)


def _branch(world: DemoWorld, branch: DemoBranch, place: int) -> None:
    unit = world.units[branch.unit]
    for month in range(1, 12):
        if branch.committee:
            _line(unit, "committee-meeting", month, 6 + place % 5, COMMITTEE[month - 1])
        _line(unit, "group-meeting", month, 12 + place % 4, GROUP[month - 1])
        _line(unit, "theme-day", month, 5, THEME[month - 1])
    for quarter in range(3):
        _line(unit, "general-meeting", quarter * 3 + 3, 18 + place % 6, MEETING[quarter], 3)
        _line(unit, "party-class", quarter * 3 + 2, 20 + place % 5, LESSON[quarter], 3)
    if not branch.committee:
        _explain(unit)


def _line(unit: Unit, kind: str, month: int, day: int, topic: str, months: int = 1) -> None:
    from branches.models import Activity
    from portal.workdays.calendar import add_working_days

    code = unit.code
    first = month - months + 1
    if any((code, kind, one) in GAPS for one in range(first, month + 1)):
        return
    held_on = datetime.date(YEAR, month, day)
    if held_on > TODAY:
        return
    there = Activity.objects.filter(
        branch=unit, kind=kind, held_on__year=YEAR, held_on__month__range=(first, month)
    )
    if there.exists():
        return
    days = 12 if (code, kind, month) in LATE else 2
    recorded_on = add_working_days(held_on, days).date
    Activity.objects.create(
        branch=unit,
        kind=kind,
        topic=topic,
        held_on=held_on,
        place="支部活动室",
        recorded_on=min(recorded_on, TODAY),
    )


def _explain(unit: Unit) -> None:
    from branches.models import LifeExemption, LifeRequirement

    requirement = LifeRequirement.objects.filter(kind="committee-meeting").first()
    if requirement is not None:
        LifeExemption.objects.get_or_create(
            requirement=requirement,
            branch=unit,
            year=YEAR,
            month=None,
            defaults={"reason": NO_COMMITTEE, "written_on": datetime.date(YEAR, 1, 12)},
        )
