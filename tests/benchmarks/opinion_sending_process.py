"""The measured half of the benchmark of sending: forms through the whole portal, no pictures.

``ROUNDS`` opinions are sent, three at a time, and released; prints one line ``NAME VALUE`` in
milliseconds for each figure. The proof of work is the browser's and not counted: the forms answer
the question instead.
"""

from __future__ import annotations

import sys
import time
import uuid
from typing import Any

import django

from tests.benchmarks.cases_process import quantile

BATCH = 3
MILLISECONDS = 1_000


def measure(rounds: int) -> None:
    """Send, release, look; then print."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from tests.factories.opinions import category, make_box
    from tests.factories.organizations import company
    from tests.factories.people import make_user
    from tests.factories.unsigned import form_values, look, post, receipt_of
    from union.opinions import release

    settings.OPINION_PER_COMPUTER = settings.OPINION_PER_HOUR = 10 * rounds
    company()
    make_user("union_staff")
    box, visitor = make_box(), Client()
    sent: list[float] = []
    looked: list[float] = []
    released: list[float] = []
    for number in range(rounds):
        values = form_values(text=f"第{number}条意见：{'热餐窗口再晚一点关。' * 40}")
        response, took = timed(post, visitor, box, **values)
        sent.append(took)
        receipt = receipt_of(response)
        looked.append(timed(look, visitor, receipt)[1])
        if (number + 1) % BATCH == 0:
            released.append(timed(release.release)[1] / BATCH)
            looked.append(timed(look, visitor, receipt)[1])
    sender = Client()
    sender.force_login(make_user("employee"))
    from django.utils import timezone

    from portal.pages.models import Publication

    Publication.objects.get_or_create(
        page_id=box.pk,
        defaults={
            "kind": "feedback-box",
            "audience": "public",
            "title": box.title,
            "business_date": timezone.localdate(),
            "published_at": timezone.now(),
            "year": timezone.localdate().year,
        },
    )
    named = []
    for number in range(rounds // 2):
        form = {
            "mode": "named",
            "category": category().pk,
            "text": f"第{number}条署名意见，字数足够。",
            "key": uuid.uuid4(),
        }
        response, took = timed(sender.post, reverse("opinion_named", args=[box.pk]), form)
        assert response.status_code == 302, response.status_code
        named.append(took)
    print("send_median", quantile(sent, 0.5))
    print("send_p95", quantile(sent, 0.95))
    print("named_p95", quantile(named, 0.95))
    print("look_p95", quantile(looked, 0.95))
    print("release_each", quantile(released, 0.5))


def timed(call: Any, *arguments: Any, **keywords: Any) -> tuple[Any, float]:
    """Return what a call returned, and how long it took in milliseconds."""
    began = time.perf_counter()
    answer = call(*arguments, **keywords)
    return answer, (time.perf_counter() - began) * MILLISECONDS


if __name__ == "__main__":
    django.setup()
    measure(int(sys.argv[1]))
