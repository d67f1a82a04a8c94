"""Remarks on support standards: one published, the others still open."""

from __future__ import annotations

from datetime import date

from portal.demo.texts import Correction, prose

POLICY_CORRECTIONS: tuple[Correction, ...] = (
    Correction(
        key="medical-support-2026",
        date=date(2026, 7, 3),
        state="live",
        remark=prose("""
**补充说明（2026年7月3日）：**电子发票可以打印后提交，请写上“与原件一致”并签名；同一张发票在门户
登记过的，系统会提示，不能重复补助。
"""),
    ),
    Correction(
        key="housing-subsidy-2026",
        date=date(2026, 11, 17),
        state="returned",
        return_reason="无房证明的有效期请与岚川市不动产登记部门核对后再写，不要写“一般”。",
        remark=prose("""
**补充说明：**无房证明一般三个月内有效，过期的请重新开具。
"""),
    ),
    Correction(
        key="holiday-greetings-2026",
        date=date(2026, 11, 19),
        state="draft",
        remark=prose("""
**补充说明：**2027年春节慰问名册核对自11月20日开始，12月10日截止，请各单位提醒本人确认。
"""),
    ),
    Correction(
        key="education-grant-2026",
        date=date(2026, 11, 20),
        state="in_review",
        remark=prose("""
**补充说明：**2026年秋季学期受理已于11月15日截止，共收到申请五十八份，缺缴费凭证的六份已一次告
知。
"""),
    ),
    Correction(
        key="merit-award-2026",
        date=date(2026, 11, 20),
        state="draft",
        remark=prose("""
**补充说明：**11月份又送喜报一次，为三等功，奖励2000元，本年累计十次。
"""),
    ),
)
