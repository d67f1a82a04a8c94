"""Giving and ending roles in the admin, and the nightly jobs."""

from __future__ import annotations

import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.organizations.models import Unit
from portal.people.models import User
from portal.roles import daily_jobs
from portal.roles.models import RoleAssignment
from tests.factories.organizations import company, make_branch
from tests.factories.people import make_person, make_user
from tests.factories.roles import make_assignment

pytestmark = pytest.mark.django_db
LIST, NEW = "/admin/role-assignments/", "/admin/role-assignments/new/"


@pytest.fixture
def officer(client: Client) -> User:
    """A signed-in security administrator."""
    user = make_user("security_administrator", username="100014")
    client.force_login(user)
    return user


def values(number: str | None, unit: Unit, **changes: Any) -> dict[str, Any]:
    """Return what the form posts."""
    return {
        "employee_number": number,
        "role_code": "organization_member",
        "unit": unit.pk,
        "valid_from": timezone.localdate().isoformat(),
        "valid_to": "",
        **changes,
    }


def test_a_role_counts_at_once(client: Client, officer: User) -> None:
    """Assigned in the admin, written to the log, with the officer's name."""
    branch = make_branch()
    user = make_user(username="200001")
    assert client.get(NEW).status_code == 200
    assert client.post(NEW, values("２００００１", branch)).status_code == 302
    row = RoleAssignment.objects.get(person=user.person)
    assert (row.unit, row.granted_by) == (branch, officer)
    assert User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
    entry = ModelLogEntry.objects.get(action="wagtail.create", object_id=str(row.pk))
    assert entry.user == officer
    page = client.get(LIST).content.decode()
    assert "200001" in page
    assert branch.name in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"employee_number": "999999"}, "没有使用该工号"),
        ({"employee_number": "100014"}, "自己的角色"),
        ({"role_code": "emperor"}, "可选范围"),
        ({"valid_to": "2020-01-01"}, "早于"),
        ({"role_code": "archivist", "employee_number": "100015"}, "同一人"),
        ({"employee_number": "200002"}, "已有该角色"),
    ],
)
def test_what_cannot_be(
    client: Client, officer: User, changes: dict[str, Any], sentence: str
) -> None:
    """A Chinese sentence, status 200, and no role."""
    branch = make_branch()
    make_person("高平安", "200001")
    make_user("audit_administrator", username="100015")
    make_user("organization_member", unit=branch, username="200002")
    before = RoleAssignment.objects.count()
    response = client.post(NEW, values("200001", branch, **changes))
    assert response.status_code == 200
    assert sentence in response.context["form"].errors.as_text()
    assert RoleAssignment.objects.count() == before


def test_ending_a_role(client: Client, officer: User) -> None:
    """Only the last day changes, whatever is posted."""
    user = make_user(username="200001")
    start = timezone.localdate() - datetime.timedelta(days=9)
    row = make_assignment(user, "archivist", valid_from=start)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    response = client.post(
        f"/admin/role-assignments/edit/{row.pk}/",
        {"valid_to": yesterday.isoformat(), "role_code": "party_staff", "valid_from": "2001-01-01"},
    )
    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.role_code, row.valid_from, row.valid_to) == ("archivist", start, yesterday)
    assert not User.objects.get(pk=user.pk).groups.exists()


def test_ones_own_role_is_not_prolonged(client: Client, officer: User) -> None:
    """Another officer has to do it."""
    row = RoleAssignment.objects.get(person=officer.person)
    response = client.post(f"/admin/role-assignments/edit/{row.pk}/", {"valid_to": "2099-01-01"})
    assert response.status_code == 200
    row.refresh_from_db()
    assert row.valid_to is None


def test_nothing_is_deleted(client: Client, officer: User) -> None:
    """Who could do what when stays known."""
    row = make_assignment(make_person(), "archivist")
    client.post(f"/admin/role-assignments/delete/{row.pk}/")
    assert RoleAssignment.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "code", ["system_administrator", "audit_administrator", "party_staff", "discipline_auditor"]
)
def test_others_stay_outside(client: Client, code: str) -> None:
    """Only the security administrator gives roles, and nobody to themselves."""
    user = make_user(code, username="200001")
    client.force_login(user)
    for path in (LIST, NEW):
        assert client.get(path).status_code == 302
    make_person("高平安", "200002")
    client.post(NEW, values("200002", company()))
    client.post(NEW, values("200001", company()))
    assert RoleAssignment.objects.count() == 1


class TestDailyJobs:
    """`manage.py daily_jobs`."""

    def test_all_and_one(self) -> None:
        """Every job writes its line; single ones can be asked for."""
        output = StringIO()
        call_command("daily_jobs", stdout=output)
        assert [line.split(":")[0] for line in output.getvalue().splitlines()] == list(
            daily_jobs.DAILY_JOBS
        )
        output = StringIO()
        call_command("daily_jobs", "roles", stdout=output)
        assert output.getvalue().startswith("roles: ")
        with pytest.raises(CommandError, match="no job"):
            call_command("daily_jobs", "nonsense", stdout=StringIO())

    def test_a_failing_job_stops_no_other(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """It is logged with its error and makes the command fail at the end."""
        done: list[str] = []

        def failing() -> str:
            raise RuntimeError("no power")

        def working() -> str:
            done.append("worked")
            return "worked"

        jobs: dict[str, daily_jobs.DailyJob] = {}
        monkeypatch.setattr(daily_jobs, "DAILY_JOBS", jobs)
        monkeypatch.setattr("portal.roles.management.commands.daily_jobs.DAILY_JOBS", jobs)
        daily_jobs.register_daily_job("first", failing)
        daily_jobs.register_daily_job("second", working)
        with pytest.raises(CommandError, match="first"):
            call_command("daily_jobs", stdout=StringIO())
        assert done == ["worked"]
        assert "no power" in caplog.text

    def test_expired_sessions_go(self, time_machine: Any) -> None:
        """With what was typed into forms that nobody came back to."""
        time_machine.move_to("2026-11-20 09:00+08:00")
        client = Client()
        client.post("/admin/pages/add/pages/newspage/3/", {"title": "草稿"})
        assert daily_jobs.clear_sessions().startswith("0 ")
        time_machine.move_to("2026-11-21 09:00+08:00")
        assert daily_jobs.clear_sessions().startswith("1 ")


def test_as_many_queries_for_many_roles(client: Client, officer: User) -> None:
    """The number of queries does not grow with the list."""
    counts = []
    for number in (15, 60):
        for _row in range(number):
            make_assignment(make_person(), "archivist", granted_by=officer)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
