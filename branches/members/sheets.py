"""The roster as an Excel workbook, numbers masked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from branches.members.training import plain, progress_of
from branches.models import Membership, PartyPost, covers
from portal.spreadsheets import add_heading, add_row, add_sheet

TOGETHER = 500


def roster_workbook(rows: QuerySet[Membership]) -> Workbook:
    """Return the chosen rows, one a member, a few hundred read at a time."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, _("Roster of members"), (12, 14, 26, 22, 18, 14, 14, 14, 18, 10, 14))
    add_heading(
        sheet,
        (
            *(_("Full name"), _("Employee number"), _("Party branch"), _("Party group")),
            *(_("Posts"), _("Kind of member"), _("Joined on"), _("Confirmed on")),
            *(_("Identity number"), _("Training hours"), _("Belongs since"), _("Until")),
        ),
    )
    together: list[Membership] = []
    for row in rows.iterator(chunk_size=TOGETHER):
        together.append(row)
        if len(together) == TOGETHER:
            _write(sheet, together)
            together = []
    _write(sheet, together)
    return book


def _write(sheet: Any, rows: list[Membership]) -> None:
    day = timezone.localdate()
    # Of those who left nothing of today is told.
    keys = [row.member_id for row in rows if row.counts_on(day)]
    posts: dict[int, list[str]] = {}
    for post in PartyPost.objects.filter(covers(day), person_id__in=keys):
        posts.setdefault(post.person_id, []).append(str(post.get_kind_display()))
    progress = progress_of(keys, day.year)
    for row in rows:
        is_here = row.counts_on(day)
        member, person = row.member, row.member.person
        add_row(
            sheet,
            (
                person.name,
                person.employee_number or "",
                row.branch.name,
                row.group.name if row.group else "",
                "、".join(posts.get(row.member_id, [])) if is_here else "",
                str(_("Full member") if member.is_full_on(day) else _("Probationary member")),
                member.joined_on,
                member.confirmed_on,
                person.masked_identity_number,
                plain(progress[row.member_id].hours) if is_here else "",
                row.valid_from,
                row.valid_to,
            ),
        )
