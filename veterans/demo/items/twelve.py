"""The twelve items of the demo company; every amount is invented.

Source: the table of items and the list of materials of the domain facts, 5.2 and 5.3.
"""

from __future__ import annotations

from veterans.demo.items.family import BEREAVED, CONSCRIPT, EDUCATION, GREETINGS
from veterans.demo.items.health import AIDS, MEDICAL, RECUPERATION
from veterans.demo.items.rows import DemoItem
from veterans.demo.items.work import HARDSHIP, MERIT, REINSTATEMENT, SPOUSE_EMPLOYMENT
from veterans.demo.standards import HOUSING_2025, HOUSING_2026, HOUSING_ITEM

HOUSING = DemoItem(
    item=HOUSING_ITEM,
    versions=(HOUSING_2025, HOUSING_2026),
    title="住房补贴怎么申请：条件、金额、材料和步骤",
    summary="每月800元至1500元，连发十二个月。先查一查能不能申请，再网上填写，材料不用重复交。",
    policy="housing-subsidy-2026",
)
TWELVE: tuple[DemoItem, ...] = (
    HOUSING,
    MEDICAL,
    EDUCATION,
    MERIT,
    CONSCRIPT,
    GREETINGS,
    HARDSHIP,
    SPOUSE_EMPLOYMENT,
    AIDS,
    BEREAVED,
    RECUPERATION,
    REINSTATEMENT,
)
