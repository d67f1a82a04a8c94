"""What people are told of a round."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from honors.models import CONSULTED, Nomination, Round, RoundPart
from portal.notifications.messages import register_message
from portal.notifications.services import Recipient, notify
from portal.organizations.models import Unit
from portal.people.models import User
from portal.roles.models import RoleAssignment

ASKED, JUDGE_ASKED, RETURNED, OUTCOME, BRANCH_ASKED = (
    "honor-opinion-asked",
    "honor-judge-asked",
    "honor-nomination-returned",
    "honor-nomination-outcome",
    "honor-branch-asked",
)
BRANCH_ROLES = ("branch_secretary", "organization_member")
_TEXTS = {
    ASKED: (
        _("You are asked about nominees"),
        _("%(item)s: please say what your department thinks of the nominees."),
    ),
    JUDGE_ASKED: (
        _("Nominees wait for your score"),
        _("%(item)s: the nominees are before the judges now."),
    ),
    RETURNED: (
        _("A nomination came back"),
        _("%(item)s: please correct it. The page says what is missing."),
    ),
    OUTCOME: (
        _("News of your nomination"),
        _("%(item)s: the round is over. The page says how it ended."),
    ),
    BRANCH_ASKED: (
        _("A nomination waits for the branch"),
        _("%(item)s: please put it before the branch and say what it thinks."),
    ),
}


def register() -> None:
    """Register the messages once."""
    for code, (title, text) in _TEXTS.items():
        register_message(code, title, text)


def _tell(code: str, round_: Round, recipients: list[Recipient], key: str, url: str) -> None:
    notify(code, recipients, {"item": round_.case.item}, event_key=key, url=url)


def tell_members(round_: Round) -> None:
    """Tell the departments that are asked, once the round is open."""
    rows = round_.members.filter(part__in=CONSULTED).select_related("person")
    _tell(
        ASKED,
        round_,
        [Recipient(person=row.person) for row in rows],
        f"honor-asked:{round_.pk}",
        reverse("honor_asked"),
    )


def tell_judges(round_: Round) -> None:
    """Tell the judges that the nominees are before them."""
    rows = round_.members.filter(part=RoundPart.JUDGE).select_related("person")
    _tell(
        JUDGE_ASKED,
        round_,
        [Recipient(person=row.person) for row in rows],
        f"honor-judge:{round_.pk}",
        reverse("honor_asked"),
    )


def tell_branch(nomination: Nomination) -> None:
    """Tell those who speak for the branch that somebody was nominated."""
    if nomination.branch is None:
        return
    _tell(
        BRANCH_ASKED,
        nomination.round,
        [Recipient(user=user) for user in branch_accounts(nomination.branch)],
        f"honor-branch:{nomination.pk}:{nomination.steps.count()}",
        reverse("honor_nomination", args=[nomination.pk]),
    )


def branch_accounts(branch: Unit) -> list[User]:
    """Return the accounts that speak for a branch today."""
    held = RoleAssignment.objects.filter(role_code__in=BRANCH_ROLES).active_on()
    people = {row.person_id for row in held.select_related("unit") if row.covers(branch)}
    return list(User.objects.filter(person__in=people, is_active=True))


def tell_returned(nomination: Nomination) -> None:
    """Tell whoever nominated that something has to be corrected."""
    _tell(
        RETURNED,
        nomination.round,
        [Recipient(user=nomination.nominated_by)],
        f"honor-returned:{nomination.pk}:{nomination.steps.count()}",
        reverse("honor_nomination", args=[nomination.pk]),
    )


def tell_outcome(round_: Round) -> None:
    """Tell everybody whose nomination went before the judges how it ended."""
    rows: Any = round_.nominations.handed_in().select_related("nominated_by", "person")
    for nomination in rows:
        recipients = [Recipient(user=nomination.nominated_by)]
        if nomination.person is not None:
            recipients.append(Recipient(person=nomination.person))
        _tell(
            OUTCOME,
            round_,
            recipients,
            f"honor-outcome:{nomination.pk}",
            reverse("honor_nomination", args=[nomination.pk]),
        )
