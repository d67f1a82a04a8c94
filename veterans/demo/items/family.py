"""Education of children, conscripts' families, greetings, care for the bereaved (家庭)."""

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
    steps,
)

_NOT_DISMISSED = rule(
    "没有被部队除名或者开除军籍",
    ("dismissed_from_army", "eq", "no"),
    "被除名或者开除军籍的，不发放优待金。",
    "第三条第一款",
    met="没有被除名或者开除军籍。",
)


def _stage(stage: str) -> dict[str, str]:
    return {"field": "school_stage", "operator": "eq", "value": stage}


def _education(year: int, number: str, amounts: tuple[str, str, str]) -> StandardText:
    compulsory, senior, university = amounts
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人抚恤优待条例》第四十三条", "《军人地位和权益保障法》第五十五条"),
            people="退役军人职工、残疾军人、现役军人家属和遗属的子女，在国内全日制学校就读的。",
            payment="按学年发，每个孩子每学年一次。每年9月1日至11月15日受理，12月底前发放。",
            guide=plain(
                "孩子上学，每年可以领一次。",
                f"小学初中{compulsory}元，高中{senior}元，大学{university}元。",
                "两个孩子就申请两次，一个孩子一份。",
                "孩子不满十八岁，由家长替他申请。",
            ),
        ),
        rules=(
            belongs("V1,V2,V3,V4,V5,V6,V7,V9", "退役军人职工、残疾军人、军人家属和遗属的子女"),
            CONNECTED,
            rule(
                "在国内全日制学校就读",
                ("school_stage", "ne", "other"),
                "研究生、非全日制和国外学校不在补助范围内。",
                "第一条第三款",
                met="在国内全日制学校就读。",
            ),
        ),
        amounts=(
            fixed("义务教育", compulsory, "年", **_stage("compulsory")),
            fixed("高中、中职", senior, "年", **_stage("senior")),
            fixed("大学本科、专科", university, "年", **_stage("university")),
        ),
        materials=papers(
            "子女教育补助",
            material(
                "school-record",
                "录取通知书或者学籍证明",
                formats="照片或复印件",
                sample="有学校公章，写着年级。",
                issued_by="学校教务处",
            ),
            material(
                "tuition-receipt",
                "缴费凭证",
                formats="照片或复印件",
                **only_if("school_stage", "in", "senior,university"),
            ),
            minor=True,
        ),
        steps=steps("核对学籍和本学年是否领过。", BY_FINANCE),
        limits=limits(),
    )


EDUCATION = DemoItem(
    item={
        "code": "education",
        "name": "子女教育补助",
        "category": "education",
        "summary": "义务教育1000元、高中2000元、大学5000元，每个孩子每学年一次。",
        "order": 30,
    },
    versions=(
        _education(2025, "沁岚工发〔2025〕10号", ("800", "1500", "4000")),
        _education(2026, "沁岚工发〔2026〕12号", ("1000", "2000", "5000")),
    ),
    title="子女教育补助怎么申请：三档金额和学籍证明",
    summary="义务教育1000元、高中2000元、大学5000元，每个孩子每学年一次。",
    policy="education-grant-2026",
)


def _conscript(year: int, number: str, amount: str, **region: str) -> StandardText:
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人抚恤优待条例》第四十二条：县级发放，集团另补",),
            people="义务兵的父母、养父母或配偶，至少一人是集团在册职工或退休职工，义务兵服役满一年。",
            payment=f"一次性{amount}元，每年7月10日前和次年1月10日前各发一批，与地方优待金不冲抵。",
            guide=plain(
                "孩子当兵满一年，集团给家里发优待金。",
                f"一次{amount}元，地方发的照领，不冲抵。",
                "填父母或者配偶的银行卡，不用孩子回来签字。",
            ),
            **region,
        ),
        rules=(
            belongs("V6,V9", "现役军人家属"),
            CONNECTED,
            rule(
                "义务兵服役满一年",
                ("enlisted_on", "years_gte", "1"),
                "服役还不满一年，满一年之日起可以申请。",
                "第一条第三款",
                met="服役已满一年。",
            ),
            _NOT_DISMISSED,
        ),
        amounts=(fixed("义务兵家庭", amount, "次", "V6、V9", cap_year=Decimal(amount)),),
        materials=papers(
            "义务兵家庭优待金",
            material(
                "enlistment-notice",
                "入伍通知书",
                formats="照片或复印件",
                sample="写着入伍日期的那一页。",
                exempt_when_on_file=True,
            ),
        ),
        steps=steps("与征兵办公室核对服役情况。", BY_FINANCE),
        limits=limits(),
    )


