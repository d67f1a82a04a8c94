"""The pages of the pool: who sees which items, what a page costs, what mistakes lead to."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.archives.models import IssuedCode, PoolItem, RecordState
from portal.organizations.models import Unit
from tests.archives.test_pool import EVERY_ROLE, ROLES_OF_A_UNIT
from tests.factories.archives import bare_item
from tests.factories.organizations import company, make_branch
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

POOL = "/archives/pool/"


@pytest.fixture
def branch() -> Unit:
    """A branch."""
    return make_branch("采煤一队党支部")


def signed_in(client: Client, code: str, branch: Unit) -> Any:
    """Sign in an account with one role, in the branch where the role counts in units."""
    user = make_user(code, unit=branch if code in ROLES_OF_A_UNIT else company())
    client.force_login(user)
    return user


def titles(response: Any) -> set[str]:
    """Return the titles a list shows."""
    return {item.record.title for item in response.context["page_obj"]}


@pytest.mark.parametrize("code", EVERY_ROLE)
def test_the_exact_visible_set(code: str, client: Client, branch: Unit) -> None:
    """The office sees everything it may read, a unit its own, everybody else is refused."""
    other = make_branch()
    bare_item(branch, title="本支部的")
    bare_item(branch, title="本支部退回的", state=RecordState.RETURNED)
    bare_item(branch, title="本支部受控的", access_level="controlled")
    bare_item(other, title="别的支部的")
    signed_in(client, code, branch)
    if code in {"archivist", "discipline_auditor"}:
        shown = titles(client.get(POOL, {"list": "waiting"}))
        assert {"本支部的", "本支部受控的", "别的支部的"} == shown
        assert titles(client.get(POOL, {"list": "returned"})) == {"本支部退回的"}
    elif code in {"part_time_archivist", "organization_member"}:
        assert titles(client.get(POOL, {"list": "waiting"})) == {"本支部的"}
        assert titles(client.get(POOL)) == {"本支部退回的"}
    else:
        for address in (POOL, "/archives/scope/"):
            assert client.get(address).status_code == 403
    if code not in {"archivist", "discipline_auditor"}:
        for address in ("/archives/pool/stalled/", "/archives/codes/"):
            assert client.get(address).status_code == 403


@pytest.mark.parametrize("code", EVERY_ROLE)
def test_no_other_role_posts_a_decision(code: str, client: Client, branch: Unit) -> None:
    """Every address that changes something, as every role but the archivist."""
    if code == "archivist":
        return
    item = bare_item(branch, title="待接收的")
    signed_in(client, code, branch)
    for action, data in {
        "accept": {},
        "return": {"reason": "class", "remark": "类别不符"},
        "void": {"reason": "无"},
        "bring-in": {"archive_class": "DQ02", "period": "Y", "reason": "无"},
        "correct": {"archive_class": "DQ02", "period": "Y", "unit": branch.pk},
        "answer": {"words": "已改"},
    }.items():
        response = client.post(f"{POOL}{item.pk}/{action}/", data)
        assert response.status_code in (403, 404, 409, 422), action
    client.post(f"{POOL}batch/", {"record": [item.pk], "action": "accept", "confirmed": "yes"})
    item.record.refresh_from_db()
    item.refresh_from_db()
    assert item.record.state == RecordState.POOL
    assert (item.period, item.corrected) == ("D30", False)
    assert not IssuedCode.objects.exists()


def test_a_list_costs_the_same_with_many_items(
    client: Client, branch: Unit, django_assert_max_num_queries: Any
) -> None:
    """Twenty a page, with equal query counts at one page and at several."""
    signed_in(client, "archivist", branch)
    for number in range(20):
        bare_item(branch, title=f"第{number}次学习")
    client.get(POOL)
    with django_assert_max_num_queries(60) as few:
        client.get(POOL)
    for number in range(25):
        bare_item(make_branch() if number % 5 == 0 else branch, title=f"第{number}次党课")
    with django_assert_max_num_queries(60) as many:
        response = client.get(POOL)
    assert len(many) == len(few)
    assert len(response.context["page_obj"]) == 20


def test_a_batch_shows_first_what_will_happen(client: Client, branch: Unit) -> None:
    """Nothing is decided before the confirmation; what is not ready stays and is named."""
    signed_in(client, "archivist", branch)
    ready = [bare_item(branch, title=f"第{number}次主题党日") for number in range(3)]
    unready = bare_item(branch, title="缺期限的", period="")
    keys = [item.pk for item in [*ready, unready]]
    shown = client.post(f"{POOL}batch/", {"record": keys, "action": "accept"})
    assert shown.context["ready"] == 3
    assert "缺少保管期限" in shown.content.decode()
    assert not IssuedCode.objects.exists()

    done = client.post(
        f"{POOL}batch/", {"record": keys, "action": "accept", "confirmed": "yes"}, follow=True
    )
    page = done.content.decode()
    assert "已接收3件" in page
    assert "缺期限的" in page
    numbers = IssuedCode.objects.values_list("item_number", flat=True)
    assert sorted(numbers) == [1, 2, 3]
    unready.record.refresh_from_db()
    assert unready.record.state == RecordState.POOL


def test_a_batch_return_needs_its_reason(client: Client, branch: Unit) -> None:
    """Without one the page comes back with the items still there."""
    signed_in(client, "archivist", branch)
    keys = [bare_item(branch, title=f"第{number}次活动").pk for number in range(2)]
    data = {
        "record": keys,
        "action": "return",
        "confirmed": "yes",
        "reason": "",
        "remark": "缺签到表",
    }
    refused = client.post(f"{POOL}batch/", data)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "缺签到表" in page
    assert str(keys[0]) in page
    client.post(f"{POOL}batch/", {**data, "reason": "attachment"})
    assert PoolItem.objects.filter(record__state=RecordState.RETURNED).count() == 2


def test_nothing_ticked_and_forged_values(client: Client, branch: Unit) -> None:
    """A sentence, not an error page."""
    signed_in(client, "archivist", branch)
    for data in ({}, {"record": ["x", ""]}, {"record": "0" * 40, "action": "return"}):
        response = client.post(f"{POOL}batch/", data, follow=True)
        assert response.status_code == 200
        assert "请先勾选" in response.content.decode()


def test_a_form_with_a_mistake_keeps_what_was_typed(client: Client, branch: Unit) -> None:
    """Beside the field, with status 422, on the same page."""
    signed_in(client, "archivist", branch)
    item = bare_item(branch, title="待接收的")
    response = client.post(f"{POOL}{item.pk}/return/", {"reason": "", "remark": "请补签到表"})
    assert response.status_code == 422
    assert "请补签到表" in response.content.decode()
    response = client.post(
        f"{POOL}{item.pk}/correct/", {"archive_class": "XX", "period": "Z9", "unit": "0"}
    )
    assert response.status_code == 422


def test_the_second_of_two_windows_is_told(client: Client, branch: Unit) -> None:
    """409 with the state the item has now."""
    signed_in(client, "archivist", branch)
    item = bare_item(branch, title="待接收的")
    client.post(f"{POOL}{item.pk}/accept/")
    response = client.post(f"{POOL}{item.pk}/accept/")
    assert response.status_code == 409
    assert "已入库" in response.content.decode()


def test_stalled_items_have_a_supervision_sheet(client: Client, branch: Unit) -> None:
    """By unit, as PDF; a part-time archivist gets the one of the own unit only."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    bare_item(branch, title="逾期的主题党日", due_on=yesterday)
    other = make_branch()
    bare_item(other, title="别处逾期的", due_on=yesterday)
    signed_in(client, "archivist", branch)
    page = client.get("/archives/pool/stalled/").content.decode()
    assert "逾期的主题党日" in page
    sheet = client.get(reverse("archive_supervision_sheet", args=[branch.code]))
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF")
    assert client.get(reverse("archive_supervision_sheet", args=["NONE"])).status_code == 404
    signed_in(client, "part_time_archivist", branch)
    assert client.get(reverse("archive_supervision_sheet", args=[branch.code])).status_code == 200
    assert client.get(reverse("archive_supervision_sheet", args=[other.code])).status_code == 403


def test_the_workspace_shows_what_waits(client: Client, branch: Unit) -> None:
    """The archivist's items to accept, the unit's items to put right, nothing for others."""
    bare_item(branch, title="待接收的党课")
    bare_item(branch, title="退回的党课", state=RecordState.RETURNED, return_reason="period")
    signed_in(client, "archivist", branch)
    page = client.get("/workspace/").content.decode()
    assert "待接收的党课" in page
    assert "退回的党课" not in page
    signed_in(client, "part_time_archivist", branch)
    page = client.get("/workspace/").content.decode()
    assert "退回的党课" in page
    assert "待接收的党课" not in page
    signed_in(client, "employee", branch)
    page = client.get("/workspace/").content.decode()
    assert "待接收的归档材料" not in page
    assert "待更正的归档材料" not in page
