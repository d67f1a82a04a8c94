"""Medical support, care and aids, recuperation (医疗补助、护理辅具、体检疗养)."""

from __future__ import annotations

from decimal import Decimal

from veterans.demo.items.rows import (
    BY_FINANCE,
    CONNECTED,
    DemoItem,
    Row,
    StandardText,
    belongs,
    first_page,
    in_kind,
    limits,
    material,
    only_if,
    papers,
    plain,
    rule,
    share,
    steps,
)

_PAID_SOMETHING = rule(
    "有个人自付的部分",
    ("own_payment", "gte", "1"),
    "医保和大病保险已经全部报销，没有可以补助的部分。",
    "第一条第三款",
    met="有个人自付的部分。",
)
_LEVEL = {"field": "disability_level", "operator": "between"}


def _medical(year: int, number: str, cap: str, cap_words: str) -> StandardText:
    most = {"cap_year": Decimal(cap)}
    amounts: tuple[Row, ...] = (
        share("退役军人职工、现役军人家属", "0.6", "own_payment", "V1、V6、V7、V8、V9", **most),
        share("残疾军人（七至十级）", "0.8", "own_payment", "V2", **_LEVEL, value="7-10", **most),
        share("残疾军人（一至六级）", "0.95", "own_payment", "V2", **_LEVEL, value="1-6", **most),
        share("烈士遗属、因公牺牲和病故军人遗属", "0.95", "own_payment", "V3、V4、V5", **most),
    )
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人抚恤优待条例》第四十四条",),
            people="退役军人职工、残疾军人、现役军人家属和遗属，看病后医保和大病保险报完仍有自付部分的。",
            payment=f"个人自付部分按比例补助，每人每年不超过{cap_words}元，一年可以申请多次。"
            "别处已经报销的部分不重复补助。",
            guide=plain(
                "看病自己掏的钱，集团再补一部分。",
                "先走医保和大病保险，剩下的拿来补。",
                "按60%、80%、95%补，看您是哪一类人。",
                f"一年最多{cap_words}元，可以分几次申请。",
                "您看的什么病，只有经办和审批的人知道。",
            ),
            repeats="case",
        ),
        rules=(
            belongs("V1,V2,V3,V4,V5,V6,V7,V8,V9", "退役军人职工、残疾军人、军人家属和遗属"),
            CONNECTED,
            _PAID_SOMETHING,
        ),
        amounts=amounts,
        materials=papers(
            "医疗补助",
            material("diagnosis", "诊断证明", formats="照片或复印件", sample="有医院公章和日期。"),
            material(
                "medical-record", "病历", formats="首页照片", sample="与病无关的内容可以遮住。"
            ),
            material("cost-list", "费用清单", formats="照片或复印件", issued_by="医院收费处"),
            material(
                "insurance-settlement",
                "医保结算单",
                formats="照片或复印件",
                sample="写着个人自付金额的那一页。",
                issued_by="医院收费处或医保局",
            ),
            material("invoice", "发票", formats="照片，电子发票存成PDF也行"),
        ),
        steps=steps("核对医保结算单和今年已补的金额，算出补助。", BY_FINANCE),
        limits=limits(),
    )


MEDICAL = DemoItem(
    item={
        "code": "medical",
        "name": "医疗补助",
        "category": "medical",
        "summary": "看病自付的部分，按60%、80%或95%补助，每人每年不超过两万元。",
        "order": 20,
    },
    versions=(
        _medical(2025, "沁岚党发〔2025〕5号", "15000", "一万五千"),
        _medical(2026, "沁岚党发〔2026〕7号", "20000", "两万"),
    ),
    title="医疗补助怎么申请：比例、上限、五样单据",
    summary="个人自付部分按60%、80%、95%补助，每人每年不超过两万元，一年可以申请多次。",
    policy="medical-support-2026",
)


