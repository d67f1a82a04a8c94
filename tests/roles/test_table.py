"""The role table: exactly these rights, and not more."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from branches.services import create_branch_page
from portal.organizations.models import Unit
from portal.people.models import User
from portal.roles.models import RoleGroup
from portal.roles.services import MEDIA_CODENAMES, synchronize_groups
from portal.roles.table import (
    OFFICERS,
    ROLES,
    SECTIONS,
    ArchiveRight,
    RoleNotFound,
    Scope,
    role,
)
from tests.factories.organizations import company, make_branch, make_unit
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

WITHDRAW = {"add", "change", "publish", "lock", "unlock"}
COMMON = ("news", "notices")
# What each role may do with pages, by section. Nobody publishes alone: "publish" only withdraws.
PAGE_ACTIONS: dict[str, dict[str, set[str]]] = {
    "party_staff": {
        **dict.fromkeys((*COMMON, "branches", "honors"), WITHDRAW),
        "compilations": {"add"},
    },
    "archivist": {"compilations": WITHDRAW},
    "union_staff": {**{section: {"add"} for section in (*COMMON, "honors")}, "union": WITHDRAW},
    "veterans_officer": {**{section: {"add"} for section in COMMON}, "veterans": WITHDRAW},
    "branch_secretary": {"branches": {"add", "change"}},
    "organization_member": {"branches": {"add", "change"}},
}
# The pages of public notices are written by the services alone; nobody has rights on them.
REVIEWED = (*COMMON, "public-notices")
REVIEWS: dict[str, set[str]] = {
    "party_staff": {*REVIEWED, "branches", "compilations", "honors", "veterans"},
    "party_approver": {*REVIEWED, "branches", "compilations", "honors", "veterans"},
    "union_staff": {*REVIEWED, "union", "veterans"},
    "union_chair": {*REVIEWED, "union", "veterans"},
    "veterans_officer": {*REVIEWED, "veterans"},
    "branch_secretary": {"branches"},
}
PERMISSIONS: dict[str, set[str]] = {
    "system_administrator": {
        *("organizations.add_unit", "organizations.change_unit", "organizations.view_unit"),
        *("people.add_person", "people.change_person", "people.view_person"),
    },
    "security_administrator": {
        *("roles.add_roleassignment", "roles.change_roleassignment"),
        *("roles.view_roleassignment", "organizations.view_unit", "people.view_person"),
    },
}
# Finance and the handlers of opinions work on cases only, not in the admin.
CASES_ONLY = {"finance_payer", "opinion_handler"}
STAFF = set(ROLES) - {"employee", "party_member", "military_family", *CASES_ONLY}
MEDIA = {
    *("branch_secretary", "organization_member", "party_staff", "union_staff"),
    "veterans_officer",
}
READS_RECORDS = STAFF - OFFICERS
ARCHIVE_RIGHTS = {
    "party_approver": {ArchiveRight.APPROVE},
    "archivist": {ArchiveRight.RECEIVE, ArchiveRight.AUDIT, ArchiveRight.CONTROLLED},
    "discipline_auditor": {ArchiveRight.AUDIT, ArchiveRight.CONTROLLED},
    "part_time_archivist": {ArchiveRight.CORRECT},
    "organization_member": {ArchiveRight.CORRECT},
}
UNIT_ROLES = {
    *("branch_secretary", "organization_member", "part_time_archivist", "opinion_handler"),
}


@pytest.fixture
def branch() -> Unit:
    """A branch with its page."""
    unit = make_branch()
    create_branch_page(unit)
    return unit


def account(code: str, branch: Unit) -> User:
    """Return an account with one role, in the branch where the role counts in units."""
    return make_user(code, unit=branch if code in UNIT_ROLES else company())


def page_actions(user: User) -> dict[str, set[str]]:
    """Return what the account's groups allow, by the page that the right stands on."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in GroupPagePermission.objects.filter(group__user=user).select_related(
        "page", "permission"
    ):
        found[row.page.url_path].add(row.permission.codename.removesuffix("_page"))
    return dict(found)


def test_codes_of_the_table() -> None:
    """The eighteen roles of the domain facts that are needed so far, in their order."""
    assert list(ROLES) == [
        *("employee", "party_member", "branch_secretary", "organization_member"),
        *("party_staff", "party_approver", "union_staff", "union_chair", "veterans_officer"),
        *(
            "military_family",
            "finance_payer",
            "opinion_handler",
            "archivist",
            "part_time_archivist",
            "discipline_auditor",
        ),
        *("system_administrator", "security_administrator", "audit_administrator"),
    ]
    assert {code for code, row in ROLES.items() if row.staff} == STAFF
    assert {code for code, row in ROLES.items() if row.media} == MEDIA
    assert {code for code, row in ROLES.items() if row.reads_records} == READS_RECORDS
    assert {code for code, row in ROLES.items() if row.scope is Scope.UNIT} == UNIT_ROLES
    assert {
        code: set(row.archive_rights) for code, row in ROLES.items() if row.archive_rights
    } == ARCHIVE_RIGHTS
    with pytest.raises(RoleNotFound):
        role("emperor")


