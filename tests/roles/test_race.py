"""Two officers assign at the same moment."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from portal.people.models import Person
from portal.roles.models import RoleAssignment
from tests.factories.people import make_person
from tests.factories.roles import make_assignment


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_roles_that_exclude_each_other_one_wins() -> None:
    """Whoever comes second is told; no person ever holds both."""
    for _round in range(5):
        person = make_person()
        barrier = threading.Barrier(2)
        refused: list[str] = []

        def assign(
            code: str,
            pk: int = person.pk,
            barrier: threading.Barrier = barrier,
            refused: list[str] = refused,
        ) -> None:
            try:
                mine = Person.objects.get(pk=pk)
                barrier.wait()
                make_assignment(mine, code)
            except ValidationError:
                refused.append(code)
            finally:
                connection.close()

        threads = [
            threading.Thread(target=assign, args=[code])
            for code in ("system_administrator", "audit_administrator")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        assert RoleAssignment.objects.filter(person=person).count() == 1
