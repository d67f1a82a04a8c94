"""Cases that are few are found by their keys, whatever the conditions look like."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.cases.few import keys_of
from portal.cases.models import Case
from tests.factories.organizations import company

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SIMPLE = st.sampled_from(
    [
        Q(number="YJ-1"),
        Q(state="closed"),
        Q(sequence__gt=0),
        Q(flow__iexact="veterans-support"),
        Q(pk__in=[]),
        ~Q(state="closed"),
    ]
)
CONDITIONS = st.recursive(
    SIMPLE,
    lambda parts: st.one_of(
        st.tuples(parts, parts).map(lambda two: two[0] & two[1]),
        st.tuples(parts, parts).map(lambda two: two[0] | two[1]),
        st.tuples(parts, parts).map(lambda two: two[0] ^ two[1]),
    ),
    max_leaves=6,
)


@pytest.fixture
def cases() -> list[Case]:
    """Some cases that differ in number, state and sequence."""
    return [
        Case.objects.create(
            flow="veterans-support",
            item="住房补贴",
            number=f"YJ-{number}",
            state="closed" if number % 2 else "submitted",
            sequence=number % 3,
            unit=company(),
        )
        for number in range(6)
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(CONDITIONS, max_size=3))
def test_the_keys_are_those_of_all_conditions_together(
    cases: list[Case], conditions: list[Any]
) -> None:
    together = Q(pk__in=[])
    for condition in conditions:
        together |= condition
    expected = set(Case.objects.filter(together).values_list("pk", flat=True))
    assert set(keys_of(conditions)) == expected
