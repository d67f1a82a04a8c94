"""How dates and sizes are written."""

from __future__ import annotations

import datetime


def chinese_date(day: datetime.date | None) -> str:
    """Return 2026年11月21日, or nothing for no date."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def chinese_date_with_weekday(day: datetime.date) -> str:
    """Return 2026年11月21日 星期六."""
    return f"{chinese_date(day)} 星期{'一二三四五六日'[day.weekday()]}"
