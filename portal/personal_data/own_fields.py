"""What the applications below this one keep: entries of the inventory, and what can be revealed.

People, files and consents are older than the inventory or lie below it, so they are named here.
"""

from __future__ import annotations

from portal.personal_data.inventory import (
    ORDINARY,
    register_not_personal,
    register_personal_fields,
)
from portal.personal_data.kinds import SensitiveKind
from portal.personal_data.permissions import may_reveal_person
from portal.personal_data.reveals import register_revealable

EMPLOYMENT = "个人信息保护法第十三条第一款第二项（人力资源管理）"
APPLICATION = "个人信息保护法第十三条第一款第一项、第二十九条（单独同意）"
DUTY = "个人信息保护法第十三条第一款第三项（法定职责）"


def register() -> None:
    """Register once, when the application is ready."""
    from portal.people.models import Person

    register_personal_fields(
        "people.Person",
        {
            "name": ORDINARY,
            "employee_number": ORDINARY,
            "unit": ORDINARY,
            "position": ORDINARY,
            "phone": ORDINARY,
            "identity_number": SensitiveKind.IDENTITY,
        },
        purpose="人员与账号管理，核对本人身份",
        basis=EMPLOYMENT,
        retention="在职期间；离职后按人事档案规定",
    )
    register_personal_fields(
        "files.StoredFile",
        {"original_name": ORDINARY},
        purpose="申请人认出自己上传的材料",
        basis=APPLICATION,
        retention="随所属办件；未提交的一天内删除",
    )
    register_personal_fields(
        "personal_data.Consent",
        {"guardian": ORDINARY},
        purpose="未满十四周岁儿童的监护人同意",
        basis="个人信息保护法第三十一条",
        retention="撤回后三年",
    )
    register_personal_fields(
        "personal_data.Reveal",
        {"name": ORDINARY, "reason": ORDINARY},
        purpose="查看敏感信息的留痕与审计",
        basis="个人信息保护法第五十一条、第五十四条",
        retention="长期",
    )
    register_not_personal("files.StoredFile.key_id", "the id of a key")
    for field in ("identity_number", "phone"):
        register_revealable(Person, field, may_reveal_person, person_of=lambda person: person)
