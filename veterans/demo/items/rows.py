"""How the rows of the demo standards are written: rules, amounts, papers, steps and limits.

Amounts and limits are the demo figures of the domain facts, chapter 5; every one is invented.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class StandardText:
    """One version of a standard as its rows."""

    fields: Row
    rules: tuple[Row, ...]
    amounts: tuple[Row, ...]
    materials: tuple[Row, ...]
    steps: tuple[Row, ...]
    limits: tuple[Row, ...]


@dataclass(frozen=True)
class DemoItem:
    """One item with its versions and what its page is called.

    Attributes:
        item: the fields of the item; `versions`: the oldest first.
        title, summary: of the page for readers.
        policy: slug of the policy page it rests on; empty for none.
        regional: versions for one region, with a page of their own.
    """

    item: Row
    versions: tuple[StandardText, ...]
    title: str
    summary: str
    policy: str = ""
    regional: tuple[StandardText, ...] = ()


CONTACT: Row = {
    "place": "集团办公楼一层110室，退役军人服务站",
    "phone": "0000-1235",
    "hours": "工作日8:30—12:00，14:00—17:30",
    "channels": "门户网上申请；到服务站；行动不便的请打电话，上门办理",
}


def rule(title: str, test: tuple[str, str, str], unmet: str, clause: str, **more: Any) -> Row:
    """Return one condition of eligibility."""
    field, operator, value = test
    return {
        **{"title": title, "field": field, "operator": operator, "value": value},
        **{"unmet": unmet, "clause": clause},
        **more,
    }


def belongs(categories: str, who: str) -> Row:
    """Return the rule that the item is for these categories."""
    return rule(
        "属于本标准所列人员",
        ("category", "in", categories),
        f"本项发给{who}，您选的人员类别不在其中。",
        "第一条第一款",
        met="您属于本标准所列人员。",
    )


CONNECTED = rule(
    "本人或家属是集团职工",
    ("employment", "ne", "none"),
    "本人和家属都不是集团职工，请向户籍地退役军人服务站申请。",
    "第一条第二款",
    met="您或家属是集团职工。",
)


def when(field: str, operator: str, value: str) -> Row:
    """Return the columns that let a rule be asked only in one case."""
    return {"when_field": field, "when_operator": operator, "when_value": value}


def only_if(field: str, operator: str, value: str) -> Row:
    """Return the columns that let a material be needed only in one case."""
    return {"need": "conditional", "field": field, "operator": operator, "value": value}


def fixed(label: str, amount: str, period: str, categories: str = "", **more: Any) -> Row:
    """Return a row with a fixed amount."""
    return {
        **{"label": label, "categories": categories, "amount": Decimal(amount), "period": period},
        **{"clause": "第二条附表"},
        **more,
    }


def share(label: str, ratio: str, base: str, categories: str = "", **more: Any) -> Row:
    """Return a row with a share of a sum."""
    return {
        **{"label": label, "categories": categories, "method": "ratio", "ratio": Decimal(ratio)},
        **{"base_field": base, "period": "次", "clause": "第二条附表"},
        **more,
    }


def in_kind(label: str, note: str, categories: str = "", **more: Any) -> Row:
    """Return a row that grants something else than money."""
    return {
        **{"label": label, "categories": categories, "method": "in-kind", "note": note},
        **{"clause": "第二条附表"},
        **more,
    }


def material(code: str, name: str, **more: Any) -> Row:
    """Return one paper to bring."""
    return {"code": code, "name": name, "clause": "第四条", **more}


def step(name: str, role: str, days: int | None, description: str) -> Row:
    """Return one step of the way."""
    return {
        **{"name": name, "role": role, "working_days": days, "description": description},
        "clause": "第五条",
    }


# ---- Papers that many items ask for (domain facts 5.3, first row)

IDENTITY_CARD = material(
    "identity-card",
    "身份证",
    formats="正反面照片或复印件",
    sample="两面都要，四个角在画面里，号码看得清。",
    exempt_when_on_file=True,
)
DISCHARGE_CERTIFICATE = material(
    "discharge-certificate",
    "退役证或优待证",
    formats="照片或复印件",
    sample="有照片和编号的那一页。",
    issued_by="退役军人事务部门",
    exempt_when_on_file=True,
    **only_if("category", "in", "V1,V7,V8"),
)
DISABILITY_CERTIFICATE = material(
    "disability-certificate",
    "残疾军人证",
    formats="照片或复印件",
    sample="写着残疾等级的那一页。",
    issued_by="退役军人事务部门",
    exempt_when_on_file=True,
    **only_if("category", "eq", "V2"),
)
MARTYR_CERTIFICATE = material(
    "martyr-certificate",
    "烈士证明书，或者因公牺牲、病故军人证明书",
    formats="照片或复印件",
    sample="证书内页，编号看得清。",
    issued_by="退役军人事务部门",
    exempt_when_on_file=True,
    **only_if("category", "in", "V3,V4,V5"),
)
SERVICE_CERTIFICATE = material(
    "service-certificate",
    "现役军人身份证明",
    formats="部队出具的证明原件或照片",
    sample="有部队公章和日期。",
    issued_by="军人所在部队",
    **only_if("category", "in", "V6,V9"),
)
HOUSEHOLD_REGISTER = material(
    "household-register",
    "户口簿或者关系证明",
    formats="照片或复印件",
    sample="户主页和本人页。",
    exempt_when_on_file=True,
    **only_if("category", "in", "V3,V4,V5,V6,V9"),
)
BANK_CARD = material(
    "bank-card",
    "本人银行卡",
    formats="有卡号一面的照片",
    sample="卡号看得清，背面不要拍。",
    note="只发到本人账户，不发现金。",
)
AUTHORITY = material(
    "authority",
    "授权委托书和代办人身份证",
    formats="原件照片",
    sample="写明委托办理的事项，本人签名或按手印。",
    issued_by="服务站有样本",
    **only_if("by_agent", "eq", "yes"),
)
GUARDIAN_PROOF = material(
    "guardian-proof",
    "监护证明",
    formats="照片或复印件",
    sample="户口簿上能看出关系的，不用另开。",
    **only_if("is_minor", "eq", "yes"),
)


def application_form(name: str) -> Row:
    """Return the printed form, which only those bring who do not apply on the portal."""
    return material(
        "application-form",
        f"{name}申请表",
        need="optional",
        formats="网上申请的不用另填",
        sample="到服务站办理的，当场帮您填。",
        issued_by="服务站",
    )


def papers(name: str, *own: Row, money: bool = True, minor: bool = False) -> tuple[Row, ...]:
    """Return the papers of an item: those of everybody, then its own."""
    return (
        application_form(name),
        IDENTITY_CARD,
        DISCHARGE_CERTIFICATE,
        DISABILITY_CERTIFICATE,
        MARTYR_CERTIFICATE,
        SERVICE_CERTIFICATE,
        HOUSEHOLD_REGISTER,
        *own,
        *((BANK_CARD,) if money else ()),
        AUTHORITY,
        *((GUARDIAN_PROOF,) if minor else ()),
    )


def steps(review: str, granting: tuple[str, str, int], *, notice: bool = True) -> tuple[Row, ...]:
    """Return the way of an item.

    Args:
        review: what the union and the other departments compare.
        granting: who grants it, what happens, within how many working days.
    """
    by_whom, what, days = granting
    shown = (step("公示", "退役军人服务站", 5, "只写姓氏、单位和项目，不写金额和原因。"),)
    return (
        step("申请", "您或代办人", None, "网上填，或者到服务站填。没写完可以先保存。"),
        step("受理", "退役军人服务站", 5, "材料齐的受理；缺什么，一次告诉您。"),
        step("初审", "退役军人服务站", 3, "核对身份、类别和材料。"),
        step("复核", "工会和人力资源部", 3, review),
        step("审批", "审批人；一万元以上报党委会", 3, "决定通过或者不通过，都有书面理由。"),
        *(shown if notice else ()),
        step("发放", by_whom, days, what),
        step("评价", "您", None, "办完请您评一评，不评也不影响。"),
    )


BY_FINANCE = ("财务部", "打到您的银行卡，到账有短信。", 10)


def limits(*, notice: bool = True, granting: int = 10) -> tuple[Row, ...]:
    """Return the time limits of an item, in working days."""
    return (
        {"stage": "acceptance", "days": 5, "clause": "参照行政许可法第三十二条"},
        {"stage": "correction", "days": 10, "clause": "第五条第二款"},
        {"stage": "decision", "days": 20, "clause": "参照行政许可法第四十二条"},
        {"stage": "extension", "days": 10, "clause": "参照行政许可法第四十二条"},
        *(({"stage": "notice", "days": 5, "clause": "第五条第四款"},) if notice else ()),
        {"stage": "payment", "days": granting, "clause": "第五条第五款"},
    )


def first_page(year: int, document_number: str, basis: tuple[str, ...], **more: Any) -> Row:
    """Return the first page of a version that begins with the year.

    Args:
        basis: laws with their clauses; the document itself is added as the last line.
    """
    return {
        **CONTACT,
        "effective_from": datetime.date(year, 1, 1),
        "document_number": document_number,
        "basis": "\n".join((*basis, f"{document_number}《集团拥军优属优待标准（{year}年版）》")),
        **more,
    }


def plain(*sentences: str) -> str:
    """Return sentences for readers of eighty, one a line."""
    return "\n".join(
        (
            *sentences,
            "材料不用一次想全，缺什么我们一次告诉您。",
            "走不动的，打电话，我们上门。",
        )
    )
