"""Titles as data: the usual ones, the guard of names, score cards, who keeps and reads them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from honors.models import NamingRule, Organ, ScoreLine, SubjectKind, Title
from honors.rounds.terms import frozen_terms, terms_of
from portal.people.models import User
from portal.roles.table import ROLES
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

EDIT = "/honor-roll/titles/safety-model-post/edit/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_usual_titles_come_with_their_rules() -> None:
    titles = {row.name: row for row in Title.objects.all()}
    assert set(titles) == {
        *("安全生产模范岗", "优秀共产党员", "优秀党务工作者", "先进基层党组织"),
        *("党员先锋岗", "劳动模范", "工人先锋号", "五一劳动奖章"),
    }
    for title in titles.values():
        assert sum(row.points for row in title.score_lines.all()) == 100, title
        assert title.criteria.exists() and title.vetoes.exists() and title.basis
        assert title.notice_days >= 5
        title.full_clean()
        assert terms_of(frozen_terms(title)).most_points == 100
    post = titles["安全生产模范岗"]
    assert [row.points for row in post.score_lines.all()] == [25, 20, 15, 15, 10, 10, 5]
    assert (post.pass_mark, post.top_share) == (Decimal(85), Decimal(5))
    assert post.review_months == 3
    assert titles["工人先锋号"].organ == Organ.UNION
    assert titles["先进基层党组织"].subject_kind == SubjectKind.BRANCH


@pytest.mark.parametrize("word", ["国家", "中国", "中华", "全国", "亚洲", "全球", "世界"])
@pytest.mark.parametrize(
    "shape", ["{}安全标兵", "安全标兵（{}级）", " {} 安全标兵", "{0[0]} {0[1]}标兵"]
)
def test_a_name_that_sounds_like_the_state_is_refused(word: str, shape: str) -> None:
    title = Title(code="new", name=shape.format(word), subject_kind="person", basis="办法", quota=1)
    with pytest.raises(ValidationError) as caught:
        title.full_clean()
    words = caught.value.message_dict["name"][0]
    assert word in words and "负面清单" in words


def test_the_guard_is_a_rule_with_its_day() -> None:
    NamingRule.objects.create(
        code="省级", clause="新的规定", effective_from=datetime.date(2026, 1, 1)
    )
    assert not NamingRule.broken_by("省级标兵", datetime.date(2025, 12, 31))
    assert [row.code for row in NamingRule.broken_by("省级标兵", datetime.date(2026, 1, 1))] == [
        "省级"
    ]


@pytest.mark.parametrize(
    "fields", [{"notice_days": 4}, {"by_self": False, "by_other": False, "by_branch": False}]
)
def test_the_database_holds_what_no_title_may_be(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Title.objects.filter(code="vanguard-post").update(**fields)


def test_who_reads_and_who_keeps_titles_and_nobody_more() -> None:
    reads = {"party_staff", "party_approver", "union_staff", "union_chair", "discipline_auditor"}
    for code in ROLES:
        client = browser(make_user(code))
        status = client.get("/honor-roll/titles/").status_code
        assert status == (200 if code in reads else 403), code
        status = client.get(EDIT).status_code
        assert status == (200 if code == "party_staff" else 403), code


def sent(client: Client, **changes: Any) -> dict[str, Any]:
    """Return what the form of a title sends, with changes."""
    context = client.get(EDIT).context
    data: dict[str, Any] = {}
    forms = [context["form"]]
    for _name, rows in context["sets"]:
        forms += [rows.management_form, *rows.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif value is not None and value is not False and value != "":
                data[field.html_name] = str(value)
    return {**data, **changes}


def test_a_title_is_changed_with_its_rows() -> None:
    client = browser(make_user("party_staff"))
    response = client.post(EDIT, sent(client, quota="3", **{"vetoes-3-text": "弄虚作假"}))
    assert response.status_code == 302, [
        response.context["form"].errors,
        *((rows.errors, rows.non_form_errors()) for _name, rows in response.context["sets"]),
    ]
    title = Title.objects.get(code="safety-model-post")
    assert title.quota == 3
    assert "弄虚作假" in [row.text for row in title.vetoes.all()]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "全国安全岗"}, "负面清单"),
        ({"lines-0-points": "26"}, "101"),
        ({"lines-0-points": "0"}, ""),
        ({"notice_days": "4"}, "5"),
        ({"name": "优秀共产党员"}, ""),
        ({"pass_mark": "101"}, "100"),
        ({"criteria-TOTAL_FORMS": "x"}, ""),
    ],
)
def test_what_is_wrong_with_a_title_is_said_and_what_was_typed_stays(
    changes: dict[str, str], words: str
) -> None:
    client = browser(make_user("party_staff"))
    response = client.post(EDIT, sent(client, description="改过的说明", **changes))
    page = response.content.decode()
    assert response.status_code == 422, changes
    assert "改过的说明" in page and words in page
    assert ScoreLine.objects.filter(title__code="safety-model-post").count() == 7
