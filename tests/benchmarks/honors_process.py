"""The measured half of the honors benchmark.

``fill AWARDS`` writes awards of forty years, two hundred units and eight titles. ``order SHEETS``
orders certificates, ``draw`` works them off until none waits, ``merge`` puts them together.
``wall VIEWS`` and ``verify VIEWS`` print the 95th percentile in milliseconds of pages that nothing
keeps: other filters, pages and codes each time.
"""

from __future__ import annotations

import datetime
import random
import sys
import time

import django

UNITS = 200
YEARS = 40
BATCH = 2_000


def quantile(times: list[float], share: float) -> float:
    """Return the value below which a share of the times lies."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def fill(count: int) -> None:
    """Write awards of all titles."""
    from django.utils import timezone

    from honors.awards.granting import Winner, award_of
    from honors.models import Award, Title
    from tests.factories.organizations import make_unit, party_committee

    party_committee()
    units = [make_unit() for _number in range(UNITS)]
    titles = list(Title.objects.all())
    now = timezone.now()
    awards = []
    for number in range(count):
        year = 2026 - number % YEARS
        award = award_of(
            titles[number % len(titles)],
            year,
            Winner(f"秦{chr(0x4E00 + number % 3000)}{number}", units[number * 7 % UNITS]),
            f"测党发〔{year}〕18号",
            datetime.date(year, 6, 26),
        )
        award.number, award.confirmed_at = f"QLRY-{year}-党-{number:05d}", now
        awards.append(award)
    Award.objects.bulk_create(awards, batch_size=BATCH)


def order(count: int) -> None:
    """Order the certificates of the newest awards; print the key of the batch."""
    from honors.certificates import batches
    from honors.models import Award, SheetKind
    from tests.factories.people import make_user

    newest = Award.objects.in_order().values("pk")[:count]
    rows = Award.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).in_order()
    print(batches.order(SheetKind.CERTIFICATES, rows, "", make_user("party_staff")).pk)


def draw(worker: int) -> None:
    """Work off what waits, as one worker of several."""
    from honors.certificates import batches

    while batches.work_once(f"benchmark:{worker}"):
        pass


def merge(key: int) -> None:
    """Put the finished sheets together; print seconds and megabytes."""
    from honors.certificates import batches
    from honors.models import CertificateBatch

    started = time.perf_counter()
    with batches.finished_pdf(CertificateBatch.objects.get(pk=key)) as opened:
        size = len(opened.read())
    print(time.perf_counter() - started, size / 1_000_000)


def _views(addresses: list[str]) -> float:
    from django.test import Client

    times = []
    for place, address in enumerate(addresses):
        visitor = Client()
        started = time.perf_counter()
        response = visitor.get(address)
        if place >= 5:
            times.append((time.perf_counter() - started) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
    return quantile(times, 0.95)


def wall(views: int) -> None:
    """Open the wall with filters and pages, each a different one."""
    source = random.Random(9)
    addresses = []
    for number in range(views):
        year = f"&year={2026 - number % YEARS}" if number % 3 == 0 else ""
        title = "&kind=excellent-member" if number % 5 == 0 else ""
        # Readers open the first pages mostly; one of ten goes far back.
        page = source.randrange(1, 500) if number % 10 == 0 else source.randrange(1, 6)
        addresses.append(f"/honors/?page={page}{year}{title}&stamp={number}")
    print(_views(addresses))


def verify(views: int) -> None:
    """Open the verification page of many certificates."""
    from honors.models import Award

    codes = Award.objects.confirmed().order_by("pk").values_list("code", flat=True)[:views]
    print(_views([f"/honor-roll/verify/{code}/" for code in codes]))


def main() -> int:
    """Do one part."""
    django.setup()
    parts = {"fill": fill, "order": order, "draw": draw, "merge": merge}
    parts |= {"wall": wall, "verify": verify}
    parts[sys.argv[1]](int(sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
