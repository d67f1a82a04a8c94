"""What publicity keeps of people: entries of the inventory of personal data."""

from __future__ import annotations

from portal.personal_data.inventory import (
    ORDINARY,
    register_not_personal,
    register_personal_fields,
)
from portal.personal_data.kinds import SensitiveKind


def register() -> None:
    """Register once, when the application is ready."""
    register_personal_fields(
        "veterans.Greeting",
        {"category": SensitiveKind.STATUS},
        purpose="节日走访慰问，按人员类别计算慰问金",
        basis="个人信息保护法第十三条第一款第三项；军人地位和权益保障法第三十条",
        retention="名单结束后保存10年",
    )
    register_personal_fields(
        "veterans.Comment",
        {"text": ORDINARY},
        purpose="实名征求对优待标准草稿的意见，逐条答复",
        basis="个人信息保护法第十三条第一款第一项",
        retention="随标准文件形成过程材料保存30年",
    )
    for model in ("BriefingPage", "ConsultationPage"):
        register_not_personal(f"veterans.{model}.phone", "the phone of an office")
