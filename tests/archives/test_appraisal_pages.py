"""The pages of the appraisal: queue, holds, lists, and who may take which step."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.archives.models import (
    AccessLevel,
    DestructionList,
    DestructionState,
    LegalHold,
    Record,
    RecordState,
)
from portal.workspace.tasks import task_lists
from tests.factories.appraisal import (
    EXPIRED_BY,
    accepted_records,
    approved_list,
    branch_with_page,
    executed_list,
    people_of_a_list,
)
from tests.factories.archives import bare_record
from tests.factories.organizations import make_branch
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def people() -> dict[str, Any]:
    """The four people of a destruction, signed in where it matters."""
    return people_of_a_list()


@pytest.fixture
def expired(tmp_path, settings, time_machine) -> list[Record]:
    """Two records whose period has ended."""
    settings.ARCHIVE_ROOT, settings.LEDGER_HEAD_DIR = tmp_path / "archive", tmp_path / "heads"
    found = accepted_records(branch_with_page(), "雨季三防主题党日", "矿区清扫主题党日")
    time_machine.move_to(EXPIRED_BY)
    return found


def test_from_the_queue_to_a_destroyed_record(expired, people):
    archivist, approver = client_of(people["archivist"]), client_of(people["approver"])
    page = archivist.get(reverse("archive_appraisal"))
    assert expired[0].title in page.content.decode()
    chosen = {"record": [str(expired[0].pk)], "action": "destroy"}
    confirm = archivist.post(reverse("archive_appraisal_decide"), chosen)
    assert confirm.status_code == 200
    assert not DestructionList.objects.exists()
    archivist.post(
        reverse("archive_appraisal_decide"), {**chosen, "confirmed": "yes", "basis": "鉴定纪要1号"}
    )
    found = DestructionList.objects.get()

    def step(client: Client, name: str, **data: str) -> int:
        address = reverse("archive_destruction_step", args=[found.pk, name])
        status = client.get(address).status_code
        return client.post(address, data).status_code if status == 200 else status

    numbers = {name: people[name].username for name in ("first", "second")}
    assert step(archivist, "propose", first="999999", second="") == 422
    assert step(archivist, "propose", **numbers) == 302
    assert step(archivist, "approve") == 409
    assert step(approver, "approve") == 302
    assert step(client_of(people["first"]), "sign") == 302
    assert step(client_of(people["first"]), "sign") == 409
    assert step(client_of(people["second"]), "sign") == 302
    found.refresh_from_db()
    assert found.state == DestructionState.EXECUTED
    shown = archivist.get(expired[0].get_absolute_url())
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "已销毁" in text
    assert found.number in text
    document = archivist.get(reverse("archive_destruction_document", args=[found.pk]))
    assert document.content.startswith(b"%PDF")


def test_the_pages_of_a_destroyed_record_still_answer(expired, people):
    executed_list(people, expired[0])
    client, key = client_of(people["archivist"]), expired[0].pk
    for name in ("archive_record", "archive_inspection", "archive_receipt", "archive_as_of"):
        arguments = [] if name == "archive_as_of" else [key]
        query = {"record": str(key), "date": "2057-01-01"} if name == "archive_as_of" else {}
        status = client.get(reverse(name, args=arguments), query).status_code
        assert status in (200, 404, 409, 422), name


def test_what_is_held_shows_in_its_own_list_and_can_be_lifted(expired, people):
    client = client_of(people["archivist"])
    address = f"{reverse('archive_hold_add')}?record={expired[0].pk}"
    assert client.get(address).status_code == 200
    client.post(address, {"reason": "诉讼保全"})
    hold = LegalHold.objects.get()
    assert hold.record == expired[0]
    queue = reverse("archive_appraisal")
    assert expired[0].title not in client.get(queue).content.decode()
    assert expired[0].title in client.get(queue, {"list": "held"}).content.decode()
    chosen = {"record": [str(expired[0].pk)], "action": "destroy", "confirmed": "yes", "basis": "x"}
    refused = client.post(reverse("archive_appraisal_decide"), chosen)
    assert refused.status_code == 422
    assert "诉讼保全" in refused.content.decode()
    client.post(hold.get_absolute_url(), {"reason": "案件终结"})
    assert expired[0].title in client.get(queue).content.decode()


def test_a_hold_over_everything_is_refused(people):
    client = client_of(people["archivist"])
    answer = client.post(reverse("archive_hold_add"), {"reason": "全部冻结"})
    assert answer.status_code == 422
    assert "全部冻结" in answer.content.decode()
    assert not LegalHold.objects.exists()


def test_kept_longer_opened_and_controlled(expired, people):
    client, address = client_of(people["archivist"]), reverse("archive_appraisal_decide")
    one = {"record": [str(expired[0].pk)], "confirmed": "yes", "reason": "编史修志需要"}
    wrong = client.post(address, {**one, "action": "keep", "until_year": "1999"})
    assert wrong.status_code == 422
    client.post(address, {**one, "action": "keep", "until_year": "2070"})
    client.post(address, {**one, "action": "open"})
    expired[0].refresh_from_db()
    assert str(expired[0].expires_on) == "2070-12-31"
    assert expired[0].access_level == AccessLevel.OPEN
    client.post(address, {**one, "action": "control"})
    expired[0].refresh_from_db()
    assert expired[0].access_level == AccessLevel.CONTROLLED
    assert list(expired[0].appraisals.values_list("decision", flat=True)) == [
        *("control", "open", "keep"),
    ]


def test_who_may_see_what(expired, people):
    found = approved_list(people, expired[0])
    allowed = {
        "archive_appraisal": {"archivist", "discipline_auditor"},
        "archive_holds": {"archivist", "discipline_auditor"},
        "archive_destruction_lists": {"archivist", "discipline_auditor", "party_approver"},
    }
    for role in ("archivist", "discipline_auditor", "party_approver", "union_staff", "employee"):
        client = client_of(make_user(role))
        for name, roles in allowed.items():
            assert (client.get(reverse(name)).status_code == 200) == (role in roles), (role, name)
    witness, stranger = client_of(people["second"]), client_of(make_user("party_staff"))
    assert witness.get(found.get_absolute_url()).status_code == 200
    assert stranger.get(found.get_absolute_url()).status_code == 404
    assert (
        client_of(make_user("discipline_auditor"))
        .post(
            reverse("archive_appraisal_decide"),
            {"record": [str(expired[1].pk)], "action": "destroy", "confirmed": "yes", "basis": "x"},
        )
        .status_code
        == 403
    )


def test_the_list_is_a_task_of_the_witness(expired, people):
    found = approved_list(people, expired[0])
    found_lists = task_lists(people["second"])
    assert found.number in {task.title for one in found_lists for task in one.tasks}


def test_the_queue_asks_as_often_for_200_records_as_for_20(people):
    unit = make_branch()

    def add(first: int, last: int) -> None:
        for number in range(first, last):
            bare_record(
                unit=unit,
                state=RecordState.ACCEPTED,
                title=f"第{number}次学习",
                period="D10",
                archive_code=f"Q001-WS·1999-D10-DQ02-{number:04}",
                expires_on="2009-12-31",
            )

    def queries() -> int:
        client = client_of(people["archivist"])
        client.get(reverse("archive_appraisal"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("archive_appraisal")).status_code == 200
        return len(captured)

    add(0, 20)
    few = queries()
    add(20, 200)
    assert queries() == few
