"""Whoever holds database, logs, mail and media does no better than chance inside a batch.

The adversary knows in which order people sent (from a camera above the computers, say) and takes
from what is kept every order there is: keys, rowid and place in the file on SQLite; transaction
numbers (xmin), places (ctid) and keys on PostgreSQL; of cases, events, opinions, files, messages
to the office, mails and the urn itself while it waits. For each he guesses that the order is that
of sending, and counts how many he has right. Chance is one right in a batch, whatever its size.
"""

from __future__ import annotations

import io
import logging
import math
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from portal.files import storage
from portal.files.models import StoredFile
from tests.factories.opinions import make_box
from tests.factories.organizations import company
from tests.factories.people import make_user
from tests.factories.unsigned import form_values, send
from tests.factories.uploads import photo_bytes
from union.anonymity import urn
from union.models import FeedbackBoxPage, Opinion, SpentChallenge, WaitingItem
from union.opinions import release

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

BATCH = 6
BATCHES = 12
BATCHES_WITH_PICTURES = 4
# Two-sided 99 %.
OUTSIDE = 0.01


def words(number: int) -> str:
    return f"第{number}位提出人写的话，旁人无从知道先后。"


def number_of(text: str) -> int:
    return int(text.split("位")[0].removeprefix("第"))


def physical(table: str, key: str) -> list[Any]:
    """Return the keys of a table in the orders the database itself has, one list after another."""
    with connection.cursor() as cursor:
        orders: tuple[str, ...]
        if connection.vendor == "postgresql":
            orders = ("ctid", "xmin::text::bigint, ctid", key)
        else:
            orders = ("rowid", key)
        found = []
        for order in orders:
            cursor.execute(f"SELECT {key} FROM {table} ORDER BY {order}")
            found.append([row[0] for row in cursor.fetchall()])
        if connection.vendor != "postgresql":
            # As the pages of the file lie, without any index.
            cursor.execute(f"SELECT {key} FROM {table} NOT INDEXED")
            found.append([row[0] for row in cursor.fetchall()])
        return found


def right(guess: Sequence[int]) -> int:
    """Return how many of a batch the adversary has at their place."""
    return sum(1 for place, number in enumerate(guess) if place == number)


def at_most(count: int, mean: int) -> float:
    """Return how likely chance has at most so many right; a Poisson distribution.

    In a random order one stands at its place on average, whatever the size of the batch.
    """
    return sum(
        math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))
        for number in range(count + 1)
    )


class Tally:
    """How often the adversary was right, by what he looked at."""

    def __init__(self) -> None:
        self.right: dict[str, int] = {}
        self.batches: dict[str, int] = {}

    def count(self, name: str, guess: Sequence[int]) -> None:
        assert sorted(guess) == list(range(BATCH)), f"{name}: {guess}"
        self.right[name] = self.right.get(name, 0) + right(guess)
        self.batches[name] = self.batches.get(name, 0) + 1

    def outside(self) -> dict[str, tuple[int, int]]:
        """Return right guesses and batches of what lies outside the interval around chance."""
        # All looks together hold the interval of 99 per cent.
        tail = OUTSIDE / 2 / max(len(self.batches), 1)
        return {
            name: (self.right[name], count)
            for name, count in self.batches.items()
            if at_most(self.right[name], count) < tail
            or 1 - at_most(self.right[name] - 1, count) < tail
        }


