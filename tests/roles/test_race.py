"""Two officers assign at the same moment."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from portal.people.models import Person
from portal.roles.models import RoleAssignment
from tests.factories.people import make_person
from tests.factories.roles import make_assignment
from tests.infrastructure.at_once import failures, together


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_roles_that_exclude_each_other_one_wins() -> None:
    """Whoever comes second is told; no person ever holds both."""
    for _round in range(5):
        person = make_person()
        mine, same = (Person.objects.get(pk=person.pk) for _ in range(2))
        results = together(
            partial(make_assignment, mine, "system_administrator"),
            partial(make_assignment, same, "audit_administrator"),
        )
        assert [type(error) for error in failures(results)] == [ValidationError]
        assert RoleAssignment.objects.filter(person=person).count() == 1
