"""The forty codes of the filing stage as one table.

Source: DA/T 70-2018, items GD-1-1 to GD-4-7. Names that could not be confirmed against the
text of the standard are marked, and 1-9, whose content is not known, is never run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from portal.archives.inspection import (
    authenticity,
    completeness,
    consistency,
    safety,
    usability,
)
from portal.archives.inspection.context import Inspected
from portal.archives.inspection.outcomes import Finding
from portal.archives.models import InspectionStage

GROUPS = {
    "1": "真实性",
    "2": "完整性",
    "3": "可用性",
    "4": "安全性",
}
UNCONFIRMED = "名称待核"
_EVERY_STAGE = frozenset(InspectionStage)
_BEFORE_KEEPING = frozenset({InspectionStage.FILING, InspectionStage.TRANSFER})


@dataclass(frozen=True)
class Check:
    """One code of the standard.

    Attributes:
        name: Chinese name of the item; official, never translated.
        confirmed: whether the name was confirmed.
        stages: at which stages it runs.
        blocking: whether its failure alone fails the inspection.
        implementation: what runs; None for a code whose content is not known.
    """

    code: str
    name: str
    implementation: Callable[[Inspected], Finding] | None
    confirmed: bool = True
    stages: frozenset[InspectionStage] = field(default=_BEFORE_KEEPING)
    blocking: bool = True

    @property
    def clause(self) -> str:
        """Where the standard has it."""
        return f"DA/T 70-2018 GD-{self.code}"

    @property
    def marked(self) -> bool:
        """Whether its name is shown with the mark that it was not confirmed."""
        return not self.confirmed and self.implementation is not None

    @property
    def group(self) -> str:
        """The property it belongs to, by the first part of its code."""
        return self.code.split("-", 1)[0]


_TABLE: tuple[Check, ...] = (
    Check("1-1", "固化信息有效性检测", authenticity.fixity_information, stages=_EVERY_STAGE),
    Check("1-2", "元数据项数据长度检测", authenticity.lengths),
    Check("1-3", "元数据项数据类型、格式检测", authenticity.formats),
    Check("1-4", "设定值域的元数据项值域符合度检测", authenticity.domains),
    Check("1-5", "元数据项数据值合理性检测", authenticity.reasonableness),
    Check("1-6", "元数据项数据包含特殊字符检测", authenticity.special_characters),
    Check("1-7", "档号规范性检测", authenticity.archive_code),
    Check("1-8", "元数据项数据重复性检测", authenticity.duplicates),
    Check("1-9", UNCONFIRMED, None, confirmed=False, blocking=False),
    Check("1-10", "内容数据的电子属性一致性检测", consistency.electronic_attributes),
    Check("1-11", "元数据是否关联内容数据检测", consistency.association),
    Check("1-12", "说明文件和目录文件规范性检测", consistency.describing_documents),
    Check("1-13", "信息包目录结构规范性检测", consistency.layout),
    Check("1-14", "信息包一致性检测", consistency.same_package),
    Check("2-1", "总件数相符性检测", completeness.item_count, stages=_EVERY_STAGE),
    Check("2-2", "总字节数相符性检测", completeness.byte_count, stages=_EVERY_STAGE),
    Check("2-3", "元数据项完整性检测", completeness.elements_present),
    Check("2-4", "元数据必填著录项目检测", completeness.required_elements),
    Check("2-5", "过程信息完整性检测", completeness.process),
    Check("2-6", "连续性元数据项检测", completeness.continuity),
    Check("2-7", "内容数据完整性检测", completeness.contents, stages=_EVERY_STAGE),
    Check("2-8", "附件数据完整性检测", completeness.attachments, confirmed=False),
    Check("2-9", "归档范围检测", completeness.scope),
    Check("2-10", "信息包元数据完整性检测", completeness.package_metadata),
    Check("2-11", "信息包内容数据完整性检测", completeness.package_contents),
    Check("3-1", "信息包中元数据的可读性检测", usability.readable_metadata, stages=_EVERY_STAGE),
    Check(
        "3-2", "目标数据库中元数据的可访问性检测", usability.reachable_metadata, stages=_EVERY_STAGE
    ),
    Check("3-3", "内容数据格式合规性检测", usability.accepted_formats, stages=_EVERY_STAGE),
    Check(
        "3-4",
        "内容数据的可读性检测",
        usability.readable_contents,
        confirmed=False,
        stages=_EVERY_STAGE,
    ),
    Check(
        "3-5",
        "内容数据格式长期可用性检测",
        usability.lasting_formats,
        confirmed=False,
        stages=_EVERY_STAGE,
    ),
    Check("3-6", "软硬件环境合规性（元数据）检测", usability.recorded_environment, confirmed=False),
    Check("3-7", "软硬件环境合规性（实际）检测", usability.actual_environment, confirmed=False),
    Check("3-8", "信息包中内容数据格式合规性检测", usability.open_contents),
    Check("4-1", "系统环境中是否安装杀毒软件检测", safety.scanner, blocking=False),
    Check("4-2", "病毒感染检测", safety.viruses, stages=_EVERY_STAGE),
    Check("4-3", "载体中多余文件检测", safety.strays),
    Check("4-4", "载体读取速度检测", safety.offline_medium),
    Check("4-5", "载体外观检测", safety.offline_medium),
    Check("4-6", "光盘合格性检测", safety.offline_medium),
    Check("4-7", "操作过程安全性检测", safety.operations),
)
CHECKS: dict[str, Check] = {check.code: check for check in _TABLE}


def checks_of(stage: InspectionStage) -> list[Check]:
    """Return the checks of a stage in the order of the standard."""
    return [check for check in CHECKS.values() if stage in check.stages]
