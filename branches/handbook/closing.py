"""The handbook of a year is closed once and goes into the archive.

Source: section 2.4 of the domain facts: used one year, then returned and archived.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from branches.handbook.document import file_name, written
from branches.handbook.reading import Handbook, handbook_of
from branches.members.permissions import may_keep
from branches.models import ClosedHandbook
from portal.archives import queue
from portal.files.owners import register_owner
from portal.files.services import claim, receive
from portal.organizations.models import Unit, UnitKind
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours

SOURCE_KIND = "branch-handbook"
OWNER = "branch-handbook"
#: Records of December are written and reviewed until then; practice, and no rule.
CLOSES_FROM = (1, 16)
#: So many are made in one night: each takes some seconds.
TOGETHER = 40


def content_of(book: Handbook) -> dict[str, Any]:
    """Return what a handbook holds as plain values, for the archive."""
    with override("zh-hans"):
        return {
            "model": SOURCE_KIND,
            "branch": book.branch.name,
            "code": book.branch.code,
            "year": book.year,
            "day": book.day.isoformat(),
            "secretary": book.standing.secretary,
            "members": book.standing.facts.members,
            "full_members": book.standing.facts.full,
            "talks": book.talks,
            "unreviewed": book.unreviewed,
            "activities": [
                [entry.activity.held_on.isoformat(), chapter.name, entry.activity.topic]
                for chapter in book.chapters
                for entry in chapter.entries
            ],
            "missing": [
                [str(view.requirement.get_kind_display()), view.missing]
                for view in book.life
                if view.missing
            ],
        }


def close(branch: Unit, year: int, user: User | None) -> ClosedHandbook:
    """Close the handbook of a year; it goes into the archive with the same transaction.

    Args:
        user: None for the portal itself.

    Raises:
        NotYours: the account does not keep the branch.
        NotPossible: the year is not over.
        ChangedMeanwhile: it is closed already.
    """
    if user is not None and not may_keep(user, branch):
        raise NotYours(_("The handbook is closed by those who keep the branch."))
    if timezone.localdate() <= datetime.date(year, 12, 31):
        raise NotPossible(_("The year is not over yet."))
    closed = ChangedMeanwhile(_("The handbook of this year is closed already."))
    if ClosedHandbook.objects.filter(branch=branch, year=year).exists():
        raise closed
    book = handbook_of(branch, year)
    name = file_name(branch, year)
    body = SimpleUploadedFile(name, written(book), "application/pdf")
    stored = receive(body, user=user, purpose="handbook")
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=branch.pk)
        if ClosedHandbook.objects.filter(branch=branch, year=year).exists():
            raise closed
        made = ClosedHandbook.objects.create(
            branch=branch,
            year=year,
            file=stored,
            content=content_of(book),
            closed_at=timezone.now(),
            closed_by=user,
        )
        claim([stored], OWNER, str(made.pk), by=user)
        queue.enqueue(SOURCE_KIND, str(made.pk))
    return made


def close_all(today: datetime.date | None = None) -> str:
    """Close the handbooks of last year that nobody closed; a daily job from mid-January on."""
    day = today or timezone.localdate()
    year = day.year - 1
    if (day.month, day.day) < CLOSES_FROM:
        return "No handbook is due"
    last = datetime.date(year, 12, 31)
    waiting = (
        Unit.objects.filter(kind=UnitKind.PARTY_BRANCH)
        .valid_on(last)
        .exclude(pk__in=ClosedHandbook.objects.filter(year=year).values("branch"))
        .order_by("path")
    )
    done = 0
    for branch in waiting[:TOGETHER]:
        close(branch, year, None)
        done += 1
    return f"{done} handbooks of {year} were closed"


def may_read(user: Any, owner_id: str) -> bool:
    """Whether an account reads the file of a closed handbook: who sees the branch."""
    from branches.members.permissions import rosters

    if not owner_id.isdecimal():
        return False
    row = ClosedHandbook.objects.filter(pk=int(owner_id)).first()
    return row is not None and rosters(user).filter(pk=row.branch_id).exists()


def register() -> None:
    """Register the owner of the files once, when the application is ready."""
    register_owner(OWNER, may_read)