@pytest.mark.parametrize("code", list(ROLES))
def test_django_permissions(code: str, branch: Unit) -> None:
    """Entry to the admin for staff, the officers' own lists, and nothing else."""
    expected = set(PERMISSIONS.get(code, set()))
    if code in STAFF:
        expected.add("wagtailadmin.access_admin")
    user = account(code, branch)
    assert user.get_all_permissions() == expected
    assert not user.is_superuser
    assert not user.is_staff
    assert not user.user_permissions.exists()


@pytest.mark.parametrize("code", list(ROLES))
def test_page_permissions(code: str, branch: Unit) -> None:
    """Rights stand on section roots, for roles of a unit on the pages of the unit's branches."""
    expected = {}
    for section, actions in PAGE_ACTIONS.get(code, {}).items():
        root = Page.objects.get(depth=3, slug=section)
        if code in UNIT_ROLES:
            root = root.get_children().get(slug=branch.code.lower())
        expected[root.url_path] = actions
    assert page_actions(account(code, branch)) == expected


@pytest.mark.parametrize("code", list(ROLES))
def test_collection_permissions(code: str, branch: Unit) -> None:
    """Files: everywhere for enterprise-wide roles, in the unit's own collection otherwise."""
    user = account(code, branch)
    rows = GroupCollectionPermission.objects.filter(group__user=user).select_related(
        "collection", "permission"
    )
    found = {(row.collection.name, row.permission.codename) for row in rows}
    root = Collection.get_first_root_node()
    name = f"{branch.code} {branch.name}" if code in UNIT_ROLES else root.name
    assert found == ({(name, codename) for codename in MEDIA_CODENAMES} if code in MEDIA else set())
    assert not any(codename.startswith("delete") for _name, codename in found)


def test_reviews() -> None:
    """Who reviews which section."""
    found: dict[str, set[str]] = defaultdict(set)
    for section in SECTIONS.values():
        for code, grant in section.grants.items():
            if grant.reviews:
                found[code].add(section.code)
    assert dict(found) == REVIEWS


def test_exclusions_are_mutual() -> None:
    """An officer has no other staff role; everybody else may have several."""
    for row in ROLES.values():
        for other in row.exclusive_with:
            assert row.code in ROLES[other].exclusive_with
        assert row.code not in row.exclusive_with
    assert ROLES["audit_administrator"].exclusive_with == STAFF - {"audit_administrator"}
    assert ROLES["party_staff"].exclusive_with == OFFICERS
    assert ROLES["employee"].exclusive_with == frozenset()


def test_there_are_no_other_groups(branch: Unit) -> None:
    """Every group stands for a role; Wagtail's own ones are gone."""
    for code in ROLES:
        account(code, branch)
    assert not Group.objects.filter(role_group=None).exists()
    expected: set[tuple[str, int | None]] = {
        (code, None) for code, row in ROLES.items() if row.scope is Scope.ALL
    }
    expected |= {(code, branch.pk) for code in UNIT_ROLES}
    assert set(RoleGroup.objects.values_list("role_code", "unit_id")) == expected


def test_synchronizing_again_changes_nothing_and_mends_everything(branch: Unit) -> None:
    """What somebody changed by hand in the tables is put right."""
    for code in ROLES:
        account(code, branch)

    def state() -> tuple[set[object], ...]:
        return (
            set(GroupPagePermission.objects.values_list("group", "page", "permission")),
            set(GroupCollectionPermission.objects.values_list("group", "collection", "permission")),
            set(Group.permissions.through.objects.values_list("group", "permission")),
            set(Group.objects.values_list("pk", "name")),
        )

    before = state()
    synchronize_groups()
    assert state() == before
    group = Group.objects.get(role_group__role_code="archivist")
    stranger = GroupPagePermission.objects.first()
    assert stranger is not None
    GroupPagePermission.objects.create(
        group=group, page=stranger.page, permission=stranger.permission
    )
    stranger.delete()
    group.permissions.clear()
    group.name = "renamed"
    group.save()
    synchronize_groups()
    after = state()
    assert after == before


def test_a_wider_unit_covers_the_branches_below(branch: Unit) -> None:
    """A role in the Party committee reaches the pages of all its branches."""
    second = make_branch()
    create_branch_page(second)
    committee = branch.get_parent()
    user = make_user("organization_member", unit=committee)
    assert {path.rstrip("/").split("/")[-1] for path in page_actions(user)} == {
        branch.code.lower(),
        second.code.lower(),
    }


def test_a_new_branch_page_is_reached_at_once(branch: Unit) -> None:
    """Rights follow when the page of a branch is made after the role was given."""
    late = make_unit("party-branch")
    user = make_user("organization_member", unit=late)
    assert page_actions(user) == {}
    create_branch_page(late)
    assert [path.rstrip("/").split("/")[-1] for path in page_actions(user)] == [late.code.lower()]
