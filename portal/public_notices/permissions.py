"""Named rules of public notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.organizations.models import Unit
from portal.roles.permissions import Account, assignments, has_role, may_review
from portal.roles.table import SECTIONS, Scope

if TYPE_CHECKING:
    from portal.public_notices.models import Objection, PublicNotice


def reviewed_units(user: Account) -> dict[str, list[Unit] | None]:
    """Return the sections the account reviews, each with its units; None means all units."""
    found: dict[str, list[Unit] | None] = {}
    for section in SECTIONS.values():
        own = [
            one
            for one in assignments(user)
            if one.role_code in section.grants and section.grants[one.role_code].reviews
        ]
        if own:
            everywhere = any(one.role.scope is Scope.ALL for one in own)
            found[section.code] = None if everywhere else [one.unit for one in own]
    return found


def reads_all_objections(user: Account) -> bool:
    """Whether the account reads all objections without answering them: the discipline auditor."""
    return has_role(user, "discipline_auditor")


def has_objection_office(user: Account) -> bool:
    """Whether the account has a list of objections at all."""
    return reads_all_objections(user) or bool(reviewed_units(user))


def is_subject(user: Account, notice: PublicNotice) -> bool:
    """Whether the notice is about the person of the account."""
    person_id = getattr(user, "person_id", None)
    return person_id is not None and notice.subjects.filter(pk=person_id).exists()


def handles(user: Account, notice: PublicNotice) -> bool:
    """Whether the account works in the responsible unit on what the notice is about."""
    return may_review(user, notice.section, notice.unit)


def why_not_answer(user: Account, objection: Objection) -> str:
    """Return the code of the reason why the account may not answer; empty when it may.

    The one who answers works in the responsible section and unit and is neither the one who
    objects, nor the one who drafted or approved the notice, nor one whom it names.
    """
    notice = objection.notice
    if not handles(user, notice):
        return "stranger"
    if objection.raised_by_id == user.pk:
        return "objector"
    if notice.drafted_by_id == user.pk:
        return "drafter"
    if notice.approved_by_id == user.pk:
        return "approver"
    return "subject" if is_subject(user, notice) else ""


def may_answer(user: Account, objection: Objection) -> bool:
    """Whether the account may answer the objection."""
    return not why_not_answer(user, objection)
