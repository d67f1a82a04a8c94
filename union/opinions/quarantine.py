"""What came in a flood waits until somebody has looked at it (隔离待核)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.cases.models import Case
from portal.people.models import User
from portal.refusals import ChangedMeanwhile
from portal.roles.permissions import has_role
from union.anonymity import urn
from union.models import QuarantinedItem
from union.opinions import release
from union.opinions.rules import paths_over


class DecidedAlready(ChangedMeanwhile):
    """A colleague decided on it first."""


def of(user: User) -> QuerySet[QuarantinedItem]:
    """Return what the account looks through; integrity reports are the inspection's alone.

    Nobody looks through what is about the unit he works in.
    """
    own_unit = paths_over(getattr(user, "person_id", None))
    rows = QuarantinedItem.objects.exclude(accused_path__in=own_unit)
    if has_role(user, "discipline_auditor"):
        return rows if has_role(user, "union_staff") else rows.filter(to_discipline=True)
    return rows.filter(to_discipline=False) if has_role(user, "union_staff") else rows.none()


def _locked(key: int) -> QuarantinedItem:
    row = QuarantinedItem.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise DecidedAlready(_("A colleague has decided on this already."))
    return row


@transaction.atomic
def let_in(key: int) -> Case:
    """Make an opinion of it.

    Raises:
        DecidedAlready: it is gone.
    """
    row = _locked(key)
    entry: dict[str, Any] = urn.unseal(row.sealed)
    row.delete()
    return release.admit(entry)


@transaction.atomic
def throw_away(key: int) -> None:
    """Delete it.

    Raises:
        DecidedAlready: it is gone.
    """
    _locked(key).delete()
