"""The declarative role table.

Each row says what a role is and what it may do; `portal` owns the rows, subjects add what
the roles may do in their own section with `grant`. The table is synced into Wagtail groups
after every migrate, and a test asserts the exact set and not more.
Source of the roles: the roles and permissions chapter of the domain facts.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from wagtail.models import Page

    from portal.organizations.models import Unit


class Scope(enum.Enum):
    """Where a role counts."""

    PERSONAL = "personal"  # the person's own things only
    UNIT = "unit"  # the unit of the assignment and all below it
    ALL = "all"  # the whole enterprise


class ArchiveRight(enum.Enum):
    """What a role may do in the archive office besides reading records."""

    RECEIVE = "receive"  # decide on the pool, keep the scope table and the archive codes
    CORRECT = "correct"  # put right what was returned, inside the own unit
    AUDIT = "audit"  # read everything the office sees, change nothing
    CONTROLLED = "controlled"  # read records of the level controlled
    APPROVE = "approve"  # approve destruction lists


class RoleNotFound(LookupError):
    """No row of the table has this code."""


@dataclass(frozen=True)
class SectionGrant:
    """What a role may do with the pages of one section.

    `page_actions` are Wagtail's page permission types without their suffix: add, change,
    publish (which here means to withdraw, since nobody publishes alone), lock, unlock.
    """

    page_actions: frozenset[str] = frozenset()
    reviews: bool = False


@dataclass(frozen=True)
class Role:
    """One row: code, name, scope, whether it works in the admin, and model permissions.

    Attributes:
        external: the person does not work here; what is for employees stays closed.
    """

    code: str
    name: Any
    scope: Scope
    staff: bool = False
    media: bool = False
    reads_records: bool = False
    permissions: frozenset[str] = frozenset()
    archive_rights: frozenset[ArchiveRight] = frozenset()
    external: bool = False

    @property
    def exclusive_with(self) -> frozenset[str]:
        """Codes of roles that the same person cannot have at the same time.

        An officer (三员) has no other staff role, business roles included.
        Source: separation of duties in GB/T 22239-2019 8.1.4.2.
        """
        if self.code in OFFICERS:
            return frozenset(row.code for row in ROLES.values() if row.staff) - {self.code}
        return OFFICERS if self.staff else frozenset()


@dataclass(frozen=True)
class Section:
    """One part of the page tree.

    Attributes:
        code: the slug of its root page under the home page.
        unit_roots: the pages of a unit and its subtree inside the section, for roles that
            count only inside a unit; without it such roles get nothing here.
    """

    code: str
    unit_roots: Callable[[Unit], Iterable[Page]] | None = None
    grants: dict[str, SectionGrant] = field(default_factory=dict)


ORGANIZATION_PERMISSIONS = frozenset(
    {
        "organizations.add_unit",
        "organizations.change_unit",
        "organizations.view_unit",
        "people.add_person",
        "people.change_person",
        "people.view_person",
    }
)
OFFICERS = frozenset({"system_administrator", "security_administrator", "audit_administrator"})

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("employee", _("Employee"), Scope.PERSONAL),
        Role("party_member", _("Party member"), Scope.PERSONAL),
        Role("branch_secretary", _("Branch secretary"), Scope.UNIT, True, True, True),
        Role(
            "organization_member",
            _("Organization member"),
            Scope.UNIT,
            True,
            True,
            True,
            archive_rights=frozenset({ArchiveRight.CORRECT}),
        ),
        Role("party_staff", _("Party affairs department"), Scope.ALL, True, True, True),
        Role(
            "party_approver",
            _("Party committee secretary"),
            Scope.ALL,
            True,
            False,
            True,
            archive_rights=frozenset({ArchiveRight.APPROVE}),
        ),
        Role("union_staff", _("Union officer"), Scope.ALL, True, True, True),
        Role("union_chair", _("Union chair"), Scope.ALL, True, False, True),
        Role("veterans_officer", _("Veterans service officer"), Scope.ALL, True, True, True),
        Role("military_family", _("Military family"), Scope.PERSONAL, external=True),
        Role("finance_payer", _("Finance payer"), Scope.ALL),
        Role("opinion_handler", _("Opinion handler"), Scope.UNIT),
        Role(
            "archivist",
            _("Archivist"),
            Scope.ALL,
            True,
            False,
            True,
            archive_rights=frozenset(
                {ArchiveRight.RECEIVE, ArchiveRight.AUDIT, ArchiveRight.CONTROLLED}
            ),
        ),
        Role(
            "part_time_archivist",
            _("Part-time archivist"),
            Scope.UNIT,
            True,
            False,
            True,
            archive_rights=frozenset({ArchiveRight.CORRECT}),
        ),
        Role(
            "discipline_auditor",
            _("Discipline auditor"),
            Scope.ALL,
            True,
            False,
            True,
            archive_rights=frozenset({ArchiveRight.AUDIT, ArchiveRight.CONTROLLED}),
        ),
        Role(
            "system_administrator",
            _("System administrator"),
            Scope.ALL,
            True,
            permissions=ORGANIZATION_PERMISSIONS,
        ),
        Role(
            "security_administrator",
            _("Security administrator"),
            Scope.ALL,
            True,
            permissions=frozenset(
                {
                    "roles.add_roleassignment",
                    "roles.change_roleassignment",
                    "roles.view_roleassignment",
                    "organizations.view_unit",
                    "people.view_person",
                }
            ),
        ),
        Role("audit_administrator", _("Audit administrator"), Scope.ALL, True),
    )
}
SECTIONS: dict[str, Section] = {}


def role(code: str) -> Role:
    """Return the row with this code.

    Raises:
        RoleNotFound: there is none.
    """
    try:
        return ROLES[code]
    except KeyError as error:
        raise RoleNotFound(f"No role has the code {code}.") from error


def register_section(section: Section) -> None:
    """Add a section of the page tree, once, when its application is ready."""
    SECTIONS[section.code] = section


def grant(section: str, role_code: str, *page_actions: str, reviews: bool = False) -> None:
    """Add what a role may do in a section.

    Raises:
        RoleNotFound: the role is not in the table.
    """
    role(role_code)
    SECTIONS[section].grants[role_code] = SectionGrant(frozenset(page_actions), reviews)


def role_choices() -> list[tuple[str, Any]]:
    """Return codes and names in the order of the table."""
    return [(row.code, row.name) for row in ROLES.values()]
