"""The compilation of the demo: what the portal published on safety, put together by the archive."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.demo.registry import DemoPart, register_part
from portal.demo.texts import DemoText, prose

if TYPE_CHECKING:
    from wagtail.models import Page

ARCHIVIST, PARTY_STAFF = "100010", "100006"


@dataclass(frozen=True)
class DemoChapter:
    """One section: its records by the addresses of their pages, each with the editor's note."""

    title: str
    introduction: str
    records: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CompilationText(DemoText):
    """A compilation of the demo."""

    chapters: tuple[DemoChapter, ...]


COMPILATIONS = (
    CompilationText(
        audience="public",
        key="2026-11-18-safety-at-the-post",
        title="安全就在岗位上：沁岚能源安全生产专题汇编（2024—2026）",
        summary="从制度、演练到岗位上的人，选编三年来已归档的安全生产材料八件。",
        unit="QL-DA",
        date=date(2026, 11, 18),
        body=(
            prose("""
这本汇编是档案中心为冬季安全培训准备的。过去两年，基层来查安全材料，多数只说得出“那个瓦检岗”“那次
油库演练”，说不出文号和年份，一件材料往往要问三个部门。我们把大家问得最多的八件放在一起，按“怎么安
排、怎么演练、谁在岗位上”分为三节，每件注明日期、来源和档号，点开就是当时发布的原文。

## 选编原则

- 只选已经发布并归档的材料，不收草稿，不改原文一个字；
- 同一件事有多篇的，选现场记录最完整的一篇；
- 编者说明只写这件材料为什么值得看，不作评价。

班组学习可以整本打印，也可以只取一节。原文以后如有更正，档案系统会留下新旧两个版本，本汇编所列的是
选编时的那一版。发现漏选或者日期有误，请告诉档案中心，我们在下一版里更正。
"""),
        ),
        chapters=(
            DemoChapter(
                "怎么安排",
                "<p>安排工作的两件，一件管一个月，一件回头看一千天。</p>",
                (
                    ("2026-05-22-safety-month", "五件事都写明了谁来做、做到什么样。"),
                    (
                        "2026-09-15-thousand-safe-days",
                        "四次主动停产的起因和损失都有数字，适合给新上岗的区队长看。",
                    ),
                ),
            ),
            DemoChapter(
                "怎么演练",
                "<p>两支队伍第一次共用一套口令，过程写得最细。</p>",
                (
                    (
                        "2026-11-09-joint-fire-drill",
                        "指挥权移交的三句话、四桶临期泡沫液，都是演练后马上能用的教训。",
                    ),
                ),
            ),
            DemoChapter(
                "谁在岗位上",
                "",
                (
                    ("2025-gas-post-one", "可与下面孟凡林的事迹对照读。"),
                    ("2025-main-hoist-post", "闸盘厚度一旬一量的做法已在其他绞车房推广。"),
                    ("2024-instrument-post", ""),
                    ("2026-meng-fanlin", "二十一年的瓦斯检查手册保存完整，原件在档案中心。"),
                    ("2026-yue-hongxia", "监测工的处置时间线，培训时可作案例。"),
                ),
            ),
        ),
    ),
)


def _key(text: CompilationText, *words: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join((text.key, *words))))


def _cited(text: CompilationText, slug: str, note: str) -> dict[str, Any]:
    from portal.archives.models import Record
    from portal.pages.models import Publication
    from portal.publishing.queue import PAGE_SOURCE

    page = Publication.objects.get(page__slug=slug).page_id
    record = Record.objects.of_source(PAGE_SOURCE, str(page))[0]
    return {
        "type": "item",
        "value": {"record": str(record.pk), "note": note},
        "id": _key(text, slug),
    }


def _build(text: CompilationText) -> Any:
    from portal.compilations.models import CompilationPage

    chapters = [
        {
            "type": "chapter",
            "id": _key(text, chapter.title),
            "value": {
                "title": chapter.title,
                "introduction": chapter.introduction,
                "records": [_cited(text, *cited) for cited in chapter.records],
            },
        }
        for chapter in text.chapters
    ]
    return CompilationPage(chapters=json.dumps(chapters))


def _parent(text: DemoText) -> Page:
    from portal.compilations.models import CompilationIndexPage

    return CompilationIndexPage.objects.get()


def register() -> None:
    """Register the compilation: written by the archivist, approved by the Party department."""
    register_part(
        DemoPart(
            kind="compilation",
            name="专题汇编",
            texts=COMPILATIONS,
            parent=_parent,
            build=_build,
            drafter=lambda text: ARCHIVIST,
            reviewer=lambda text: PARTY_STAFF,
        )
    )
