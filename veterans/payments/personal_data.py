"""What the money of applications keeps of people: entries of the inventory."""

from __future__ import annotations

from portal.personal_data.inventory import (
    ORDINARY,
    register_not_personal,
    register_personal_fields,
)
from portal.personal_data.kinds import SensitiveKind

BASIS = "个人信息保护法第十三条第一款第三项"
KEPT = "随案卷保管30年"


def register() -> None:
    """Register once, when the application is ready."""
    register_personal_fields(
        "veterans.AmountChange",
        {"reason": SensitiveKind.STATUS},
        purpose="说明核定金额与计算金额不同的理由",
        basis=BASIS,
        retention=KEPT,
    )
    register_personal_fields(
        "veterans.Payment",
        {
            "calculation": SensitiveKind.STATUS,
            "bank_name": ORDINARY,
            "bank_card": SensitiveKind.BANK,
        },
        purpose="续发的金额计算和收款账户",
        basis=BASIS,
        retention=KEPT,
    )
    register_personal_fields(
        "veterans.Recovery",
        {"reason": SensitiveKind.STATUS, "ended_reason": ORDINARY},
        purpose="追回以虚假材料取得的款项",
        basis=BASIS,
        retention=KEPT,
    )
    register_not_personal(
        "veterans.GrantYear.identity_number_index",
        "a keyed digest without the number, copied from the application to lock a row",
    )
