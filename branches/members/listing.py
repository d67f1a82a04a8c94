"""The roster as a list: who is chosen, in which order."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.members.probation import ends_by, probation_rule
from branches.models import Membership, MemberTransfer, VotingBar, covers
from portal.address_values import plain_text
from portal.organizations.models import Unit
from portal.personal_data.encryption import blind_index
from portal.personal_data.typed_numbers import plain_number

ORDERS: dict[str, tuple[Any, ...]] = {
    "roster": (
        "branch__path",
        F("group__path").asc(nulls_first=True),
        "member__person__name",
        "pk",
    ),
    "name": ("member__person__name", "pk"),
    "joined": ("member__joined_on", "pk"),
    "newest": ("-valid_from", "-pk"),
}
ORDER_NAMES = {
    "roster": pgettext_lazy("order", "By group"),
    "name": _("Full name"),
    "joined": _("Joined first"),
    "newest": _("Newest first"),
}
STATES = {
    "current": pgettext_lazy("roster", "Belongs now"),
    "full": _("Full members"),
    "probationary": _("Probationary members"),
    "due": _("To be confirmed soon"),
    "barred": _("Without a vote"),
    "moving": _("Transfer open"),
    "left": pgettext_lazy("roster", "Left"),
}
#: So many days before the probation ends somebody stands under "to be confirmed soon".
DUE_DAYS = 60


@dataclass(frozen=True)
class Choice:
    """What was chosen above the roster; what is not understood is left out."""

    branch: Unit | None = None
    group: Unit | None = None
    state: str = "current"
    order: str = "roster"

    @classmethod
    def of(cls, query: QueryDict, branches: Sequence[Unit], groups: Sequence[Unit]) -> Choice:
        """Read the address; only what the account sees is found."""

        def one(name: str, known: Any, otherwise: str) -> str:
            value = plain_text(query.get(name, ""))
            return value if value in known else otherwise

        code, group = plain_text(query.get("branch", "")), plain_text(query.get("group", ""))
        branch = next((row for row in branches if row.code == code), None)
        return cls(
            branch,
            next(
                (row for row in groups if row.code == group and branch and branch.contains(row)),
                None,
            ),
            one("state", STATES, "current"),
            one("order", ORDERS, "roster"),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether somebody is left out beside those who left."""
        return bool(self.branch or self.group or self.state != "current")


def chosen(
    choice: Choice, branches: QuerySet[Unit], today: datetime.date | None = None
) -> QuerySet[Membership]:
    """Return the memberships of a choice in their order.

    Args:
        branches: those the account sees.
    """
    day = today or timezone.localdate()
    rows = Membership.objects.filter(branch__in=branches)
    if choice.branch:
        rows = rows.filter(branch=choice.branch)
    if choice.group:
        rows = rows.filter(group=choice.group)
    rows = _of_state(rows, choice.state, day)
    return with_everything(rows).order_by(*ORDERS[choice.order])


def _of_state(rows: QuerySet[Membership], state: str, day: datetime.date) -> QuerySet[Membership]:
    full = Q(member__confirmed_on__lte=day)
    if state == "left":
        later = Membership.objects.filter(
            member=OuterRef("member"),
            branch=OuterRef("branch"),
            valid_from__gt=OuterRef("valid_from"),
        )
        return rows.filter(valid_to__lt=day).filter(~Exists(later))
    rows = rows.filter(covers(day))
    if state == "full":
        return rows.filter(full)
    if state == "probationary":
        return rows.exclude(full)
    if state == "due":
        soon = day + datetime.timedelta(days=DUE_DAYS)
        ends = ends_by(soon, probation_rule().number)
        return rows.filter(ends, member__confirmed_on__isnull=True)
    if state == "barred":
        return rows.filter(Exists(VotingBar.objects.filter(covers(day), member=OuterRef("member"))))
    if state == "moving":
        open_ones = MemberTransfer.objects.filter(
            member=OuterRef("member"), received_on__isnull=True, cancelled_on__isnull=True
        )
        return rows.filter(Exists(open_ones))
    return rows


def with_everything(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Join what a row of the roster shows."""
    return rows.select_related("member__person__unit", "branch", "group")


def found(words: str, branches: QuerySet[Unit]) -> QuerySet[Membership]:
    """Return who fits a name, an employee number, or a whole identity number or phone.

    Of each member the latest membership in a branch the account sees.
    """
    words = plain_text(words)
    number = plain_number(words)
    person = "member__person__"
    fits = Q(**{f"{person}name__icontains": words})
    fits |= Q(**{f"{person}employee_number__iexact": number})
    fits |= Q(**{f"{person}identity_number_index": blind_index(number)})
    fits |= Q(**{f"{person}phone_index": blind_index(number)})
    seen = Membership.objects.filter(branch__in=branches)
    later = seen.filter(member=OuterRef("member"), valid_from__gt=OuterRef("valid_from"))
    rows = seen.filter(fits).filter(~Exists(later))
    return with_everything(rows).order_by(f"{person}name", "pk")