def _aids(year: int, number: str, ratio: str, words: str, cap: str) -> StandardText:
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人抚恤优待条例》第三十四条、第三十五条",),
            people="残疾军人配轮椅、助听器、假肢等辅助器具，或者请人护理，国家配发和补助之外自付的部分。",
            payment=f"自付部分补助{words}，每人每年不超过{int(cap):,}元。".replace(",", ""),
            guide=plain(
                "残疾军人买轮椅、助听器，可以申请。",
                f"国家管的之外，您自己掏的补{words}。",
                "先把发票留好，没有发票的先打电话问。",
            ),
            repeats="case",
        ),
        rules=(belongs("V2", "残疾军人"), CONNECTED, _PAID_SOMETHING),
        amounts=(share("残疾军人", ratio, "own_payment", "V2", cap_year=Decimal(cap)),),
        materials=papers(
            "护理和辅具补助",
            material(
                "fitting-advice",
                "配置意见或护理意见",
                formats="照片或复印件",
                sample="写明需要哪一种器具或护理。",
                issued_by="医院或残疾军人辅具机构",
            ),
            material("invoice", "发票", formats="照片，电子发票存成PDF也行"),
        ),
        steps=steps("核对国家配发的情况和发票。", BY_FINANCE),
        limits=limits(),
    )


AIDS = DemoItem(
    item={
        "code": "care-and-aids",
        "name": "残疾军人护理和辅具补助",
        "category": "health",
        "summary": "轮椅、助听器、护理费用，自付部分补助七成。",
        "order": 90,
    },
    versions=(
        _aids(2025, "沁岚军服〔2025〕4号", "0.6", "六成", "8000"),
        _aids(2026, "沁岚军服〔2026〕3号", "0.7", "七成", "10000"),
    ),
    title="残疾军人护理和辅具补助怎么申请",
    summary="轮椅、助听器、假肢和护理费用，国家补助之外自付的部分补助七成。",
)


def _recuperation(year: int, number: str, days: str) -> StandardText:
    return StandardText(
        fields=first_page(
            year,
            number,
            ("《军人抚恤优待条例》第五十条：与所在单位工伤人员享受同等待遇",),
            people="在职的退役军人职工和残疾军人职工，每两年一次。",
            payment=f"体检一次，疗养{days}，食宿和往返车费由集团承担，不发钱。"
            "残疾军人需要陪护的，可以带一名家属。",
            guide=plain(
                f"退役军人职工每两年可以疗养{days}。",
                "先体检，再去疗养，都不用您花钱。",
                "上半年去岚川温泉，下半年去桐湖，两处可选。",
                "疗养期间算出勤，工资照发。",
            ),
        ),
        rules=(
            belongs("V1,V2,V7", "退役军人职工和残疾军人职工"),
            rule(
                "现在在集团工作",
                ("employment", "eq", "employee"),
                "疗养安排给在职职工。退休的请向退休管理中心申请体检。",
                "第一条第二款",
                met="您在集团工作。",
            ),
            rule(
                "两年内没有疗养过",
                ("granted_in_two_years", "eq", "no"),
                "疗养每两年一次，您两年内去过，满两年后可以再申请。",
                "第二条第二款",
                met="两年内没有疗养过。",
            ),
        ),
        amounts=(
            in_kind(
                "退役军人职工、残疾军人职工",
                f"体检一次，疗养{days}，食宿和往返车费由集团承担",
                "V1、V2、V7",
            ),
        ),
        materials=papers(
            "体检疗养",
            material(
                "shift-consent",
                "倒班安排确认",
                formats="照片",
                sample="区队长签字，写明疗养的日子。",
                issued_by="所在区队",
                need="optional",
            ),
            material(
                "companion-card",
                "陪护家属身份证",
                formats="正反面照片",
                **only_if("disability_level", "between", "1-6"),
            ),
            money=False,
        ),
        steps=steps(
            "核对两年内是否去过，排名额。",
            ("退役军人服务站", "通知出发的日子和地点，发体检单。", 20),
            notice=False,
        ),
        limits=limits(notice=False, granting=20),
    )


RECUPERATION = DemoItem(
    item={
        "code": "recuperation",
        "name": "退役军人职工体检疗养",
        "category": "health",
        "summary": "每两年一次，体检加七天疗养，费用由集团承担。",
        "order": 110,
    },
    versions=(
        _recuperation(2025, "沁岚党发〔2025〕5号", "五天"),
        _recuperation(2026, "沁岚党发〔2026〕7号", "七天"),
    ),
    title="退役军人职工体检疗养怎么报名",
    summary="每两年一次，体检加七天疗养，食宿和往返车费由集团承担，疗养期间算出勤。",
    policy="veteran-care-2026",
)
