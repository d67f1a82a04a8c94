"""Merit, hardship, work for spouses, return to work (立功、困难、就业、复工)."""

from __future__ import annotations

from decimal import Decimal

from veterans.demo.items.rows import (
    BY_FINANCE,
    CONNECTED,
    DemoItem,
    StandardText,
    belongs,
    first_page,
    fixed,
    in_kind,
    limits,
    material,
    only_if,
    papers,
    plain,
    rule,
    share,
    steps,
    when,
)

_MERITS = (
    ("medal", "八一勋章", "50000"),
    ("honorary-title", "荣誉称号", "30000"),
    ("first-class", "一等功", "10000"),
    ("second-class", "二等功", "5000"),
    ("third-class", "三等功", "2000"),
    ("outstanding", "四有优秀个人", "500"),
)


def _merit(year: int, number: str) -> StandardText:
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人地位和权益保障法》第二十九条",),
            people="职工本人，或者职工的配偶、子女、兄弟姐妹，在部队立功受奖的。",
            payment="一次性发放，同一年多次立功的分别奖励。本项金额2025年以来没有调整。",
            guide=plain(
                "家里有人在部队立功，集团发奖金，送喜报。",
                "三等功2000元，二等功5000元，一等功10000元。",
                "收到喜报三个月内来申请，晚了说明情况也行。",
                "一年立两次功，就奖两次。",
            ),
            repeats="case",
        ),
        rules=(
            belongs("V1,V2,V6,V7,V9", "立功受奖的军人和他们的家属"),
            CONNECTED,
            rule(
                "没有被部队除名或者开除军籍",
                ("dismissed_from_army", "eq", "no"),
                "被除名或者开除军籍的，不发放奖励。",
                "第三条第一款",
                met="没有被除名或者开除军籍。",
            ),
        ),
        amounts=tuple(
            fixed(label, amount, "次", field="merit", operator="eq", value=code)
            for code, label, amount in _MERITS
        ),
        materials=papers(
            "立功受奖奖励",
            material(
                "merit-notice",
                "立功受奖喜报或者奖励通令",
                formats="照片或复印件",
                sample="写着姓名、等次和日期，有公章。",
            ),
            material(
                "unit-letter",
                "部队证明",
                formats="照片或复印件",
                sample="旅、团以上单位公章。",
                issued_by="军人所在部队",
            ),
        ),
        steps=steps("核对喜报原件，不留原件。", BY_FINANCE),
        limits=limits(),
    )


MERIT = DemoItem(
    item={
        "code": "merit",
        "name": "立功受奖奖励",
        "category": "honor",
        "summary": "四有优秀个人500元至八一勋章50000元，每次立功分别奖励。",
        "order": 40,
    },
    versions=(
        _merit(2025, "沁岚军服〔2025〕4号"),
        _merit(2026, "沁岚军服〔2026〕3号"),
    ),
    title="立功受奖奖励怎么申请：喜报和部队证明",
    summary="四有优秀个人500元至八一勋章50000元，同一年多次立功的分别奖励。",
    policy="merit-award-2026",
)


def _case(kind: str) -> dict[str, str]:
    return {"field": "hardship", "operator": "eq", "value": kind}


def hardship_of(
    year: int, number: str, amounts: tuple[str, str, str], cap: str, income: str
) -> StandardText:
    accident, disability, low_income = amounts
    """Return one version; the amounts are yuan."""
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《退役军人保障法》第五十五条", "《军人抚恤优待条例》第三十八条"),
            people="退役军人职工、残疾军人、军人家属和遗属，因重大疾病、意外、重度残疾或者低收入有困难的。",
            payment=f"一次性，每年一次，最多{cap}元。重大疾病和意外可以先借后审。",
            guide=plain(
                "家里遇到难处，一年可以申请一次。",
                f"最少{low_income}元，最多{cap}元，看是哪种难处。",
                "生大病、出意外的，可以先借五千元救急。",
                "公示只写姓氏和项目，不写您家的事。",
            ),
        ),
        rules=(
            belongs("V1,V2,V3,V4,V5,V6,V7,V8,V9", "退役军人职工、残疾军人、军人家属和遗属"),
            CONNECTED,
            rule(
                f"低收入家庭月人均收入不超过{income}元",
                ("income_per_person", "lte", income),
                f"家庭月人均收入超过{income}元，不按低收入家庭援助。",
                "第一条第四款",
                met="家庭月人均收入在标准以内。",
                **when("hardship", "eq", "low-income"),
            ),
        ),
        amounts=(
            share(
                "重大疾病",
                "0.5",
                "own_payment",
                cap_case=Decimal(cap),
                cap_year=Decimal(cap),
                **_case("illness"),
            ),
            fixed("意外事故、自然灾害", accident, "次", **_case("accident")),
            fixed("家中有人重度残疾", disability, "次", **_case("disability")),
            fixed("低收入家庭", low_income, "次", **_case("low-income")),
        ),
        materials=papers(
            "困难援助",
            material(
                "income-proof",
                "家庭收入证明",
                formats="照片或复印件",
                issued_by="所在单位或社区",
            ),
            material(
                "hardship-proof",
                "致困证明",
                formats="照片或复印件",
                sample="诊断证明、事故证明或残疾证，有哪样交哪样。",
            ),
            material(
                "opinion",
                "居委会或者党支部意见",
                formats="照片或复印件",
                sample="有签字和公章。",
                issued_by="社区居委会或所在党支部",
            ),
        ),
        steps=steps("入户或电话了解情况，核对今年是否援助过。", BY_FINANCE),
        limits=limits(),
    )


