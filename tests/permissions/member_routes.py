"""The addresses of the roster and of the organization of branches."""

from __future__ import annotations

from tests.permissions.calls import Call

# No row of this number exists; what is asked is whether the address holds.
NONE = 4711


def member_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of members and committees by its name."""
    one = (NONE,)
    here = ("none",)
    bad = {"day": "x", "reason": "x", "kind": "x", "valid_from": "x"}
    return {
        "branch_members": [
            Call(query="branch=%00&group=x&state=x&order=x&page=x", forms=({}, {"words": "\x00"})),
            Call(query="state=due&order=joined&all=1"),
        ],
        "branch_members_sheet": [Call(query="state=left")],
        "branch_member_add": [Call(forms=({}, {"name": "x", "joined_on": "x"}))],
        "branch_member_take_in": [Call(forms=({}, {"name": "x", "from_outside": "x"}))],
        "branch_members_import": [Call(forms=({}, {"sheet": "x"}))],
        "branch_members_import_template": [Call()],
        "branch_members_import_preview": [Call(one, forms=({}, {"discard": "yes"}))],
        "branch_member_mine": [Call()],
        "branch_member": [Call(one)],
        "branch_member_confirm": [Call(one, forms=({}, bad))],
        "branch_member_correct": [Call(one, forms=({}, bad))],
        "branch_member_regroup": [Call(one, forms=({}, bad))],
        "branch_member_end": [Call(one, forms=({}, bad))],
        "branch_member_bar": [Call(one, forms=({}, bad))],
        "branch_member_lift": [Call(one, forms=({}, bad))],
        "branch_member_send": [Call(one, forms=({}, {"to_outside": "x"}))],
        "branch_transfers": [Call(), Call(query="state=all&page=x")],
        "branch_transfer_receive": [Call(one, forms=({}, bad))],
        "branch_transfer_cancel": [Call(one)],
        "branch_transfer_letter": [Call(one)],
        "branch_hours_remove": [Call(one)],
        "branch_training": [Call(here)],
        "branch_training_add": [Call(here, query="member=x", forms=({}, {"hours": "x"}))],
        "branch_organizations": [Call(), Call(query="show=warnings&page=x")],
        "branch_organization": [Call(here)],
        "branch_term_add": [Call(here, forms=({}, {"first_day": "x"}))],
        "branch_term_extend": [Call(one, forms=({}, {"extended_to": "x"}))],
        "branch_post_add": [Call(here, forms=({}, bad))],
        "branch_post_end": [Call(one, forms=({}, bad))],
        "branch_group_add": [Call(here, forms=({}, {"name": "x"}))],
        "branch_change": [
            Call((*here, kind), forms=({}, {"day": "x"}))
            for kind in ("merged", "split", "dissolved", "x")
        ],
    }
