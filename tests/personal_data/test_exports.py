"""An export needs two people, is handed out once, and says in every row who took it."""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.people.models import User
from portal.personal_data.exports import decide, fetch, request_export
from portal.personal_data.models import ExportRequest, ExportState, Reveal
from portal.personal_data.refusals import ExportRefused, NotYourDecision
from portal.personal_data.tasks import waiting_exports
from portal.roles.table import ROLES
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user
from tests.infrastructure.at_once import failures, together

pytestmark = pytest.mark.django_db

NUMBER, REASON = IDENTITY_NUMBERS[0], "年度人员信息核对"
LIST = "data_exports"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def asking() -> User:
    return make_user("system_administrator", name="沈维钧")


@pytest.fixture
def approving() -> User:
    return make_user("security_administrator", name="杜文渊")


def approved(asking: User, approving: User, **keywords: Any) -> ExportRequest:
    made = request_export("people", asking, REASON, **keywords)
    return decide(made.pk, approving, approve=True)


def sheet_of(made: ExportRequest, user: User) -> list[tuple[Any, ...]]:
    with fetch(made.pk, user) as opened:
        book = load_workbook(BytesIO(opened.read()))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_every_row_says_who_took_it(asking: User, approving: User) -> None:
    make_person("欧阳明", identity_number=NUMBER, phone="13900000077")
    made = approved(asking, approving)
    rows = sheet_of(made, asking)
    assert "沈维钧" in rows[0][0]
    assert made.number in rows[0][0]
    assert "请勿外传" in rows[0][0]
    assert len(rows) > 3
    for row in rows[2:]:
        assert row[-1] == f"{made.number} {asking.username}"
    text = str(rows)
    assert NUMBER not in text
    assert "140***********0010" in text
    assert "139****0077" in text
    assert not Reveal.objects.exists()
    kept = ExportRequest.objects.get(pk=made.pk)
    assert (kept.state, kept.row_count) == (ExportState.FETCHED, len(rows) - 2)


def test_on_paper_every_page_says_it(asking: User, approving: User) -> None:
    made = approved(asking, approving)
    with fetch(made.pk, asking) as opened:
        sheet = load_workbook(BytesIO(opened.read())).worksheets[0]
    assert made.number in sheet.oddHeader.center.text
    assert made.number in sheet.oddFooter.center.text


def test_whole_numbers_are_a_look_at_them(asking: User, approving: User) -> None:
    make_person("欧阳明", identity_number=NUMBER)
    made = approved(asking, approving, whole_numbers=True)
    assert NUMBER in str(sheet_of(made, asking))
    row = Reveal.objects.get()
    assert (row.field, row.reason, row.user) == ("export:people", REASON, asking)


def test_a_file_is_handed_out_once_and_to_nobody_else(asking: User, approving: User) -> None:
    other = make_user("system_administrator")
    made = approved(asking, approving)
    for stranger in (other, approving):
        with pytest.raises(ExportRefused):
            fetch(made.pk, stranger)
    fetch(made.pk, asking).close()
    with pytest.raises(ExportRefused):
        fetch(made.pk, asking)


def test_without_an_approval_nothing_is_handed_out(asking: User, approving: User) -> None:
    waiting = request_export("people", asking, REASON)
    with pytest.raises(ExportRefused):
        fetch(waiting.pk, asking)
    decide(waiting.pk, approving, approve=False, note="不需要")
    with pytest.raises(ExportRefused):
        fetch(waiting.pk, asking)


def test_an_approval_does_not_last(asking: User, approving: User) -> None:
    made = approved(asking, approving)
    assert made.expires_at is not None
    with pytest.raises(ExportRefused, match="过期"):
        fetch(made.pk, asking, now=made.expires_at)
    fetch(made.pk, asking, now=made.expires_at - datetime.timedelta(seconds=1)).close()


def test_who_lost_the_role_fetches_nothing(asking: User, approving: User) -> None:
    made = approved(asking, approving)
    assert asking.person is not None
    asking.person.roles.all().delete()
    with pytest.raises(ExportRefused):
        fetch(made.pk, User.objects.get(pk=asking.pk))


