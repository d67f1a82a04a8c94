"""The public page of a standard and the self-check: complete, archived, plain, kept nowhere."""

from __future__ import annotations

import datetime
import re

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.archives.models import Record
from portal.pages.models import Publication
from portal.publishing import queue
from portal.publishing.refusals import OwnWork
from tests.factories.pages import approve, submit
from tests.factories.standards import (
    HOUSING_2025,
    WIDOW,
    draft,
    housing,
    officer,
    published,
    publisher,
    standard_page,
)
from veterans.models import ItemVersion, SupportStandardPage
from veterans.standards.reading import from_rows
from veterans.standards.services import copy_version, edited, propose, publish_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-22 10:00+08:00")


def words(response):
    text = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def check_address():
    return reverse("support_self_check", args=["housing"])


def ask(client, seen=None, **answers):
    known = answers | {"seen": list(seen) if seen is not None else list(WIDOW) + list(answers)}
    return client.post(check_address(), known)


# ---- The page


def test_everybody_reads_the_whole_standard():
    page = standard_page(published())
    queue.flush()
    response = Client().get(page.url)
    assert response.status_code == 200
    text = words(response)
    for wanted in (
        "1,500元",
        "按月发，共12个月",
        "每年18,000元",
        "第二条附表",
        "免提交",
        "岚川市无房证明",
        "20个工作日",
        "参照行政许可法第四十二条",
        "《军人抚恤优待条例》第五十一条",
        "家里人可以替您办",
        "我能申请吗",
    ):
        assert wanted in text, wanted
    assert 'href="tel:00001235"' in response.content.decode()


def test_the_record_holds_the_whole_standard():
    """The archive keeps the text of the standard, not a key into a table."""
    page = standard_page(published())
    queue.flush()
    record = Record.objects.get(source_id=str(page.pk))
    assert record.kind == "support-standard"
    body = str(page.body.raw_data)
    for wanted in ("1,500元", "免提交", "租赁合同", "20个工作日", "第一条第二款"):
        assert wanted in body, wanted
    assert Publication.objects.get(page_id=page.pk).reference == "沁岚党发〔2026〕7号"


def test_the_body_follows_the_version_and_nobody_types_over_it():
    version = published()
    page = standard_page(version, live=False)
    before = list(page.body.raw_data)
    page.body = "[]"  # type: ignore[assignment]
    page.save()
    page.refresh_from_db()
    # As values: PostgreSQL keeps the parts of a block in an order of its own.
    assert list(page.body.raw_data) == before
    assert "body" not in SupportStandardPage.get_edit_handler().get_form_class().base_fields


def test_a_page_speaks_of_a_published_version_and_each_item_has_one_page():
    with pytest.raises(ValidationError, match="还没有发布"):
        standard_page(draft())
    version = published()
    standard_page(version, live=False)
    second = SupportStandardPage(title="又一页", version=version)
    with pytest.raises(ValidationError, match="已经有标准页"):
        second.clean()


def test_the_page_goes_live_by_two_people_and_not_by_one():
    page = standard_page(published(), live=False)
    state = submit(page, officer())
    with pytest.raises(OwnWork):
        approve(state, officer())
    approve(state, publisher())
    page.refresh_from_db()
    assert page.live


def test_a_page_of_an_ended_standard_says_so_and_offers_no_application():
    page = standard_page(published(HOUSING_2025, effective_to=datetime.date(2025, 12, 31)))
    text = words(Client().get(page.url))
    assert "已失效" in text
    assert "我能申请吗" not in text


def test_the_front_page_of_the_section_has_a_door_to_each_item(django_assert_max_num_queries):
    page = standard_page(published())
    queue.flush()
    with django_assert_max_num_queries(25):
        response = Client().get("/veterans/")
    assert "可以申请的项目" in words(response)
    assert f'href="{page.url}"' in response.content.decode()


