"""The register of material rewards (物质奖励登记): what was handed over and given back."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from honors.awards.permissions import may_prepare_all
from honors.models import Award, MaterialReward
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from portal.spreadsheets import add_heading, add_row, add_sheet

WIDTHS = (14, 12, 24, 24, 12, 24, 12, 14, 12, 14)


def _refuse_stranger(by: User) -> None:
    if not may_prepare_all(by):
        raise NotYours(_("The register of rewards is kept by the Party affairs department."))


@transaction.atomic
def enter(award_pk: int, values: dict[str, Any], by: User) -> MaterialReward:
    """Write a line of the register.

    Args:
        values: kind, description, amount, handed_on, received_by.

    Raises:
        NotYours: the account does not keep the register.
        NotPossible: the award was not granted, or was revoked.
        ValidationError: the day lies in the future or before the decision.
    """
    _refuse_stranger(by)
    award = Award.objects.select_for_update().get(pk=award_pk)
    if not award.is_confirmed or award.is_revoked:
        raise NotPossible(_("Rewards are handed over for honors that count only."))
    day: datetime.date = values["handed_on"]
    if day > timezone.localdate():
        raise ValidationError({"handed_on": _("This day has not come yet.")})
    if day < award.decided_on:
        raise ValidationError({"handed_on": _("This day lies before the decision.")})
    row: MaterialReward = MaterialReward.objects.create(
        award=award, recorded_by=by, recorded_at=timezone.now(), **values
    )
    return row


@transaction.atomic
def take_back(pk: int, returned_on: datetime.date, by: User) -> MaterialReward:
    """Write down that a reward was given back.

    Raises:
        NotYours: the account does not keep the register.
        ChangedMeanwhile: it was given back already.
        ValidationError: the day lies in the future or before it was handed over.
    """
    _refuse_stranger(by)
    row: MaterialReward = MaterialReward.objects.select_for_update().get(pk=pk)
    if row.returned_on is not None:
        raise ChangedMeanwhile(_("The return of this reward was entered already."))
    if returned_on > timezone.localdate():
        raise ValidationError({"returned_on": _("This day has not come yet.")})
    if returned_on < row.handed_on:
        raise ValidationError({"returned_on": _("It was handed over later than this day.")})
    row.returned_on = returned_on
    row.save(update_fields=["returned_on"])
    return row


@dataclass(frozen=True)
class Totals:
    """What a list of rewards comes to."""

    count: int
    amount: Decimal


def chosen(year: int | None) -> Any:
    """Return the lines of a year, of all years without one."""
    rows = MaterialReward.objects.select_related("award")
    return rows.filter(handed_on__year=year) if year is not None else rows


def totals(rows: Any) -> Totals:
    """Return number and sum of lines, by one query; what was given back is not counted."""
    kept = rows.filter(returned_on__isnull=True)
    found = kept.order_by().aggregate(count=Count("pk"), amount=Sum("amount"))
    return Totals(found["count"], found["amount"] or Decimal(0))


def workbook(rows: Any) -> Workbook:
    """Return lines of the register as a workbook."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, "物质奖励登记", WIDTHS)
    add_heading(
        sheet,
        ("获奖人（单位）", "年度", "称号", "所在单位", "类别", "内容", "金额（元）")
        + ("发放日期", "签收人", "退回日期"),
    )
    for row in rows.iterator(chunk_size=500):
        award = row.award
        add_row(
            sheet,
            (
                *(award.subject_name, award.year, award.title_name, award.unit_name),
                *(row.get_kind_display(), row.description, row.amount, row.handed_on),
                *(row.received_by, row.returned_on),
            ),
        )
    return book
