"""What public notices and objections keep of people, for the inventory."""

from __future__ import annotations

from portal.personal_data.inventory import (
    ORDINARY,
    register_not_personal,
    register_personal_fields,
)


def register() -> None:
    """Register once, when the application is ready."""
    register_personal_fields(
        "public_notices.Objection",
        {"reason": ORDINARY, "answer": ORDINARY},
        purpose="受理和答复公示异议",
        basis="个人信息保护法第十三条第一款第一项、第三项",
        retention="随公示件归档",
    )
    for model in ("PublicNotice", "PublicNoticePage"):
        register_not_personal(f"public_notices.{model}.phone", "the phone of an office")
