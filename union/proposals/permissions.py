"""Who is a delegate, who reads which proposals, who runs the congress."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.cases.models import Case
from portal.people.models import User
from portal.roles.permissions import has_role, is_external
from union.models import CongressSession, Delegate, Proposal

FLOW = "union-proposal"
OFFICE_ROLES = ("union_staff",)
READING_ROLES = ("union_staff", "union_chair", "discipline_auditor")
# What everybody who works here may read: what the committee filed and what became of it.
OPEN_STATES = ("filed", "handling", "replied", "answered", "closed", "merged")
# Until then a second may be withdrawn and a proposal too.
BEFORE_FILING = ("collecting", "review", "examined")


def runs_congress(user: Any) -> bool:
    """Whether the account keeps sessions, delegates and the report."""
    return has_role(user, *OFFICE_ROLES)


def reads_congress(user: Any) -> bool:
    """Whether the account reads the office pages of the congress."""
    return has_role(user, *READING_ROLES)


def mandate_of(
    user: Any, session: CongressSession, day: datetime.date | None = None
) -> Delegate | None:
    """Return the mandate of an account in the term of a session; None for no delegate."""
    found = Delegate.objects.of_account(user, day or timezone.localdate())
    return found.filter(term=session.term_id).select_related("person", "unit").first()


def is_delegate(user: Any) -> bool:
    """Whether the account has a mandate today in any term."""
    return Delegate.objects.of_account(user, timezone.localdate()).exists()


def reads_proposals(user: Any) -> bool:
    """Whether the list of proposals is for this account: for those who work here."""
    return isinstance(user, User) and user.person_id is not None and not is_external(user)


def visible_proposals(user: Any) -> QuerySet[Proposal]:
    """Return the proposals an account may read.

    Delegates read all of their term, the union and the auditor all, everybody else what was filed.
    Drafts are nobody's but their author's, on the page of the case.
    """
    handed_in = Proposal.objects.filter(case__sequence__gt=0)
    if not reads_proposals(user):
        return handed_in.none()
    if has_role(user, *READING_ROLES):
        return handed_in
    today = timezone.localdate()
    terms = list(Delegate.objects.of_account(user, today).values_list("term", flat=True))
    own = Q(case__applicant=user.person_id)
    return handed_in.filter(Q(case__state__in=OPEN_STATES) | Q(session__term__in=terms) | own)


def may_change(user: Any, case: Case) -> bool:
    """Whether the account may still change the text of a proposal: its author, unseconded."""
    proposal: Proposal | None = case.subject
    if proposal is None or case.applicant_id is None:
        return False
    if case.applicant_id != getattr(user, "person_id", None):
        return False
    # Who withdrew a second had read this text, so a second that was given counts for good.
    return case.state == "draft" or (case.state == "collecting" and not proposal.seconds.exists())
