"""What senders without a name do, through the pages."""

from __future__ import annotations

import itertools
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.factories.opinions import category, make_box
from union.anonymity import puzzles, receipts
from union.models import FeedbackBoxPage, Opinion
from union.opinions import release

_numbers = itertools.count(1)
RECEIPT = re.compile(r'id="opinion-receipt">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})<')
WORDS = "二食堂零点班的热餐窗口希望再晚一点关，大家都盼着。"


def solved(**more: Any) -> dict[str, Any]:
    """Return the fields of a challenge with the right answer to its question."""
    challenge = puzzles.new_challenge()
    first, second = puzzles._sum_of(challenge.nonce)
    return {"challenge": challenge.token, "solution": "", "answer": str(first + second), **more}


def form_values(code: str = "canteen", text: str = "", **more: Any) -> dict[str, Any]:
    """Return a form that would be accepted."""
    words = text or f"{WORDS}（{next(_numbers)}）"
    return solved(category=category(code).pk, text=words, **more)


def post(client: Client, box: FeedbackBoxPage, **values: Any) -> Any:
    """Send a form to a box."""
    return client.post(reverse("opinion_anonymous", args=[box.pk]), values)


def receipt_of(response: Any) -> str:
    """Return the receipt a page shows, normalised."""
    found = RECEIPT.search(response.content.decode())
    assert found is not None, response.content.decode()[:4000]
    return receipts.normalized(found[1])


def send(client: Client | None = None, box: FeedbackBoxPage | None = None, **values: Any) -> str:
    """Send an opinion without a name; return its receipt."""
    box = box or FeedbackBoxPage.objects.first() or make_box()
    response = post(client or Client(), box, **(values or form_values()))
    assert response.status_code == 200, response.content.decode()
    return receipt_of(response)


def released(receipt: str = "") -> Opinion:
    """Release what waits; return the opinion of a receipt, or of the newly sent one."""
    receipt = receipt or send()
    release.release()
    return Opinion.objects.get(receipt_mac=receipts.opinion_mac(receipt))


def look(client: Client, receipt: str) -> Any:
    """Open an opinion by its receipt."""
    return client.post(reverse("opinion_lookup"), {"receipt": receipt})


def go_on(client: Client, receipt: str, kind: str, **values: Any) -> Any:
    """Send a message, a rating or a reopening by receipt."""
    sent = {"receipt": receipt, "kind": kind, **values}
    return client.post(reverse("opinion_follow_up"), sent)