def orders_of_the_released(texts: dict[Any, int]) -> dict[str, list[int]]:
    """Return everything that has an order after a release, as guesses of the order of sending."""
    guesses: dict[str, list[int]] = {}

    def add(name: str, keys: Sequence[Any], known: dict[Any, int]) -> None:
        guesses[name] = [known[str(key).replace("-", "")] for key in keys]

    by_case = {str(pk).replace("-", ""): number for pk, number in texts.items()}
    for place, keys in enumerate(physical("union_opinion", "case_id")):
        add(
            f"opinion {place}",
            [key for key in keys if str(key).replace("-", "") in by_case],
            by_case,
        )
    for place, keys in enumerate(physical("cases_case", "id")):
        add(f"case {place}", [key for key in keys if str(key).replace("-", "") in by_case], by_case)
    opinions = Opinion.objects.filter(pk__in=texts)
    for name, order in (
        ("number", "case__number"),
        ("created", "case__created_at"),
        ("changed", "case__changed_at"),
        ("event", "case__events__id"),
        ("clock", "case__clocks__id"),
    ):
        add(name, list(opinions.order_by(order).values_list("pk", flat=True)), by_case)
    files = StoredFile.objects.filter(owner_id__in=[str(pk) for pk in texts])
    owners = {file.pk: str(file.owner_id).replace("-", "") for file in files}
    uploaded = [owners[file.pk] for file in files.order_by("uploaded_at")]
    if uploaded:
        guesses["uploaded"] = [by_case[owner] for owner in uploaded]
    written = sorted(
        files, key=lambda file: os.stat(storage.path_of(file.storage_name)).st_mtime_ns
    )
    if written:
        guesses["media"] = [by_case[owners[file.pk]] for file in written]
    from portal.notifications.models import Message

    told = [
        key
        for url in Message.objects.filter(code="opinion-new")
        .order_by("pk")
        .values_list("url", flat=True)
        if (key := url.rstrip("/").rsplit("/", 1)[-1].replace("-", "")) in by_case
    ]
    guesses["messages"] = [by_case[key] for key in told]
    return guesses


@pytest.fixture
def logged() -> Any:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def test_nobody_does_better_than_chance(settings: Any, tmp_path: Path, logged: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.OPINION_PER_COMPUTER = settings.OPINION_PER_HOUR = 10_000
    company()
    make_user("union_staff")
    box = make_box()
    tally = Tally()
    measure(box, tally)
    if suspects := tally.outside():
        # One look in a hundred lies outside by chance; what is a leak does so again.
        second = Tally()
        measure(box, second)
        again = suspects.keys() & second.outside().keys()
        assert not again, (suspects, second.outside())
    assert len(tally.batches) > 12
    assert not mail.outbox
    assert "anonymous" not in logged.getvalue()


def measure(box: FeedbackBoxPage, tally: Tally) -> None:
    """Send and release batches, and let the adversary guess."""
    for batch in range(BATCHES):
        for number in range(BATCH):
            values = form_values(text=words(number))
            if batch < BATCHES_WITH_PICTURES:
                values["pictures"] = [SimpleUploadedFile("a.jpg", photo_bytes(), "image/jpeg")]
            send(Client(), box, **values)
        waiting = {
            row.pk: number_of(urn.unseal(row.sealed)["text"]) for row in WaitingItem.objects.all()
        }
        for place, keys in enumerate(physical("union_waitingitem", "id")):
            tally.count(f"urn {place}", [waiting[key] for key in keys])
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(DISTINCT xmin::text) FROM union_waitingitem")
                assert cursor.fetchone()[0] == 1
        before = set(Opinion.objects.values_list("pk", flat=True))
        assert release.release().count == BATCH
        texts = {
            opinion.pk: number_of(opinion.text)
            for opinion in Opinion.objects.exclude(pk__in=before)
        }
        for name, guess in orders_of_the_released(texts).items():
            tally.count(name, guess)
        assert Opinion.objects.filter(pk__in=texts).values("received_on").distinct().count() == 1
    # What is spent has no value in common with anything that was sent, and no order of its own.
    assert SpentChallenge.objects.count() % (BATCH * BATCHES) == 0


def test_the_measure_itself_finds_an_order() -> None:
    """An urn that kept the order of sending would be found."""
    tally = Tally()
    for _batch in range(BATCHES):
        tally.count("kept in order", range(BATCH))
    assert "kept in order" in tally.outside()


def test_the_measure_holds_what_is_random_for_random() -> None:
    tally, random = Tally(), secrets.SystemRandom()
    for _batch in range(400):
        for name in range(8):
            tally.count(str(name), random.sample(range(BATCH), BATCH))
    assert tally.outside() == {}
