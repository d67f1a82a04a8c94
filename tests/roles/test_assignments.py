"""Roles count in a unit and between two dates."""

from __future__ import annotations

import datetime
from itertools import combinations
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.people.models import User
from portal.roles import permissions
from portal.roles.checks import officers
from portal.roles.models import RoleAssignment
from portal.roles.services import end_role, synchronize_changed_users
from portal.roles.table import OFFICERS, ROLES
from tests.factories.organizations import company, make_branch, make_unit
from tests.factories.people import make_person, make_user
from tests.factories.roles import make_assignment

pytestmark = pytest.mark.django_db
TODAY = "2026-11-20 09:00+08:00"
DAY = datetime.date(2026, 11, 20)
ONE = datetime.timedelta(days=1)


def fresh(user: User) -> User:
    """Return the account as the next request reads it."""
    return User.objects.get(pk=user.pk)


class TestDates:
    """The first and the last day count, no day before or after."""

    @pytest.mark.parametrize(
        ("first", "last", "counts"),
        [
            (DAY, DAY, True),
            (DAY - ONE, None, True),
            (DAY, None, True),
            (DAY - 9 * ONE, DAY, True),
            (DAY - 9 * ONE, DAY - ONE, False),
            (DAY + ONE, None, False),
        ],
    )
    def test_rules_and_admin_agree(
        self,
        client: Client,
        time_machine: Any,
        first: datetime.date,
        last: datetime.date | None,
        counts: bool,
    ) -> None:
        """The same days in the named rules, in Django's permissions and in the admin."""
        time_machine.move_to(TODAY)
        user = make_user()
        make_assignment(user, "party_staff", valid_from=first, valid_to=last)
        user = fresh(user)
        assert permissions.has_role(user, "party_staff") is counts
        assert permissions.is_staff_member(user) is counts
        assert permissions.may_review(user, "news", None) is counts
        assert permissions.may_read_records(user, None) is counts
        assert user.has_perm("wagtailadmin.access_admin") is counts
        client.force_login(user)
        assert client.get("/admin/").status_code == (200 if counts else 403)

    def test_yesterdays_role_opens_nothing_today(self, client: Client, time_machine) -> None:
        """A session that was open when the role ended is stopped, without the nightly job."""
        time_machine.move_to("2026-11-20 23:50+08:00")
        user = make_user()
        make_assignment(user, "party_staff", valid_from=DAY - ONE, valid_to=DAY)
        client.force_login(fresh(user))
        assert client.get("/admin/").status_code == 200
        time_machine.move_to("2026-11-21 00:01+08:00")
        assert client.get("/admin/").status_code == 403
        assert client.post("/admin/pages/add/pages/newspage/3/", {}).status_code == 403
        assert not permissions.is_staff_member(fresh(user))
        assert not fresh(user).groups.exists()

    def test_midnight_is_midnight_in_shanghai(self, time_machine) -> None:
        """At 16:30 in London it is already tomorrow."""
        user = make_user()
        make_assignment(user, "archivist", valid_from=DAY, valid_to=DAY)
        time_machine.move_to("2026-11-20 15:59+00:00")
        assert permissions.has_role(fresh(user), "archivist")
        time_machine.move_to("2026-11-20 16:01+00:00")
        assert not permissions.has_role(fresh(user), "archivist")

    def test_the_nightly_job(self, time_machine) -> None:
        """Roles begin and end over night for those whom it concerns, and only for them."""
        time_machine.move_to(TODAY)
        ending, beginning, steady = make_user(), make_user(), make_user("union_staff")
        make_assignment(ending, "archivist", valid_from=DAY, valid_to=DAY)
        make_assignment(beginning, "archivist", valid_from=DAY + ONE)
        assert synchronize_changed_users() == 0
        time_machine.move_to("2026-11-21 00:05+08:00")
        assert synchronize_changed_users() == 2
        assert not fresh(ending).has_perm("wagtailadmin.access_admin")
        assert fresh(beginning).has_perm("wagtailadmin.access_admin")
        assert fresh(steady).has_perm("wagtailadmin.access_admin")
        assert synchronize_changed_users() == 0
        assert fresh(steady).groups_current_on == DAY + ONE

    def test_a_job_that_did_not_run_for_a_week(self, time_machine) -> None:
        """What began and ended in between is made up for."""
        time_machine.move_to(TODAY)
        user = make_user()
        make_assignment(user, "archivist", valid_from=DAY, valid_to=DAY + 3 * ONE)
        time_machine.move_to("2026-11-27 00:05+08:00")
        assert synchronize_changed_users() == 1
        assert not fresh(user).groups.exists()

    def test_order_of_dates(self) -> None:
        """The sentence names the field; the database refuses it too."""
        person = make_person()
        with pytest.raises(ValidationError) as refusal:
            make_assignment(person, "archivist", valid_from=DAY, valid_to=DAY - ONE)
        assert "valid_to" in refusal.value.message_dict
        row = make_assignment(person, "archivist", valid_from=DAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleAssignment.objects.filter(pk=row.pk).update(valid_to=DAY - ONE)

    def test_ending_a_role(self) -> None:
        """The assignment stays as history; the rights go."""
        user = make_user("archivist")
        row = RoleAssignment.objects.get()
        RoleAssignment.objects.update(valid_from=timezone.localdate() - 9 * ONE)
        row.refresh_from_db()
        end_role(row, timezone.localdate() - ONE)
        assert RoleAssignment.objects.count() == 1
        assert not fresh(user).groups.exists()


class TestUnits:
    """A role counts in its unit and below."""

    def test_inside_and_outside(self) -> None:
        """The own branch and its groups, no other branch, nothing without a unit."""
        mine, other = make_branch(), make_branch()
        group = make_unit("party-group", mine)
        user = make_user("branch_secretary", unit=mine)
        for unit, inside in ((mine, True), (group, True), (other, False), (None, False)):
            assert permissions.may_review(user, "branches", unit) is inside
            assert permissions.may_read_records(user, unit) is inside
        assert permissions.record_units(user) == [mine]

    def test_enterprise_wide_roles(self) -> None:
        """They count everywhere, wherever they were assigned."""
        unit = make_branch()
        user = make_user("archivist", unit=unit)
        assert permissions.record_units(user) is None
        assert permissions.may_read_records(user, company())
        assert not permissions.may_review(user, "news", None)
        assert not permissions.may_review(user, "no-such-section", None)

    def test_visitors_and_disabled_accounts_have_no_roles(self) -> None:
        """Nor has an account without a person."""
        from django.contrib.auth.models import AnonymousUser

        assert permissions.assignments(AnonymousUser()) == []
        user = make_user("party_staff")
        user.is_active = False
        assert permissions.assignments(user) == []
        assert permissions.assignments(User.objects.create_user("nobody")) == []

    def test_roles_are_read_once(self, django_assert_num_queries) -> None:
        """However many rules a page asks, the assignments are read once."""
        user = fresh(make_user("party_staff", "union_staff"))
        with django_assert_num_queries(1):
            for _time in range(5):
                permissions.is_staff_member(user)
                permissions.may_review(user, "news", None)
                permissions.record_units(user)


class TestOfficers:
    """System, security and audit administrator exclude each other and business roles."""

    @pytest.mark.parametrize(("first", "second"), list(combinations(sorted(OFFICERS), 2)))
    def test_pairs_of_officers(self, first: str, second: str) -> None:
        """Refused in both orders, with a sentence that names the person and the role."""
        for held, wanted in ((first, second), (second, first)):
            person = make_person()
            make_assignment(person, held)
            with pytest.raises(ValidationError) as refusal:
                make_assignment(person, wanted)
            sentence = refusal.value.message_dict["role_code"][0]
            assert person.name in sentence
            assert str(ROLES[held].name) in sentence

    @pytest.mark.parametrize("officer", sorted(OFFICERS))
    def test_no_business_role_beside_it(self, officer: str) -> None:
        """An officer edits, reviews and keeps nothing; being an employee is no such role."""
        person = make_person()
        make_assignment(person, officer)
        make_assignment(person, "employee")
        for code in ("party_staff", "archivist", "discipline_auditor", "part_time_archivist"):
            with pytest.raises(ValidationError):
                make_assignment(person, code)

    def test_one_after_the_other_is_possible(self) -> None:
        """Who was system administrator until June may be audit administrator from July."""
        person = make_person()
        june, july = datetime.date(2026, 6, 30), datetime.date(2026, 7, 1)
        make_assignment(
            person, "audit_administrator", valid_from=july, valid_to=datetime.date(2026, 12, 31)
        )
        first = datetime.date(2026, 1, 1)
        make_assignment(person, "system_administrator", valid_from=first, valid_to=june)
        with pytest.raises(ValidationError):
            make_assignment(person, "security_administrator", valid_from=first, valid_to=july)
        assert officers(None, databases=["default"]) == []

    def test_rows_that_got_there_otherwise_are_found(self) -> None:
        """The system check finds what an import or SQL wrote past the rules."""
        person = make_person()
        make_assignment(person, "system_administrator")
        RoleAssignment.objects.bulk_create(
            [RoleAssignment(person=person, role_code="audit_administrator", unit=company())]
        )
        (found,) = officers(None, databases=["default"])
        assert found.id == "roles.W001"
        assert officers(None) == []

    def test_nobody_gives_a_role_to_themselves(self) -> None:
        """Neither a new one nor a longer one."""
        officer = make_user("security_administrator")
        with pytest.raises(ValidationError):
            make_assignment(officer, "employee", granted_by=officer)
        with pytest.raises(ValidationError):
            end_role(RoleAssignment.objects.get(), DAY + 999 * ONE, ended_by=officer)


dates = st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 3, 1))
spans = st.tuples(dates, st.none() | dates).filter(
    lambda span: span[1] is None or span[0] <= span[1]
)


@given(spans, spans)
@hypothesis_settings(suppress_health_check=list(HealthCheck))
def test_overlap_is_a_common_day(
    first: tuple[datetime.date, datetime.date | None],
    second: tuple[datetime.date, datetime.date | None],
) -> None:
    """Two spans overlap exactly when some day lies in both, in either order."""
    one = RoleAssignment(valid_from=first[0], valid_to=first[1])
    two = RoleAssignment(valid_from=second[0], valid_to=second[1])
    days = [datetime.date(2026, 1, 1) + ONE * number for number in range(70)]

    def holds(span: tuple[datetime.date, datetime.date | None], day: datetime.date) -> bool:
        return span[0] <= day and (span[1] is None or day <= span[1])

    common = any(holds(first, day) and holds(second, day) for day in days)
    assert one.overlaps(two) is two.overlaps(one) is common
