"""Two at once: numbers without duplicate and gap, and one winner for each item."""

from __future__ import annotations

import random
from functools import partial

import pytest
from django.db import connection, transaction

from portal.archives.models import IssuedCode, Record
from portal.archives.numbering.report import code_faults
from portal.archives.numbering.services import issue, template_for
from portal.archives.pool import services
from portal.archives.refusals import AlreadyHandled
from tests.factories.archives import bare_item, bare_record
from tests.factories.organizations import company, make_branch
from tests.factories.people import make_user
from tests.infrastructure.at_once import failures, together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

WRITERS = 8
EACH = 10


class Interrupted(Exception):
    """A transaction that is rolled back on purpose."""


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

    assert failures(together(*(partial(work, number) for number in range(WRITERS)))) == []
    numbers = sorted(IssuedCode.objects.values_list("item_number", flat=True))
    assert numbers == list(range(1, WRITERS * EACH + 1))
    assert list(code_faults()) == []


def test_two_archivists_on_one_item() -> None:
    """Exactly one accepts it, the other is told; one number is issued."""
    item = bare_item(make_branch())
    archivists = [make_user("archivist", unit=company()) for _ in range(2)]

    refused = failures(
        together(*(partial(services.accept, item.pk, archivist) for archivist in archivists))
    )

    assert [type(failure) for failure in refused] == [AlreadyHandled]
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

    refused = failures(together(partial(work, 0), partial(work, 1)))
    assert [type(failure) for failure in refused] == [AlreadyHandled]
    record = Record.objects.get(pk=item.pk)
    assert (record.archive_code is not None) == (record.state == "accepted")
    assert connection.in_atomic_block is False
