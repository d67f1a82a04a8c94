"""The measured half of the figures benchmark: 100,000 decided cases, counted and read.

``fill CASES`` writes them; ``measure`` prints one line ``NAME VALUE`` for each figure.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import django

YEARS = range(2022, 2027)
ITEMS, UNITS = 12, 50


def quantile(times: list[float], share: float) -> float:
    """Return the value below which a share of the times lies."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def fill(count: int) -> None:
    """Write cases of five years, twelve items and fifty units."""
    from tests.factories.figures import make_cases
    from tests.factories.organizations import company, make_unit
    from veterans.models import SupportItem

    items = [
        SupportItem.objects.create(
            code=f"item-{number}", name=f"事项{number}", category="housing", unit=company()
        )
        for number in range(ITEMS)
    ]
    units = [make_unit() for _number in range(UNITS)]
    each = count // (len(YEARS) * ITEMS * UNITS)
    rest = count - each * len(YEARS) * ITEMS * UNITS
    for year in YEARS:
        for item in items:
            for unit in units:
                make_cases(each, item, unit, year=year, level=4)
    make_cases(rest, items[0], units[0], year=YEARS[-1], state="rejected")


def _timed(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1_000


def measure() -> None:
    """Count every year once, then read page and workbook as the auditor."""
    from django.test import Client
    from django.urls import reverse

    from tests.factories.people import make_user
    from veterans.models import SupportItem
    from veterans.statistics.counting import count_all

    print("counted", _timed(count_all) / 1_000)
    client = Client()
    client.force_login(make_user("discipline_auditor"))
    page, sheet = reverse("support_statistics"), reverse("support_statistics_sheet")
    item = SupportItem.objects.order_by("pk").last()
    queries = ["", "?year=2025", f"?item={item.code}" if item else "", "?year=2024"]
    client.get(page)
    pages = [_timed(lambda query=query: client.get(page + query)) for query in queries * 25]  # type: ignore[misc]
    sheets = [_timed(lambda: b"".join(client.get(sheet).streaming_content)) for _ in range(20)]  # type: ignore[attr-defined]
    print("page_median", quantile(pages, 0.5))
    print("page_p95", quantile(pages, 0.95))
    print("sheet_p95", quantile(sheets, 0.95))


def main() -> None:
    """Do one part."""
    django.setup()
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        measure()


if __name__ == "__main__":
    main()