CONSCRIPT = DemoItem(
    item={
        "code": "conscript-family",
        "name": "义务兵家庭优待金",
        "category": "greetings",
        "summary": "服役满一年，地方优待金之外集团再发一份，不冲抵。",
        "order": 50,
    },
    versions=(
        _conscript(2025, "沁岚军服〔2025〕4号", "5000"),
        _conscript(2026, "沁岚军服〔2026〕3号", "6000"),
    ),
    title="义务兵家庭优待金怎么申请",
    summary="义务兵服役满一年，集团一次性发6000元，与地方优待金不冲抵。",
    policy="conscript-family-allowance-2026",
    regional=(
        _conscript(2026, "沁岚军服〔2026〕4号", "8000", region="149902", region_name="桐湖市"),
    ),
)


def _festival(festival: str) -> dict[str, str]:
    return {"field": "occasion", "operator": "eq", "value": festival}


def greetings_of(year: int, number: str, amounts: tuple[str, str, str]) -> StandardText:
    spring, army, more = amounts
    """Return one version; the amounts are yuan."""
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人地位和权益保障法》第三十条：走访慰问", "《军人抚恤优待条例》第三十九条"),
            people="退役军人职工、残疾军人、现役军人家属和遗属。按名册送到，名册漏了的可以补领。",
            payment=f"春节{spring}元，八一{army}元，遗属另加{more}元。春节在腊月二十前、八一在7月25日前送到。",
            guide=plain(
                "过节慰问按名册送，不用申请。",
                "到了日子没有收到，就在这里补领。",
                f"春节{spring}元，八一{army}元，遗属多{more}元。",
            ),
            repeats="occasion",
        ),
        rules=(
            belongs("V1,V2,V3,V4,V5,V6,V7,V8,V9", "退役军人职工、残疾军人、军人家属和遗属"),
            CONNECTED,
        ),
        amounts=(
            fixed("春节慰问", spring, "次", **_festival("spring-festival")),
            fixed("八一慰问", army, "次", **_festival("army-day")),
            fixed("烈士、因公牺牲、病故军人遗属", more, "次", "V3、V4、V5", adds=True),
        ),
        materials=papers("节日慰问补领"),
        steps=steps("与名册和签收单核对。", BY_FINANCE, notice=False),
        limits=limits(notice=False),
    )


GREETINGS = DemoItem(
    item={
        "code": "greetings",
        "name": "节日慰问",
        "category": "greetings",
        "summary": "春节1000元、八一800元，遗属另加500元；名册漏了的在这里补领。",
        "order": 60,
    },
    versions=(
        greetings_of(2025, "沁岚军服〔2025〕4号", ("800", "600", "300")),
        greetings_of(2026, "沁岚军服〔2026〕3号", ("1000", "800", "500")),
    ),
    title="节日慰问：按名册送，漏了的这样补领",
    summary="春节1000元、八一800元，遗属另加500元，按名册送到；没有收到的可以补领。",
    policy="holiday-greetings-2026",
)


def _bereaved(year: int, number: str, amount: str) -> StandardText:
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人抚恤优待条例》第三十九条", "《烈士褒扬条例》第二十四条至第三十一条"),
            people="烈士的父母（抚养人）、配偶、子女，以及未满十八周岁或者由烈士供养的兄弟姐妹。",
            payment=f"每年{amount}元，9月30日烈士纪念日前由党委负责人送到。"
            "遗属本人或者指定一人在集团求职的，同等条件下优先。",
            guide=plain(
                f"烈士家里人每年有{amount}元关爱金。",
                "烈士纪念日前，领导上门送到。",
                "家里有人想来集团上班，条件一样的先录用。",
            ),
        ),
        rules=(
            belongs("V3", "烈士遗属"),
            rule(
                "有烈士证明书",
                ("has_certificate", "eq", "yes"),
                "证书遗失的，服务站帮您向退役军人事务部门查证。",
                "第四条",
                refuses=False,
                met="有证书。",
            ),
        ),
        amounts=(
            fixed("烈士遗属", amount, "年", "V3", cap_year=Decimal(amount)),
            in_kind("烈士遗属求职", "本人或者指定一人求职，同等条件下优先录用", "V3", adds=True),
        ),
        materials=papers("烈士遗属关爱金", minor=True),
        steps=steps("与烈士遗属名册核对。", BY_FINANCE, notice=False),
        limits=limits(notice=False),
    )


BEREAVED = DemoItem(
    item={
        "code": "bereaved-care",
        "name": "烈士遗属抚恤关爱",
        "category": "bereavement",
        "summary": "每年5000元关爱金，求职同等条件下优先。",
        "order": 100,
    },
    versions=(
        _bereaved(2025, "沁岚党发〔2025〕5号", "4000"),
        _bereaved(2026, "沁岚党发〔2026〕7号", "5000"),
    ),
    title="烈士遗属关爱金和优先录用怎么申请",
    summary="每年5000元关爱金，烈士纪念日前送到；遗属求职，同等条件下优先录用。",
    policy="veteran-care-2026",
)
