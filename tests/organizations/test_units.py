"""The rules of the tree of units."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.organizations.models import ALLOWED_PARENTS, Unit, UnitKind
from portal.organizations.services import create_unit
from tests.factories.organizations import company, make_branch, make_unit, party_committee

pytestmark = pytest.mark.django_db


def test_first_unit_is_administrative() -> None:
    """A Party organization never stands on top."""
    with pytest.raises(ValidationError, match="行政单位"):
        create_unit(parent=None, name="党委", code="P", kind=UnitKind.PARTY_COMMITTEE)
    assert company().depth == 1


@pytest.mark.parametrize("child", list(UnitKind))
@pytest.mark.parametrize("parent", list(UnitKind))
def test_which_kind_stands_under_which(parent: str, child: str) -> None:
    """Exactly the pairs of the table are possible, and a refusal leaves nothing behind."""
    above = make_unit(parent)
    before = Unit.objects.count()
    if parent in ALLOWED_PARENTS[child]:
        assert above.contains(make_unit(child, above))
        return
    with pytest.raises(ValidationError) as refusal:
        make_unit(child, above, name="不应出现")
    assert "kind" in refusal.value.message_dict
    assert above.name in refusal.value.message_dict["kind"][0]
    assert Unit.objects.count() == before


def test_code_is_unique_and_named() -> None:
    """A second unit with the same code is refused on the field."""
    make_unit(code="SAME")
    with pytest.raises(ValidationError) as refusal:
        make_unit(code="SAME")
    assert "code" in refusal.value.message_dict


def test_dates_are_in_order() -> None:
    """The form and the database both refuse an end before the beginning."""
    start, end = datetime.date(2026, 2, 1), datetime.date(2026, 1, 31)
    with pytest.raises(ValidationError) as refusal:
        make_unit(valid_from=start, valid_to=end)
    assert "valid_to" in refusal.value.message_dict
    unit = make_unit()
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(valid_from=start, valid_to=end)


def test_validity_includes_both_days() -> None:
    """A unit exists on its first and on its last day."""
    first, last = datetime.date(2026, 3, 1), datetime.date(2026, 3, 31)
    unit = make_unit(valid_from=first, valid_to=last)
    one = datetime.timedelta(days=1)
    for day, valid in ((first - one, False), (first, True), (last, True), (last + one, False)):
        assert unit.is_valid_on(day) is valid
        assert Unit.objects.valid_on(day).filter(pk=unit.pk).exists() is valid


def test_merger_into_itself_is_refused() -> None:
    """A unit is merged into another one."""
    unit = make_unit()
    unit.merged_into = unit
    with pytest.raises(ValidationError):
        unit.clean()


def test_party_units_and_subtrees() -> None:
    """Reads over the tree find the unit itself and all below it, and nothing beside it."""
    first, second = make_branch(), make_branch()
    group = make_unit(UnitKind.PARTY_GROUP, first)
    mine = make_unit()
    assert set(Unit.objects.within([first])) == {first, group}
    assert set(Unit.objects.within([first, second])) == {first, group, second}
    assert not Unit.objects.within([]).exists()
    assert mine not in set(Unit.objects.party())
    assert {party_committee(), first, second, group} == set(Unit.objects.party())


steps = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(list(UnitKind))), max_size=15)


@given(steps)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_any_sequence_of_creations_leaves_a_right_tree(plan: list[tuple[int, str]]) -> None:
    """Whatever is tried, each unit stands under an allowed one, and `contains` is the tree."""
    with transaction.atomic():
        units = [company()]
        for position, kind in plan:
            parent = units[position % len(units)]
            try:
                units.append(make_unit(kind, parent))
            except ValidationError:
                assert parent.kind not in ALLOWED_PARENTS[kind]
        assert Unit.find_problems() == ([], [], [], [], [])
        for unit in Unit.objects.all():
            parent = unit.get_parent()
            assert (parent is None) == (unit.pk == units[0].pk)
            if parent is not None:
                assert parent.kind in ALLOWED_PARENTS[unit.kind]
                assert parent.contains(unit)
                assert not unit.contains(parent)
        found = {unit.pk for unit in Unit.objects.within([units[-1]])}
        assert found == {unit.pk for unit in Unit.objects.all() if units[-1].contains(unit)}
        transaction.set_rollback(True)
