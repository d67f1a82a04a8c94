"""The tree of units in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, ModelLogEntry

from portal.organizations.models import Unit, UnitKind
from portal.people.models import User
from portal.roles.models import RoleGroup
from tests.factories.organizations import company, make_branch, make_unit, party_committee
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
LIST, NEW = "/admin/units/", "/admin/units/new/"


@pytest.fixture
def officer(client: Client) -> User:
    """A signed-in system administrator."""
    user = make_user("system_administrator")
    client.force_login(user)
    return user


def values(above: Unit, **changes: Any) -> dict[str, Any]:
    """Return what the form posts for a new branch."""
    return {
        "parent": above.pk,
        "kind": UnitKind.PARTY_BRANCH,
        "name": "洗选车间党支部",
        "short_name": "",
        "code": "DZ77",
        "valid_from": "2026-11-01",
        "valid_to": "",
        **changes,
    }


def test_list_in_the_order_of_the_tree(client: Client, officer: User) -> None:
    """Each level stands further in, below the unit it belongs to."""
    committee = party_committee()
    branch = make_branch("甲支部")
    make_unit(UnitKind.ADMINISTRATIVE, company(), "最后的矿")
    group = make_unit(UnitKind.PARTY_GROUP, branch, "甲支部第一党小组")
    page = client.get(LIST).content.decode()
    names = [
        company().name,
        "\u3000" + committee.name,
        "\u3000\u3000甲支部",
        "\u3000" * 3 + group.name,
    ]
    positions = [page.index(f"{name}") for name in [*names, "\u3000最后的矿"]]
    assert positions == sorted(positions)


def test_create_under_a_unit(client: Client, officer: User) -> None:
    """The unit stands under the chosen one; the log knows who made it."""
    committee = party_committee()
    assert client.get(NEW, {"parent": committee.pk}).status_code == 200
    response = client.post(NEW, values(committee))
    assert response.status_code == 302
    unit = Unit.objects.get(code="DZ77")
    assert unit.get_parent() == committee
    entry = ModelLogEntry.objects.get(object_id=str(unit.pk), action="wagtail.create")
    assert entry.user == officer


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "party-group"}, "不能设在"),
        ({"code": "TEST-DW"}, "已存在"),
        ({"valid_to": "2026-10-31"}, "早于"),
        ({"name": ""}, "必填"),
        ({"name": "长" * 101}, "100"),
        ({"parent": "99999"}, "可选范围"),
    ],
)
def test_what_cannot_be(
    client: Client, officer: User, changes: dict[str, Any], sentence: str
) -> None:
    """A Chinese sentence, what was typed is still there, and no unit."""
    response = client.post(NEW, values(party_committee(), **changes))
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in response.context["form"].errors.as_text()
    if "name" not in changes:
        assert "洗选车间党支部" in page
    assert not Unit.objects.filter(code="DZ77").exists()


def test_renaming_takes_groups_and_files_along(client: Client, officer: User) -> None:
    """The rights of a branch stay where they are under its new name."""
    branch = make_branch("旧支部", "DZ01")
    make_user("organization_member", unit=branch)
    assert Collection.objects.filter(name="DZ01 旧支部").count() == 1
    response = client.post(
        f"/admin/units/edit/{branch.pk}/",
        {"name": "新支部", "short_name": "", "valid_from": "2018-01-01", "valid_to": ""},
    )
    assert response.status_code == 302
    assert Collection.objects.filter(name="DZ01 新支部").count() == 1
    assert not Collection.objects.filter(name="DZ01 旧支部").exists()
    assert "新支部" in RoleGroup.objects.get(unit=branch).group.name


def test_place_kind_and_code_are_final(client: Client, officer: User) -> None:
    """What the form does not show cannot be posted either."""
    branch = make_branch("甲支部", "DZ01")
    changes = {"name": "甲支部", "valid_from": "2018-01-01", "code": "X", "kind": "administrative"}
    client.post(f"/admin/units/edit/{branch.pk}/", {**changes, "parent": company().pk, "path": "1"})
    again = Unit.objects.get(pk=branch.pk)
    assert (again.code, again.kind, again.path) == ("DZ01", UnitKind.PARTY_BRANCH, branch.path)


def test_a_merger_needs_a_last_day(client: Client, officer: User) -> None:
    """And leads to a unit that stays."""
    old, new = make_branch(), make_branch()
    posted = {"name": old.name, "valid_from": "2018-01-01", "merged_into": new.pk, "valid_to": ""}
    assert client.post(f"/admin/units/edit/{old.pk}/", posted).status_code == 200
    posted["valid_to"] = "2026-12-31"
    assert client.post(f"/admin/units/edit/{old.pk}/", posted).status_code == 302
    assert Unit.objects.get(pk=old.pk).merged_into == new


@pytest.mark.parametrize("superuser", [False, True])
def test_nothing_is_deleted(client: Client, superuser: bool) -> None:
    """Not by the system administrator and not by a superuser."""
    client.force_login(make_user("system_administrator", is_superuser=superuser))
    unit = make_unit()
    client.post(f"/admin/units/delete/{unit.pk}/")
    assert Unit.objects.filter(pk=unit.pk).exists()
    assert "/delete/" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("code", ["party_staff", "archivist", "audit_administrator"])
def test_others_stay_outside(client: Client, code: str) -> None:
    """Neither list nor form."""
    client.force_login(make_user(code))
    for path in (LIST, NEW):
        assert client.get(path).status_code == 302
    client.post(NEW, values(party_committee()))
    assert not Unit.objects.filter(code="DZ77").exists()


def test_the_security_administrator_reads(client: Client) -> None:
    """Sees the list, changes nothing."""
    client.force_login(make_user("security_administrator"))
    assert client.get(LIST).status_code == 200
    client.post(NEW, values(party_committee()))
    assert not Unit.objects.filter(code="DZ77").exists()


def test_as_many_queries_for_many_units(client: Client, officer: User) -> None:
    """The number of queries does not grow with the tree."""
    counts = []
    for number in (15, 60):
        for _unit in range(number):
            make_branch()
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
