"""The addresses of the register of beneficiaries, each with what is sent to it."""

from __future__ import annotations

import uuid
from typing import Any

from tests.permissions.calls import Call

# Nobody of this number is in the register; what is asked is whether the address holds.
NONE = 4711


def beneficiary_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of the register by its name."""
    nothing: tuple[dict[str, Any], ...] = ({},)
    case = uuid.uuid4()
    by_number = (
        *("support_beneficiary_edit", "support_category_add", "support_category_end"),
        *("support_certificate_add", "support_certificate_verify", "support_certificate_withdraw"),
        *("support_tie_add", "support_beneficiary_leave", "support_beneficiary_return"),
        *("support_representation_add", "support_representation_verify", "support_apply_for"),
        *("support_representation_revoke", "support_invite", "support_account_close"),
        *("support_invitation_revoke", "support_register_import_preview"),
    )
    return {
        **{name: [Call((NONE,), forms=nothing)] for name in by_number},
        "support_beneficiaries": [
            Call(forms=({}, {"words": "\x00"}, {"words": "x"})),
            Call(query="category=V9&place=x&state=left&order=x&page=x"),
        ],
        "support_beneficiary_add": [Call(forms=({}, {"name": "x", "identity_number": "x"}))],
        "support_beneficiary": [Call((NONE,))],
        "support_tie_remove": [Call((NONE, NONE), forms=nothing)],
        "support_register_import": [Call(forms=nothing)],
        "support_register_import_template": [Call()],
        "support_representations": [Call()],
        "support_apply_as": [Call((NONE, "housing"), forms=nothing)],
        "support_entrust_case": [Call((NONE, case), forms=nothing)],
        "support_account": [Call((case,), forms=nothing)],
        "support_invitation": [Call(forms=({}, {"code": "1" * 16, "tail": "0010"}))],
        "support_invitation_done": [Call()],
        "support_benefits": [Call()],
        "support_benefits_office": [Call(), Call(query="list=x&page=x")],
        "support_benefit_confirm": [Call((case,), forms=nothing)],
        "support_benefit_stop": [Call((case,), forms=nothing)],
    }
