"""Two at once: numbers without duplicate and gap, and one winner for each item."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest
from django.db import connection, connections, transaction

from portal.archives.models import IssuedCode, Record
from portal.archives.numbering.report import code_faults
from portal.archives.numbering.services import issue, template_for
from portal.archives.pool import services
from portal.archives.refusals import AlreadyHandled
from tests.factories.archives import bare_item, bare_record
from tests.factories.organizations import company, make_branch
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

WRITERS = 8
EACH = 10


class Interrupted(Exception):
    """A transaction that is rolled back on purpose."""


def together(work: Any, count: int) -> list[Exception]:
    """Run a function in several threads at once, each with connections of its own."""
    failures: list[Exception] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait(30)
            work(number)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return failures


def test_many_writers_leave_no_duplicate_and_no_gap() -> None:
    """One in ten transactions is rolled back after it took its number."""
    template_for(2026)
    records = [[bare_record() for _ in range(EACH)] for _ in range(WRITERS)]

    def work(number: int) -> None:
        chance = random.Random(number)
        for record in records[number]:
            while True:
                try:
                    with transaction.atomic():
                        code = issue(record, "D30", "DQ02")
                        Record.objects.filter(pk=record.pk).update(archive_code=code.code)
                        if chance.random() < 0.1:
                            raise Interrupted
                except Interrupted:
                    continue
                break

    assert together(work, WRITERS) == []
    numbers = sorted(IssuedCode.objects.values_list("item_number", flat=True))
    assert numbers == list(range(1, WRITERS * EACH + 1))
    assert list(code_faults()) == []


def test_two_archivists_on_one_item() -> None:
    """Exactly one accepts it, the other is told; one number is issued."""
    item = bare_item(make_branch())
    archivists = [make_user("archivist", unit=company()) for _ in range(2)]

    failures = together(lambda number: services.accept(item.pk, archivists[number]), 2)

    assert [type(failure) for failure in failures] == [AlreadyHandled]
    assert IssuedCode.objects.count() == 1
    assert list(code_faults()) == []


def test_one_accepts_while_the_other_returns() -> None:
    """Whoever is first decides; the item is never both."""
    item = bare_item(make_branch())
    archivists = [make_user("archivist", unit=company()) for _ in range(2)]

    def work(number: int) -> None:
        if number:
            services.return_item(item.pk, archivists[1], "class", "类别应为工会工作。")
        else:
            services.accept(item.pk, archivists[0])

    failures = together(work, 2)
    assert [type(failure) for failure in failures] == [AlreadyHandled]
    record = Record.objects.get(pk=item.pk)
    assert (record.archive_code is not None) == (record.state == "accepted")
    assert connection.in_atomic_block is False