HARDSHIP = DemoItem(
    item={
        "code": "hardship",
        "name": "困难援助",
        "category": "hardship",
        "summary": "重大疾病、意外、重度残疾、低收入四种情形，2000元至20000元，每年一次。",
        "order": 70,
    },
    versions=(
        hardship_of(2025, "沁岚军服〔2025〕4号", ("8000", "4000", "1500"), "15000", "1100"),
        hardship_of(2026, "沁岚军服〔2026〕3号", ("10000", "5000", "2000"), "20000", "1200"),
    ),
    title="困难援助怎么申请：四种情形，先救急",
    summary="重大疾病、意外、重度残疾、低收入四种情形，2000元至20000元，每年一次。",
    policy="hardship-assistance-2026",
)


def _spouse(year: int, number: str, monthly: str) -> StandardText:
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人抚恤优待条例》第四十六条、第四十七条：国有企业按比例招用随军家属",),
            people="经批准随军、现在没有工作的军人配偶。",
            payment=f"推荐岗位一个，三十日内上岗；需要岗前培训的，每月{monthly}元，最多三个月。",
            guide=plain(
                "随军的家属，集团帮着安排工作。",
                "推荐两个以上岗位，您来挑，也要面试。",
                f"先要培训的，每月补{monthly}元，最多三个月。",
            ),
        ),
        rules=(
            belongs("V6,V9", "现役军人家属"),
            rule(
                "现在不在集团工作",
                ("employment", "ne", "employee"),
                "您已经在集团工作。要换岗位的，请找人力资源部。",
                "第一条第二款",
                met="现在不在集团工作。",
            ),
        ),
        amounts=(
            in_kind("随军家属", "推荐不少于两个岗位，三十日内上岗一个", "V6、V9"),
            fixed(
                "岗前培训补贴",
                monthly,
                "月",
                "V6、V9",
                adds=True,
                quantity=3,
                quantity_field="months",
            ),
        ),
        materials=papers(
            "随军家属就业安置",
            material(
                "accompanying-approval",
                "随军批复",
                formats="照片或复印件",
                issued_by="部队政治工作部门",
            ),
            material("education-proof", "学历证书或者技能证书", formats="照片或复印件"),
            material("job-registration", "求职登记表", formats="照片", issued_by="服务站"),
        ),
        steps=steps(
            "人力资源部推荐不少于两个岗位。",
            ("人力资源部和财务部", "通知上岗；有培训补贴的打到银行卡。", 20),
        ),
        limits=limits(granting=20),
    )


SPOUSE_EMPLOYMENT = DemoItem(
    item={
        "code": "spouse-employment",
        "name": "随军家属就业安置",
        "category": "employment",
        "summary": "推荐岗位一个，三十日内上岗；岗前培训每月补贴900元，最多三个月。",
        "order": 80,
    },
    versions=(
        _spouse(2025, "沁岚党发〔2025〕5号", "800"),
        _spouse(2026, "沁岚党发〔2026〕7号", "900"),
    ),
    title="随军家属就业安置怎么申请",
    summary="推荐不少于两个岗位，三十日内上岗；岗前培训每月补贴900元，最多三个月。",
    policy="spouse-employment-2026",
)


def _reinstatement(year: int, number: str, working_days: int) -> StandardText:
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人抚恤优待条例》第四十五条", "《退役军人安置条例》第七十五条：三十日内上岗"),
            people="入伍前是集团职工，退役后要求回来工作的退役军人。",
            payment="恢复原岗位，或者安排待遇不低于同等级平均水平的岗位，不发钱。服役年限计入工龄。",
            guide=plain(
                "当兵前是集团职工，退役了可以回来上班。",
                "回原岗位，或者安排差不多的岗位。",
                "当兵的年头，算进工龄。",
            ),
        ),
        rules=(
            belongs("V1,V2,V7", "退役军人"),
            rule(
                "入伍前是集团职工",
                ("employed_before_service", "eq", "yes"),
                "入伍前不是集团职工，不能复职。可以申请退役军人招聘优先岗位。",
                "第一条第二款",
                met="入伍前是集团职工。",
            ),
            rule(
                "没有被部队除名或者开除军籍",
                ("dismissed_from_army", "eq", "no"),
                "被除名或者开除军籍的，不能复职。",
                "第三条第一款",
                met="没有被除名或者开除军籍。",
            ),
        ),
        amounts=(
            in_kind(
                "退役军人",
                "恢复原岗位，或者安排待遇不低于同等级平均水平的岗位，三十日内上岗",
                "V1、V2、V7",
            ),
        ),
        materials=papers(
            "复职复工",
            material(
                "labour-contract",
                "入伍前的劳动合同",
                need="optional",
                formats="照片或复印件",
                note="找不到的，由人力资源部查档。",
            ),
            material(
                "introduction",
                "介绍信",
                formats="照片或复印件",
                issued_by="退役军人事务部门",
                **only_if("category", "in", "V1,V7"),
            ),
            money=False,
        ),
        steps=steps(
            "人力资源部查档案，定岗位和待遇。",
            ("人力资源部", "通知报到，三十日内上岗。", working_days),
            notice=False,
        ),
        limits=limits(notice=False, granting=working_days),
    )


REINSTATEMENT = DemoItem(
    item={
        "code": "reinstatement",
        "name": "退役军人复职复工",
        "category": "employment",
        "summary": "入伍前是集团职工的，退役后恢复原岗位或安排相当岗位，三十日内上岗。",
        "order": 120,
    },
    versions=(
        _reinstatement(2025, "沁岚党发〔2025〕5号", 22),
        _reinstatement(2026, "沁岚党发〔2026〕7号", 20),
    ),
    title="退役军人复职复工怎么办",
    summary="入伍前是集团职工的，退役后恢复原岗位或安排相当岗位，三十日内上岗。",
)
