"""An installation whose benefits run already gets to know when their next year begins, and back."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories.benefits import make_benefit
from tests.factories.support import make_office
from veterans.models import BenefitConfirmation, RunningBenefit

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

BEFORE, AFTER = "0014_limit_changes", "0017_next_year_needed"


def migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("veterans", name)])


@pytest.fixture(autouse=True)
def tables_of_today(time_machine: Any) -> Iterator[None]:
    """Leave the tables as the other tests expect them."""
    time_machine.move_to("2026-11-20 09:00+08:00")
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("veterans"))


def test_the_next_year_begins_after_the_first_or_with_the_restoring(time_machine: Any) -> None:
    office = make_office()
    going_on = make_benefit(office, datetime.date(2025, 12, 31), confirmed=False)
    restored = make_benefit(office, datetime.date(2025, 3, 10), confirmed=False, name="葛长顺")
    within = make_benefit(office, datetime.date(2026, 2, 28), confirmed=False, name="魏素珍")
    for row in (restored, within):
        BenefitConfirmation.objects.create(
            benefit=row,
            for_day=row.confirm_by,
            confirmed_by=office.station,
            confirmed_at=datetime.datetime(2026, 6, 1, 17, tzinfo=datetime.UTC),
            restored=True,
        )

    migrate(BEFORE)
    migrate(AFTER)

    found = dict(RunningBenefit.objects.values_list("pk", "next_from"))
    assert found == {
        going_on.pk: datetime.date(2026, 12, 31),
        restored.pk: datetime.date(2026, 6, 2),
        within.pk: datetime.date(2027, 2, 28),
    }
