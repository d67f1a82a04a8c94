"""What applications keep of people: entries of the inventory, and who may see a whole number."""

from __future__ import annotations

from typing import Any

from portal.cases.ownership import OWNER_KIND, owner_id
from portal.cases.permissions import is_party, must_stand_aside
from portal.personal_data.inventory import (
    ORDINARY,
    register_not_personal,
    register_personal_fields,
)
from portal.personal_data.kinds import SensitiveKind
from portal.personal_data.reveals import register_revealable
from veterans.models import Application
from veterans.ratings.services import calls_back

# Each party sees what its own step needs and no more (PIPL 6).
SEEN_BY = {
    "identity_number": ("station", "reviewer"),
    "phone": ("station", "reviewer"),
    "bank_card": ("payer",),
}


def _may_reveal(field: str) -> Any:
    def may(user: Any, application: Application) -> bool:
        case = application.case
        if case.is_draft or must_stand_aside(user, case):
            return False
        # Whoever follows a bad rating up has to call the person back.
        if field == "phone" and calls_back(user, case):
            return True
        return any(is_party(user, case, case.table.party(code)) for code in SEEN_BY[field])

    return may


def register() -> None:
    """Register once, when the application is ready."""
    register_personal_fields(
        "veterans.Application",
        {
            "name": ORDINARY,
            "relation": ORDINARY,
            "identity_number": SensitiveKind.IDENTITY,
            "phone": ORDINARY,
            "bank_name": ORDINARY,
            "bank_card": SensitiveKind.BANK,
            "answers": SensitiveKind.STATUS,
            "calculation": SensitiveKind.STATUS,
            "correction": ORDINARY,
        },
        purpose="核对优待条件、计算金额、发放到本人账户",
        basis="个人信息保护法第十三条第一款第一项、第二十九条（单独同意）",
        retention="草稿可随时删除；办结后随案卷保管30年",
    )
    register_not_personal("veterans.ItemVersion.phone", "the phone of an office")
    for field in SEEN_BY:
        register_revealable(
            Application,
            field,
            _may_reveal(field),
            person_of=lambda application: application.case.beneficiary,
            owner_of=lambda application: (OWNER_KIND, owner_id(application.case)),
            person_path="case__beneficiary",
        )
