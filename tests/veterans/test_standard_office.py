"""The office of standards: who sees it, what each may do, and what is said when not."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.roles.table import ROLES
from portal.workspace.tasks import task_lists
from tests.factories.people import make_user
from tests.factories.roles import make_assignment
from tests.factories.standards import (
    HOUSING_2025,
    draft,
    housing,
    officer,
    published,
    publisher,
    standard_page,
)
from veterans.models import ItemVersion, SupportItem, SupportStandardPage
from veterans.standards.difference import changes
from veterans.standards.services import copy_version, edited, propose

pytestmark = pytest.mark.django_db
WRITER, PUBLISHERS = "veterans_officer", ("party_approver", "union_chair")


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-22 10:00+08:00")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def address(name, version):
    return reverse(f"support_standard{name}", args=[version.pk])


def everybody():
    for role in ROLES:
        user = make_user()
        make_assignment(user, role)
        yield role, type(user).objects.get(pk=user.pk)


# ---- Who, and not more


def test_exactly_writers_and_publishers_enter():
    version = draft()
    pages = [
        reverse("support_standards"),
        address("", version),
        address("_difference", version),
        address("_sheet", version),
    ]
    for role, user in everybody():
        client = signed_in(user)
        expected = 200 if role in (WRITER, *PUBLISHERS) else 403
        assert {client.get(page).status_code for page in pages} == {expected}, role
    assert {Client().get(page).status_code for page in pages} == {302}


def test_exactly_the_writer_edits_in_the_admin():
    version = draft()
    pages = [
        reverse("support-items:index"),
        reverse("support-items:add"),
        reverse("support-items:edit", args=[housing().pk]),
        reverse("support-standards:index"),
        reverse("support-standards:add"),
        reverse("support-standards:edit", args=[version.pk]),
        reverse("support-standards:delete", args=[version.pk]),
    ]
    for role, user in everybody():
        client = signed_in(user)
        answers = {client.get(page).status_code for page in pages}
        assert answers == {200} if role == WRITER else answers <= {302, 403}, role


def test_nobody_deletes_an_item_or_a_published_version():
    version = published()
    client = signed_in(officer())
    assert client.post(reverse("support-items:delete", args=[version.item_id])).status_code in (
        302,
        403,
    )
    for page in ("edit", "delete"):
        response = client.post(reverse(f"support-standards:{page}", args=[version.pk]), {})
        assert response.status_code in (302, 403, 409)
    assert SupportItem.objects.exists()
    assert ItemVersion.objects.filter(pk=version.pk, status="published").exists()


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("_propose", {}),
        ("_publish", {"seen": "x"}),
        ("_return", {"reason": "理由"}),
        ("_copy", {"effective_from": "2027-01-01"}),
        ("_take_sheet", {}),
        ("_page", {}),
    ],
)
def test_every_action_is_for_its_role_only(action, data):
    version = draft()
    if action in ("_publish", "_return"):
        propose(version.pk, officer())
    allowed = {
        "_publish": set(PUBLISHERS),
        "_return": set(PUBLISHERS),
    }.get(action, {WRITER})
    before = ItemVersion.objects.values_list("pk", "status", "return_reason").order_by("pk")
    state = list(before)
    for role, user in everybody():
        if role in allowed:
            continue
        response = signed_in(user).post(address(action, version), data)
        assert response.status_code in (403, 422), role
        assert list(before.all()) == state
        assert signed_in(user).get(address(action, version)).status_code in (403, 405)


# ---- The way of a version


def test_from_copy_to_publication_by_two_people():
    old = published()
    client = signed_in(officer())
    response = client.post(address("_copy", old), {"effective_from": "2027-01-01"})
    new = ItemVersion.objects.latest("pk")
    assert response["Location"] == address("", new)
    assert new.effective_from == datetime.date(2027, 1, 1)
    client.post(address("_propose", new))
    second = signed_in(publisher())
    page = second.get(address("", new))
    seen = re.search(r'name="seen" value="(\w{64})"', page.content.decode())
    assert seen
    second.post(address("_publish", new), {"seen": seen[1]})
    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.status, old.effective_to) == ("published", datetime.date(2026, 12, 31))


def test_a_publisher_who_looked_at_something_else_is_told():
    version = draft()
    propose(version.pk, officer())
    response = signed_in(publisher()).post(address("_publish", version), {"seen": "0" * 64})
    assert response.status_code == 409
    assert "您看过之后这一版又改了" in words(response)
    version.refresh_from_db()
    assert version.status == "proposed"


def test_what_is_missing_is_said_and_nothing_changes():
    version = draft()
    version.materials.all().delete()
    response = signed_in(officer()).post(address("_propose", version))
    assert response.status_code == 422
    assert "“申请材料”还没有填" in words(response)


def test_a_return_without_a_reason_keeps_the_page():
    version = draft()
    propose(version.pk, officer())
    response = signed_in(publisher()).post(address("_return", version), {"reason": ""})
    assert response.status_code == 422
    assert "请写明退回原因" in words(response)
    signed_in(publisher()).post(address("_return", version), {"reason": "金额与文件不一致"})
    assert "退回原因：金额与文件不一致" in words(signed_in(officer()).get(address("", version)))


def test_the_difference_names_each_row():
    old = published(HOUSING_2025, effective_to=datetime.date(2025, 12, 31))
    new = published()
    found = {(one.what, one.kind) for one in changes(old.standard, new.standard)}
    assert ("退役军人职工", "changed") in found
    assert ("不动产权证书", "added") in found
    assert ("自有住房人均不超过15平方米的，按住房困难对待", "added") in found
    assert not any(what == "身份证" for what, _kind in found)
    text = words(signed_in(officer()).get(address("_difference", new)))
    assert "700元" in text
    assert "800元" in text


def test_a_workbook_with_faults_names_them_and_changes_nothing():
    version = draft()
    client = signed_in(officer())
    book = b"".join(client.get(address("_sheet", version)).streaming_content)
    upload = SimpleUploadedFile("a.xlsx", book)
    response = client.post(address("_take_sheet", version), {"sheet": upload})
    assert response.status_code == 302
    broken = SimpleUploadedFile("a.xlsx", b"not a workbook")
    response = client.post(address("_take_sheet", version), {"sheet": broken})
    assert response.status_code == 422
    assert "文件不是Excel工作簿" in words(response)
    assert version.amounts.count() == 5


def test_a_published_version_takes_no_workbook():
    version = published()
    client = signed_in(officer())
    book = b"".join(client.get(address("_sheet", version)).streaming_content)
    response = client.post(
        address("_take_sheet", version), {"sheet": SimpleUploadedFile("a.xlsx", book)}
    )
    assert response.status_code == 409
    assert "已经发布，不能改" in words(response)


def test_the_page_is_written_as_a_draft_and_a_live_page_stays():
    version = published()
    client = signed_in(officer())
    client.post(address("_page", version))
    page = SupportStandardPage.objects.get()
    assert not page.live
    page.get_latest_revision().publish(user=publisher(), skip_permission_checks=True)
    new = copy_version(version.pk, officer(), datetime.date(2026, 11, 22))
    response = client.post(address("_page", new))
    assert response.status_code == 409
    assert SupportStandardPage.objects.get().version_id == version.pk


# ---- The editor


def form_of(client, version):
    """Return what the editor would post for a version, unchanged."""
    page = client.get(reverse("support-standards:edit", args=[version.pk]))
    form = page.context["form"]
    data = {}
    for part in [form, *form.formsets.values()]:
        forms = [part] if part is form else [part.management_form, *part.forms]
        for one in forms:
            for field in one:
                value = field.value()
                if value is not None and value is not False:
                    data[field.html_name] = "on" if value is True else value
    return data


def test_the_editor_saves_a_draft_and_takes_a_proposal_back():
    version = draft()
    propose(version.pk, officer())
    client = signed_in(officer())
    data = form_of(client, version)
    data["amounts-0-amount"] = "850"
    response = client.post(reverse("support-standards:edit", args=[version.pk]), data)
    if response.status_code != 302:
        form = response.context["form"]
        pytest.fail(str([form.errors, *(part.errors for part in form.formsets.values())]))
    version.refresh_from_db()
    assert version.status == "draft"
    assert str(version.amounts.get(label="退役军人职工").amount) == "850.00"


def test_the_editor_says_what_is_wrong_at_its_field():
    version = draft()
    client = signed_in(officer())
    data = form_of(client, version) | {"rules-0-value": "V12", "amounts-0-categories": "V0"}
    response = client.post(reverse("support-standards:edit", args=[version.pk]), data)
    assert response.status_code == 200
    text = words(response)
    assert "请在列出的选项里选一个" in text
    assert "“V0”不是人员类别" in text
    assert version.rules.first().value != "V12"


def test_a_new_item_is_made_in_the_admin():
    client = signed_in(officer())
    response = client.post(
        reverse("support-items:add"),
        {
            "code": "medical",
            "name": "医疗补助",
            "category": "medical",
            "unit": housing().unit_id,
            "summary": "",
            "order": "20",
            "is_offered": "on",
        },
    )
    assert response.status_code == 302
    assert SupportItem.objects.filter(code="medical").exists()


# ---- Tasks and lists


def test_tasks_of_writer_and_publisher():
    first, second = draft(), draft(HOUSING_2025)
    propose(second.pk, officer())

    def tasks(user):
        found = {str(one.title): one for one in task_lists(type(user).objects.get(pk=user.pk))}
        return {title: one.count for title, one in found.items() if "标准" in title}

    assert tasks(officer()) == {"标准草稿": 1}
    assert tasks(publisher()) == {"待发布的标准": 1}
    edited(first, officer())
    stranger = make_user()
    make_assignment(stranger, "union_staff")
    assert tasks(stranger) == {}


def test_the_list_costs_as_many_queries_with_many_versions():
    client = signed_in(officer())
    counts = []
    version = draft()
    for copies in (1, 25):
        for _number in range(copies):
            copy_version(version.pk, officer(), datetime.date(2027, 1, 1))
        client.get(reverse("support_standards"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("support_standards")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_office_page_names_the_page_that_speaks_of_another_version():
    old = published()
    standard_page(old)
    new = copy_version(old.pk, officer(), datetime.date(2026, 11, 22))
    assert "页面还是另一版的内容" in words(signed_in(officer()).get(address("", new)))
