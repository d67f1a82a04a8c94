"""The usual titles with criteria, score card and vetoes, and the words names must not hold."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SINCE = datetime.date(2021, 1, 1)
GUARD = "评比达标表彰活动负面清单：内部表彰不得冠以此类字样"
WORDS = ("国家", "中国", "中华", "全国", "亚洲", "全球", "世界")
RULES = "企业表彰办法（默认）：{}"
SAFETY = "安全生产模范岗评选办法（默认）：{}"
NO_PENALTY = ("党纪政务处分期内", RULES.format("处分期内不参评"), "discipline")
NO_ACCIDENT = ("发生重伤以上责任事故", RULES.format("安全一票否决"), "")

# Source: chapters 3.1 and 3.5 of the domain facts. Conditions as (text, clause, evidence).
TITLES: tuple[dict[str, Any], ...] = (
    {
        "code": "safety-model-post",
        "name": "安全生产模范岗",
        "subject_kind": "post",
        "page_kind": "model-post",
        "basis": "安全生产模范岗评选办法（默认）",
        "description": "表彰无事故、无三违、隐患查得出也改得掉的岗位。",
        "pass_mark": Decimal(85),
        "top_share": Decimal(5),
        "review_months": 3,
        "has_plate": True,
        "criteria": (
            ("连续十二个月无事故、无三违", SAFETY.format("基本条件第一项"), "post-safety"),
            ("隐患排查治理达到本单位要求", SAFETY.format("基本条件第二项"), "post-safety"),
            ("岗位标准化达标", SAFETY.format("基本条件第三项"), ""),
            ("带班下井和考勤符合规定", SAFETY.format("基本条件第四项"), ""),
        ),
        "scores": (
            ("无事故、无轻伤", 25, "发生轻伤即不得分"),
            ("无三违", 20, "每起三违扣5分"),
            ("隐患发现与整改", 15, "每条有效隐患1分，上限15分"),
            ("岗位标准化", 15, "按达标检查结果评分"),
            ("培训与考试", 10, "按参训率和考试成绩评分"),
            ("责任区和联保成效", 10, "按联保对子和责任区情况评分"),
            ("群众测评", 5, "按测评满意率评分"),
        ),
        "vetoes": (
            ("迟报、瞒报事故或者隐患", SAFETY.format("一票否决"), ""),
            NO_ACCIDENT,
            NO_PENALTY,
        ),
    },
    {
        "code": "excellent-member",
        "name": "优秀共产党员",
        "subject_kind": "person",
        "page_kind": "excellent-member",
        "basis": "中国共产党党内表彰有关规定；企业党内表彰办法（默认）",
        "description": "表彰模范履行党员义务、在岗位上起先锋模范作用的党员，向一线倾斜。",
        "posthumous": True,
        "front_line_share": 50,
        "pass_mark": Decimal(80),
        "criteria": (
            ("模范履行党员义务，起先锋模范作用", RULES.format("党内表彰基本条件"), "branch-life"),
            ("是正式党员，组织关系在本企业", RULES.format("党内表彰基本条件"), "branch-membership"),
            ("近三年民主评议为优秀", RULES.format("党内表彰基本条件"), ""),
        ),
        "scores": (
            ("履行义务和组织生活", 30, ""),
            ("岗位业绩", 40, ""),
            ("联系和服务群众", 20, ""),
            ("群众测评", 10, ""),
        ),
        "vetoes": (NO_PENALTY, NO_ACCIDENT),
    },
    {
        "code": "excellent-party-worker",
        "name": "优秀党务工作者",
        "subject_kind": "person",
        "page_kind": "excellent-member",
        "basis": "中国共产党党内表彰有关规定；企业党内表彰办法（默认）",
        "description": "表彰专职和兼职党务工作者。",
        "pass_mark": Decimal(80),
        "criteria": (
            ("从事党务工作满两年", RULES.format("党务工作者基本条件"), "branch-membership"),
            ("所在党组织组织生活正常", RULES.format("党务工作者基本条件"), "branch-life"),
        ),
        "scores": (("党务工作实绩", 60, ""), ("组织生活规范", 30, ""), ("党员评价", 10, "")),
        "vetoes": (NO_PENALTY,),
    },
    {
        "code": "advanced-branch",
        "name": "先进基层党组织",
        "subject_kind": "branch",
        "page_kind": "",
        "basis": "中国共产党党内表彰有关规定；企业党内表彰办法（默认）",
        "description": "表彰班子强、组织生活正常、作用发挥好的党组织。",
        "pass_mark": Decimal(80),
        "criteria": (
            ("组织生活正常，按期换届", RULES.format("基层党组织基本条件"), "branch-life"),
            ("无重大安全责任事故", RULES.format("基层党组织基本条件"), ""),
        ),
        "scores": (("班子建设", 30, ""), ("组织生活", 30, ""), ("作用发挥", 40, "")),
        "vetoes": (
            NO_ACCIDENT,
            ("班子成员受党纪政务处分", RULES.format("处分期内不参评"), ""),
        ),
    },
    {
        "code": "vanguard-post",
        "name": "党员先锋岗",
        "subject_kind": "post",
        "page_kind": "model-post",
        "basis": "企业党员先锋岗管理办法（默认）",
        "description": "学习、工作、服务、守法、弘扬正气都走在前面的岗位，挂牌上岗。",
        "review_months": 3,
        "has_plate": True,
        "criteria": (("岗位上党员起先锋作用", RULES.format("先锋岗基本条件"), ""),),
        "scores": (
            ("学习先锋", 20, ""),
            ("工作先锋", 20, ""),
            ("服务先锋", 20, ""),
            ("守法先锋", 20, ""),
            ("弘扬正气先锋", 20, ""),
        ),
        "vetoes": (NO_PENALTY, NO_ACCIDENT),
    },
    {
        "code": "model-worker",
        "name": "劳动模范",
        "subject_kind": "person",
        "organ": "union",
        "number_mark": "工",
        "page_kind": "excellent-member",
        "cycle": "two-yearly",
        "basis": "企业劳动模范评选管理办法（默认）",
        "description": "职工代表大会或者职工大会讨论通过，逐级审核、公示后授予。",
        "by_self": True,
        "front_line_share": 60,
        "criteria": (("职工代表大会或者职工大会讨论通过", RULES.format("劳动模范基本条件"), ""),),
        "scores": (("劳动业绩", 60, ""), ("创新创造", 20, ""), ("群众公认", 20, "")),
        "vetoes": (NO_PENALTY, NO_ACCIDENT),
    },
    {
        "code": "worker-pioneer",
        "name": "工人先锋号",
        "subject_kind": "team",
        "organ": "union",
        "number_mark": "工",
        "page_kind": "model-post",
        "basis": "企业工人先锋号创建办法（默认）",
        "description": "表彰班组、车间和工段，动态管理。",
        "review_months": 12,
        "has_plate": True,
        "criteria": (
            ("一流工作、一流服务、一流业绩、一流团队", RULES.format("先锋号基本条件"), ""),
        ),
        "scores": (("工作业绩", 50, ""), ("技能提升", 25, ""), ("团队建设", 25, "")),
        "vetoes": (
            ("三年内拖欠工资", RULES.format("先锋号一票否决"), ""),
            ("三年内发生安全责任事故", RULES.format("先锋号一票否决"), ""),
        ),
    },
    {
        "code": "labour-medal",
        "name": "五一劳动奖章",
        "subject_kind": "person",
        "organ": "union",
        "number_mark": "工",
        "page_kind": "excellent-member",
        "basis": "企业五一劳动奖评选办法（默认）",
        "description": "表彰一线职工。",
        "by_self": True,
        "front_line_share": 60,
        "criteria": (("在本职岗位取得突出成绩", RULES.format("劳动奖基本条件"), ""),),
        "scores": (("劳动业绩", 60, ""), ("创新创造", 20, ""), ("群众公认", 20, "")),
        "vetoes": (NO_PENALTY, NO_ACCIDENT),
    },
)


def add_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the rows that are missing."""
    naming = apps.get_model("honors", "NamingRule")
    for word in WORDS:
        if not naming.objects.filter(code=word).exists():
            naming.objects.create(code=word, clause=GUARD, effective_from=SINCE)
    for place, row in enumerate(TITLES, 1):
        _add_title(apps, dict(row), place * 10)


def _add_title(apps: Apps, row: dict[str, Any], place: int) -> None:
    titles = apps.get_model("honors", "Title")
    criteria, scores, vetoes = row.pop("criteria"), row.pop("scores"), row.pop("vetoes")
    title, made = titles.objects.get_or_create(code=row["code"], defaults={**row, "order": place})
    if not made:
        return
    for order, (text, clause, evidence) in enumerate(criteria):
        apps.get_model("honors", "TitleCriterion").objects.create(
            title=title, order=order, text=text, clause=clause, evidence=evidence
        )
    for order, (name, points, guidance) in enumerate(scores):
        apps.get_model("honors", "ScoreLine").objects.create(
            title=title,
            order=order,
            name=name,
            points=points,
            guidance=guidance,
            clause=row["basis"],
        )
    for order, (text, clause, check) in enumerate(vetoes):
        apps.get_model("honors", "VetoItem").objects.create(
            title=title, order=order, text=text, clause=clause, check_code=check
        )


class Migration(migrations.Migration):
    dependencies = [("honors", "0003_awards")]

    # Going back leaves the rows to the migration that takes their tables away.
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