def test_the_page_costs_as_many_queries_with_few_rows_as_with_many(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    small = published(HOUSING_2025, effective_to=datetime.date(2025, 12, 31))
    page = standard_page(small)
    queue.flush()
    Client().get(page.url)
    counts = []
    for version in (small, published()):
        SupportStandardPage.objects.filter(pk=page.pk).update(version=version)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert Client().get(page.url + "?x=1").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


# ---- Can I apply?


def test_the_self_check_says_who_fits_how_much_and_what_to_bring():
    published()
    response = ask(Client(), **WIDOW)
    text = words(response)
    assert response.status_code == 200
    assert "符合条件，可以申请" in text
    assert "每月大约 1,500元 ，发12次，合计18,000元" in text
    assert "烈士证明书" in text
    assert "残疾军人证" not in text.split("您要带的材料")[1].split("改一改答案")[0]
    assert response["Cache-Control"].find("no-store") >= 0


def test_the_reason_is_said_when_somebody_does_not_fit():
    published()
    text = words(ask(Client(), **WIDOW | {"category": "V8"}))
    assert "目前不符合条件" in text
    assert "您选的人员类别不在其中" in text
    assert "大约发多少钱" not in text


def test_what_is_unsure_is_for_a_person():
    published()
    text = words(ask(Client(), **WIDOW | {"spouse_receives": "unsure"}))
    assert "需要人工核对" in text
    assert "“您的配偶已经在领这项补贴吗”没有填写，由服务站核对。" in text


def test_new_questions_appear_after_the_answers_that_call_for_them():
    published()
    client = Client()
    first = client.get(check_address())
    shown = re.findall(r'name="seen" value="(\w+)"', first.content.decode())
    assert shown == [
        "category",
        "employment",
        "housing_status",
        "spouse_receives",
        "by_agent",
        "is_minor",
    ]
    answers = WIDOW | {"category": "V2", "housing_status": "own-home"}
    second = ask(client, seen=shown, **answers)
    assert "还有3个问题" in words(second)
    assert "目前" not in words(second)
    third = ask(
        client,
        seen=re.findall(r'name="seen" value="(\w+)"', second.content.decode()),
        **answers | {"disability_level": "３", "area": "60", "household_size": "4"},
    )
    assert "需要人工核对" in words(third)
    assert "每月大约 1,200元" in words(third)


def test_what_cannot_be_read_is_said_at_its_field_and_stays():
    published()
    answers = WIDOW | {"category": "V2", "disability_level": "三级"}
    response = ask(Client(), **answers)
    assert response.status_code == 422
    assert "“三级”不是数字" in words(response)
    assert 'value="三级"' in response.content.decode()
    nothing = Client().post(check_address(), {"seen": list(WIDOW)})
    assert nothing.status_code == 422
    assert "请先回答这个问题" in words(nothing)


def test_nothing_is_stored():
    """No row of any table, no session, no cookie but the one against forgery."""
    published()

    def sizes():
        return {
            model._meta.label: model._base_manager.count()
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed
        }

    before = sizes()
    client = Client()
    client.get(check_address())
    assert ask(client, **WIDOW).status_code == 200
    assert sizes() == before
    assert set(client.cookies) == {"csrftoken"}


def test_the_self_check_needs_the_mark_against_forgery():
    published()
    assert Client(enforce_csrf_checks=True).post(check_address(), WIDOW).status_code == 403


def test_without_a_standard_in_force_the_page_says_whom_to_ask():
    housing()
    response = Client().get(check_address())
    assert response.status_code == 409
    assert "没有有效的“住房补贴”标准" in words(response)
    assert Client().get(reverse("support_self_check", args=["nothing"])).status_code == 404


def test_an_item_that_is_not_offered_has_no_self_check():
    published()
    item = housing()
    item.is_offered = False
    item.save()
    assert Client().get(check_address()).status_code == 404


def test_the_page_follows_a_new_version_only_when_it_is_published_again():
    old = published()
    page = standard_page(old)
    new = copy_version(old.pk, officer(), datetime.date(2026, 11, 22))
    new.amounts.update(amount=2000)
    edited(new, officer())
    propose(new.pk, officer())
    publish_version(new.pk, publisher(), seen_sha256=from_rows(new).sha256())
    assert "1,500元" in words(Client().get(page.url))
    page.refresh_from_db()
    page.version = ItemVersion.objects.get(pk=new.pk)
    page.save_revision(user=officer()).publish(user=publisher(), skip_permission_checks=True)
    queue.flush()
    assert "2,000元" in words(Client().get(page.url))
