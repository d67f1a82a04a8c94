"""What every connection of the portal's engines is told."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_statements_are_not_compiled_and_nothing_stays_open() -> None:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
    assert connection.get_autocommit()
    assert not connection.in_atomic_block
