"""Units for tests. All names are invented."""

from __future__ import annotations

import datetime
import itertools

from portal.organizations.models import Unit, UnitKind
from portal.organizations.services import create_unit

_numbers = itertools.count(1)

NAMES: dict[str, str] = {
    UnitKind.ADMINISTRATIVE: "测试矿{number}",
    UnitKind.PARTY_COMMITTEE: "测试公司委员会{number}",
    UnitKind.GENERAL_BRANCH: "测试矿党总支{number}",
    UnitKind.PARTY_BRANCH: "测试队{number}党支部",
    UnitKind.PARTY_GROUP: "第{number}党小组",
}
# Under which kind a unit is put when a test does not care.
USUAL_PARENTS: dict[str, str] = {
    UnitKind.ADMINISTRATIVE: UnitKind.ADMINISTRATIVE,
    UnitKind.PARTY_COMMITTEE: UnitKind.ADMINISTRATIVE,
    UnitKind.GENERAL_BRANCH: UnitKind.PARTY_COMMITTEE,
    UnitKind.PARTY_BRANCH: UnitKind.PARTY_COMMITTEE,
    UnitKind.PARTY_GROUP: UnitKind.PARTY_BRANCH,
}


def company() -> Unit:
    """Return the topmost unit, made on first use: 测试能源有限公司, code TEST."""
    found: Unit | None = Unit.objects.filter(depth=1).first()
    return found or create_unit(
        parent=None, name="测试能源有限公司", code="TEST", kind=UnitKind.ADMINISTRATIVE
    )


def party_committee() -> Unit:
    """Return the Party committee of the company, made on first use: code TEST-DW."""
    found: Unit | None = Unit.objects.filter(kind=UnitKind.PARTY_COMMITTEE).first()
    return found or create_unit(
        parent=company(),
        name="中共测试能源有限公司委员会",
        code="TEST-DW",
        kind=UnitKind.PARTY_COMMITTEE,
    )


def make_unit(
    kind: str = UnitKind.ADMINISTRATIVE,
    parent: Unit | None = None,
    name: str = "",
    code: str = "",
    *,
    valid_from: datetime.date = datetime.date(2018, 1, 1),
    valid_to: datetime.date | None = None,
) -> Unit:
    """Create a unit; without a parent it stands where its kind usually stands."""
    number = next(_numbers)
    if parent is None:
        usual = USUAL_PARENTS[kind]
        if usual == UnitKind.ADMINISTRATIVE:
            parent = company()
        elif usual == UnitKind.PARTY_COMMITTEE:
            parent = party_committee()
        else:
            parent = make_unit(usual)
    return create_unit(
        parent=parent,
        name=name or NAMES[kind].format(number=number),
        code=code or f"U{number:04d}",
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def make_branch(name: str = "", code: str = "", parent: Unit | None = None) -> Unit:
    """Create a Party branch (党支部), under the Party committee unless told otherwise."""
    return make_unit(UnitKind.PARTY_BRANCH, parent, name, code)