def test_nobody_approves_for_themselves(asking: User, approving: User) -> None:
    made = request_export("people", asking, REASON)
    # Even somebody with both roles, which the role table forbids.
    assert asking.person is not None
    assert asking.person.unit is not None
    asking.person.roles.create(role_code="security_administrator", unit=asking.person.unit)
    both = User.objects.get(pk=asking.pk)
    superuser = make_user(is_superuser=True)
    for user in (both, superuser, make_user("party_approver")):
        with pytest.raises(NotYourDecision):
            decide(made.pk, user, approve=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=made.pk).update(state="approved", decided_by=asking)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=made.pk).update(state="approved")
    assert decide(made.pk, approving, approve=True).state == ExportState.APPROVED


def test_of_two_decisions_the_second_is_told_who_was_first(asking: User, approving: User) -> None:
    made = approved(asking, approving)
    with pytest.raises(ExportRefused, match="杜文渊"):
        decide(made.pk, make_user("security_administrator"), approve=False)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_at_once_one_file_is_handed_out(asking: User, approving: User) -> None:
    made = approved(asking, approving)
    results = together(*[lambda: fetch(made.pk, asking).close()] * 3)
    assert [type(error) for error in failures(results)] == [ExportRefused] * 2


# ---- Pages


def test_exactly_these_roles_have_to_do_with_exports(asking: User) -> None:
    made = request_export("people", asking, REASON)
    lists, details = [], []
    asks: dict[str, set[str]] = {}
    for code in ROLES:
        client = signed_in(make_user(code))
        response = client.get(reverse(LIST))
        if response.status_code == 200:
            lists.append(code)
            if offered := response.context["offered"]:
                asks[code] = {export.code for export in offered}
        if client.get(made.get_absolute_url()).status_code == 200:
            details.append(code)
        before = ExportRequest.objects.count()
        client.post(reverse(LIST), {"kind": "people", "reason": REASON})
        asked = ExportRequest.objects.count() > before
        assert asked == ("people" in asks.get(code, ()))
    audit = ["discipline_auditor", "audit_administrator"]
    assert sorted(lists) == sorted([*audit, "security_administrator", *asks])
    assert sorted(details) == sorted([*audit, "security_administrator"])
    assert asks == {
        "system_administrator": {"people"},
        "veterans_officer": {"beneficiaries"},
        "finance_payer": {"support-payments"},
        "party_staff": {"members"},
    }
    assert signed_in(make_user(is_superuser=True)).get(reverse(LIST)).status_code == 404


def test_the_way_through_the_pages(asking: User, approving: User) -> None:
    client = signed_in(asking)
    refused = client.post(reverse(LIST), {"kind": "people", "reason": "x"})
    assert refused.status_code == 422
    assert "请写明" in refused.content.decode()
    client.post(reverse(LIST), {"kind": "people", "reason": REASON, "whole_numbers": "on"})
    made = ExportRequest.objects.get()
    task = waiting_exports(approving)
    assert task is not None
    assert (task.count, task.tasks[0].url) == (1, made.get_absolute_url())
    assert waiting_exports(asking) is None
    own = client.get(made.get_absolute_url())
    assert own.context["form"] is None
    assert client.post(made.get_absolute_url(), {"decision": "approve"}).status_code == 403
    second = signed_in(approving)
    page = second.get(made.get_absolute_url()).content.decode()
    assert REASON in page
    incomplete = second.post(made.get_absolute_url(), {"decision": "refuse", "note": ""})
    assert incomplete.status_code == 422
    second.post(made.get_absolute_url(), {"decision": "approve", "note": "同意"})
    assert "领取" in client.get(made.get_absolute_url()).content.decode()
    assert second.post(reverse("data_export_fetch", args=[made.pk])).status_code == 409
    response = client.post(reverse("data_export_fetch", args=[made.pk]))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert client.get(reverse("data_export_fetch", args=[made.pk])).status_code == 405
    again = client.post(reverse("data_export_fetch", args=[made.pk]))
    assert again.status_code == 409
    assert "已经领取" in again.content.decode()


def test_the_list_costs_the_same_for_every_length(asking: User, approving: User) -> None:
    client = signed_in(approving)
    client.get(reverse(LIST))
    costs = []
    for _number in range(2):
        for _row in range(15):
            approved(asking, approving)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse(LIST))
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert len(response.context["page_obj"]) == 20


def test_the_register_of_people_is_read_with_few_queries(asking: User, approving: User) -> None:
    costs = []
    for _number in range(2):
        for _row in range(10):
            make_person()
        made = approved(asking, approving)
        with CaptureQueriesContext(connection) as queries:
            fetch(made.pk, asking, now=timezone.now()).close()
        costs.append(len(queries))
    assert costs[0] == costs[1]
