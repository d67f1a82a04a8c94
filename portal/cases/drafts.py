"""Drafts of applications: deleted with everything that hangs on them, by their owner or by age."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.db import transaction

from portal.cases.models import Case
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.files import services as files
from portal.personal_data.retention import register_retention

KEPT_DAYS = 180


def touch(case: Case) -> None:
    """Note that somebody works on a draft, so that it is not forgotten."""
    case.save(update_fields=["changed_at"])


@transaction.atomic
def remove(case: Case) -> None:
    """Delete a draft, its subject and its files."""
    case.documents.all().delete()
    files.remove_of(OWNER_KIND, owner_id(case))
    if case.subject is not None:
        case.subject.delete()
    case.delete()


def _abandoned(before: datetime.datetime) -> Iterable[str]:
    """Return the keys of drafts nobody has touched since a moment, the oldest first."""
    old = Case.objects.filter(sequence=0, changed_at__lt=before).order_by("changed_at", "pk")
    return map(str, old.values_list("pk", flat=True))


def _dispose(key: str) -> None:
    """Delete one draft; handed in meanwhile, it stays.

    Raises:
        ValueError: it is no draft any more.
    """
    from portal.cases.services import locked

    case = locked(uuid.UUID(key))
    if not case.is_draft:
        raise ValueError("The draft was handed in meanwhile.")
    remove(case)


def register() -> None:
    """Register the rule by which drafts are forgotten."""
    register_retention(
        "abandoned-drafts",
        title="未提交的申请草稿",
        clause="个人信息保护法第十九条、第四十七条",
        keep_days=KEPT_DAYS,
        owner_kind=OWNER_KIND,
        due=_abandoned,
        dispose=_dispose,
    )
