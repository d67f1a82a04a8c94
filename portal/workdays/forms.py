"""The form that brings in the calendar of a year."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from portal.spreadsheets.forms import WorkbookField
from portal.workdays.models import FIRST_YEAR, LAST_YEAR
from portal.workdays.published import PublishedDay
from portal.workdays.sheets import LARGEST_FILE

SALT = "portal.workdays.preview"
# Seconds: a preview of yesterday may no longer be what the table holds.
PREVIEW_AGE = 12 * 60 * 60


class YearField(forms.IntegerField):
    """A year of four digits."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(
            label=_("Year"),
            min_value=FIRST_YEAR,
            max_value=LAST_YEAR,
            error_messages={
                "required": _("Enter the year of the notice."),
                "invalid": _("Enter the year with four digits, such as 2027."),
            },
            **arguments,
        )


class CalendarSheetForm(forms.Form):
    """Year, the notice it was published in, and the sheet."""

    year = YearField()
    source = forms.CharField(
        label=_("Published in"),
        max_length=200,
        help_text=_("Title and number of the notice of the State Council."),
        error_messages={"required": _("Enter the notice, so that others can check the dates.")},
    )
    sheet = WorkbookField(
        largest=LARGEST_FILE,
        help_text=_("Columns: 日期, 类型 (休 or 班), 名称. At most 1 MB."),
    )


def sealed(year: int, source: str, days: list[PublishedDay]) -> str:
    """Return what was previewed, signed, so that exactly this is written."""
    rows = [[day.date.isoformat(), day.kind, day.name] for day in days]
    return signing.dumps([year, source, rows], salt=SALT, compress=True)


def unsealed(text: str) -> tuple[int, str, list[PublishedDay]]:
    """Return what was previewed.

    Raises:
        BadSignature: it was changed, or is too old.
    """
    year, source, rows = signing.loads(text, salt=SALT, max_age=PREVIEW_AGE)
    days = [PublishedDay(datetime.date.fromisoformat(day), kind, name) for day, kind, name in rows]
    return year, source, days
