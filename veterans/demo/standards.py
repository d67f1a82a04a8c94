"""The standard of the housing subsidy (住房补贴) in two versions; every amount is invented.

Source of amounts and limits: the demo figures of the domain facts, chapter 5.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from veterans.demo.items.rows import CONTACT, Row, StandardText, material, only_if, rule, step

HOUSING_ITEM: Row = {
    "code": "housing",
    "name": "住房补贴",
    "category": "housing",
    "summary": "没有自有住房的退役军人职工、军人家属和遗属，每月补贴，连发十二个月。",
    "order": 10,
}

_COMMON_RULES: tuple[Row, ...] = (
    rule(
        "属于本标准所列人员",
        ("category", "in", "V1,V2,V3,V4,V5,V6,V7,V9"),
        "住房补贴只发给退役军人职工、残疾军人、现役军人家属和遗属，您选的人员类别不在其中。",
        "第一条第一款",
        met="您属于本标准所列人员。",
    ),
    rule(
        "本人或家属是集团职工",
        ("employment", "ne", "none"),
        "本人和家属都不是集团职工，请向户籍地退役军人服务站申请。",
        "第一条第一款",
        met="您或家属是集团职工。",
    ),
    rule(
        "在职职工在集团工作满一年",
        ("employed_since", "years_gte", "1"),
        "在集团工作还不满一年，满一年之日起可以申请。",
        "第一条第二款",
        when_field="employment",
        when_operator="eq",
        when_value="employee",
        met="在集团工作已满一年。",
    ),
    rule(
        "夫妻只发一份",
        ("spouse_receives", "eq", "no"),
        "配偶已经在领住房补贴，夫妻只发一份。就高改领的，请到服务站办理。",
        "第三条第二款",
        met="配偶没有领住房补贴。",
    ),
)

_RULES_2025: tuple[Row, ...] = (
    *_COMMON_RULES,
    rule(
        "本人或配偶在岚川市没有自有住房",
        ("housing_status", "ne", "own-home"),
        "本人或配偶在岚川市有自有住房，不在补贴范围内。",
        "第一条第三款",
        met="本人和配偶没有自有住房。",
    ),
)

_RULES_2026: tuple[Row, ...] = (
    *_COMMON_RULES,
    rule(
        "自有住房人均不超过15平方米的，按住房困难对待",
        ("area_per_person", "lte", "15"),
        "本人或配偶有自有住房，人均面积超过15平方米，不在补贴范围内。",
        "第一条第四款",
        when_field="housing_status",
        when_operator="eq",
        when_value="own-home",
        met="自有住房人均面积不超过15平方米。",
    ),
    rule(
        "本人或配偶在岚川市没有自有住房",
        ("housing_status", "ne", "own-home"),
        "有自有住房的，人均面积要由服务站对照不动产权证书核对。",
        "第一条第三款、第四款",
        refuses=False,
        met="本人和配偶没有自有住房。",
    ),
)


def _amounts(common: str, middle: str, high: str, bereaved: str, cap_year: str) -> tuple[Row, ...]:
    def row(label: str, categories: str, amount: str, levels: str = "") -> Row:
        condition = (
            {"field": "disability_level", "operator": "between", "value": levels} if levels else {}
        )
        return {
            **{"label": label, "categories": categories, "amount": Decimal(amount)},
            **{"quantity": 12, "period": "月", "deduct_field": "apartment_benefit"},
            **{"cap_year": Decimal(cap_year), "clause": "第二条附表"},
            **condition,
        }

    return (
        row("退役军人职工", "V1、V7", common),
        row("现役军人家属", "V6、V9", common),
        row("残疾军人（七至十级）", "V2", middle, "7-10"),
        row("残疾军人（一至六级）", "V2", high, "1-6"),
        row("烈士遗属、因公牺牲和病故军人遗属", "V3、V4、V5", bereaved),
    )


_MATERIALS: tuple[Row, ...] = (
    material(
        "application-form",
        "住房补贴申请表",
        formats="网上申请的不用另填",
        sample="姓名、电话、住房情况三栏写清楚，最后签名。",
        issued_by="服务站或本页附件",
    ),
    material(
        "identity-card",
        "身份证",
        formats="正反面照片或复印件",
        sample="两面都要，四个角在画面里，号码看得清。",
        exempt_when_on_file=True,
    ),
    material(
        "discharge-certificate",
        "退役证或优待证",
        formats="照片或复印件",
        sample="有照片和编号的那一页。",
        issued_by="退役军人事务部门",
        exempt_when_on_file=True,
        **only_if("category", "in", "V1,V7"),
    ),
    material(
        "disability-certificate",
        "残疾军人证",
        formats="照片或复印件",
        sample="写着残疾等级的那一页。",
        issued_by="退役军人事务部门",
        exempt_when_on_file=True,
        **only_if("category", "eq", "V2"),
    ),
    material(
        "martyr-certificate",
        "烈士证明书，或者因公牺牲、病故军人证明书",
        formats="照片或复印件",
        sample="证书内页，编号看得清。",
        issued_by="退役军人事务部门",
        exempt_when_on_file=True,
        **only_if("category", "in", "V3,V4,V5"),
    ),
    material(
        "service-certificate",
        "现役军人身份证明",
        formats="部队出具的证明原件或照片",
        sample="有部队公章和日期。",
        issued_by="军人所在部队",
        **only_if("category", "in", "V6,V9"),
    ),
    material(
        "household-register",
        "户口簿或者关系证明",
        formats="照片或复印件",
        sample="户主页和本人页。",
        exempt_when_on_file=True,
        **only_if("category", "in", "V3,V4,V5,V6,V9"),
    ),
    material(
        "lease",
        "租赁合同",
        formats="照片或复印件",
        sample="写着地址、租金、起止日期和签名的几页。",
        **only_if("housing_status", "eq", "renting"),
    ),
    material(
        "company-flat-slip",
        "单位公寓入住凭证",
        formats="照片或复印件",
        sample="写着每月优惠金额的那一页。",
        issued_by="后勤服务中心",
        exempt_when_on_file=True,
        **only_if("housing_status", "eq", "company-flat"),
    ),
    material(
        "no-home-proof",
        "岚川市无房证明",
        formats="原件照片",
        sample="有查询日期和公章。",
        issued_by="岚川市不动产登记中心",
        **only_if("housing_status", "ne", "own-home"),
    ),
    material(
        "ownership-certificate",
        "不动产权证书",
        formats="照片或复印件",
        sample="写着建筑面积的那一页。",
        **only_if("housing_status", "eq", "own-home"),
    ),
    material(
        "bank-card",
        "本人银行卡",
        formats="有卡号一面的照片",
        sample="卡号看得清，背面不要拍。",
        note="只发到本人账户，不发现金。",
    ),
    material(
        "authority",
        "授权委托书和代办人身份证",
        formats="原件照片",
        sample="写明委托办理住房补贴，本人签名或按手印。",
        issued_by="服务站有样本",
        **only_if("by_agent", "eq", "yes"),
    ),
    material(
        "guardian-proof",
        "监护证明",
        formats="照片或复印件",
        sample="户口簿上能看出关系的，不用另开。",
        **only_if("is_minor", "eq", "yes"),
    ),
)


_STEPS: tuple[Row, ...] = (
    step("申请", "您或代办人", None, "网上填，或者到服务站填。没写完可以先保存。"),
    step("受理", "退役军人服务站", 5, "材料齐的受理；缺什么，一次告诉您。"),
    step("初审", "退役军人服务站", 3, "核对身份、类别和住房情况。"),
    step("复核", "工会和人力资源部", 3, "核对在职和已领补贴，算出金额。"),
    step("审批", "审批人；一万元以上报党委会", 3, "决定通过或者不通过，都有书面理由。"),
    step("公示", "退役军人服务站", 5, "只写姓氏、单位和项目，不写金额。"),
    step("发放", "财务部", 10, "按月打到您的银行卡，连发十二个月。"),
    step("评价", "您", None, "办完请您评一评，不评也不影响。"),
)

_LIMITS: tuple[Row, ...] = (
    {"stage": "acceptance", "days": 5, "clause": "参照行政许可法第三十二条"},
    {"stage": "correction", "days": 10, "clause": "第五条第二款"},
    {"stage": "decision", "days": 20, "clause": "参照行政许可法第四十二条"},
    {"stage": "extension", "days": 10, "clause": "参照行政许可法第四十二条"},
    {"stage": "notice", "days": 5, "clause": "第五条第四款"},
    {"stage": "payment", "days": 10, "clause": "第五条第五款"},
)

_PAYMENT = (
    "按批准之月起连续发十二个月，期满本人重新确认。住单位公寓的，只补差额。"
    "以递交申请之日有效的标准计算，审批期间标准调整的，不重新计算。"
)


def _guide(least: str, most: str) -> str:
    return "\n".join(
        (
            "没有自己的房子，租房住，可以申请。",
            f"每个月{least}元到{most}元，看您是哪一类人。",
            "批下来那个月开始发，连发十二个月。",
            "材料不用一次想全，缺什么我们一次告诉您。",
            "身份证、退役证以前交过的，不用再交。",
            "家里人可以替您办，写一张委托书就行。",
            "走不动的，打电话，我们上门。",
        )
    )


HOUSING_2025 = StandardText(
    fields={
        **CONTACT,
        "effective_from": datetime.date(2025, 1, 1),
        "document_number": "沁岚党发〔2025〕5号",
        "basis": "《军人抚恤优待条例》第五十一条\n"
        "《中华人民共和国军人地位和权益保障法》第五十条\n"
        "沁岚党发〔2025〕5号《住房补贴优待标准》",
        "people": "在集团工作满一年、本人和配偶在岚川市没有自有住房的退役军人职工、残疾军人、"
        "现役军人家属，以及烈士、因公牺牲军人、病故军人的遗属。",
        "payment": _PAYMENT,
        "guide": _guide("700", "1400"),
    },
    rules=_RULES_2025,
    amounts=_amounts("700", "900", "1100", "1400", "16800"),
    materials=tuple(row for row in _MATERIALS if row["code"] != "ownership-certificate"),
    steps=_STEPS,
    limits=_LIMITS,
)
HOUSING_2026 = StandardText(
    fields={
        **CONTACT,
        "effective_from": datetime.date(2026, 1, 1),
        "document_number": "沁岚党发〔2026〕7号",
        "basis": "《军人抚恤优待条例》第五十一条\n"
        "《中华人民共和国军人地位和权益保障法》第五十条\n"
        "沁岚党发〔2026〕7号《住房补贴优待标准（2026年版）》",
        "people": "在集团工作满一年、本人和配偶在岚川市没有自有住房或者自有住房人均不超过15平方米的"
        "退役军人职工、残疾军人、现役军人家属，以及烈士、因公牺牲军人、病故军人的遗属。",
        "payment": _PAYMENT,
        "guide": _guide("800", "1500"),
    },
    rules=_RULES_2026,
    amounts=_amounts("800", "1000", "1200", "1500", "18000"),
    materials=_MATERIALS,
    steps=_STEPS,
    limits=_LIMITS,
)
