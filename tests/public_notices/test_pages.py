"""The pages of a notice: what readers see, and who sees and does what."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.public_notices.models import Objection
from portal.public_notices.services import (
    answer_objection,
    cancel,
    end_due_notices,
    pause,
    raise_objection,
)
from portal.roles.table import ROLES
from portal.workspace.tasks import task_lists
from tests.factories.organizations import make_branch
from tests.factories.people import make_user
from tests.factories.public_notices import make_notice, make_running_notice

pytestmark = [pytest.mark.django_db(transaction=True)]

REASON = "名单第一行的同志已在外地领取过同一补贴，有文件为证。"
ANSWER = "经核查，外地领取的是另一项补贴，与本公示无关。"


@pytest.fixture(autouse=True)
def tuesday(time_machine):
    """It is Tuesday of the week in which the notices of these tests begin."""
    time_machine.move_to("2026-11-24 10:00+08:00", tick=False)


def signed_in(user):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def text_of(response):
    """The words of a page without its tags."""
    body = re.sub(r"<(script|style|title).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", body))


@pytest.fixture
def notice():
    return make_running_notice()


@pytest.fixture
def objector():
    return make_user(name="周立本")


@pytest.fixture
def objection(notice, objector):
    return raise_objection(notice, objector, REASON)


class TestPublicPage:
    """What everybody reads."""

    def test_it_says_everything_a_notice_has_to_say(self, notice):
        response = Client().get(notice.page.url)
        assert response.status_code == 200
        words = text_of(response)
        for expected in (
            *(notice.title, "张*", "欧阳**", "采煤一队", "5000元至10000元", notice.basis),
            *("2026年11月23日至2026年11月30日，共5个工作日", "今天之后还有4个工作日"),
            *("公示中", "来信以邮戳日期为准", notice.phone, notice.address, notice.unit.name),
            "登录后提出异议",
        ):
            assert expected.replace(" ", "") in words, expected
        assert "张三" not in words
        assert "欧阳明月" not in words

    def test_without_sign_in_the_form_asks_for_it(self, notice):
        response: Any = Client().get(reverse("objection_new", args=[notice.pk]))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            ("2026-11-23", "今天之后还有5个工作日"),
            ("2026-11-29", "今天之后还有1个工作日"),
            ("2026-11-30", "今天（2026年11月30日）是公示最后一天"),
            ("2026-12-01", "公示期到2026年11月30日为止，不再受理异议"),
        ],
    )
    def test_how_long_still_in_words(self, notice, time_machine, day, words):
        time_machine.move_to(f"{day} 23:59+08:00", tick=False)
        assert words in text_of(Client().get(notice.page.url))

    def test_at_the_end_it_stays_and_says_so(self, notice, time_machine):
        time_machine.move_to("2026-12-01 00:30+08:00", tick=False)
        end_due_notices()
        words = text_of(Client().get(notice.page.url))
        assert "公示已结束" in words
        assert "张*" in words
        assert "登录后提出异议" not in words
        assert "公示已结束" not in text_of(Client().get("/public-notices/"))
        assert "已结束" in text_of(Client().get("/public-notices/"))

    def test_while_it_stands_still_it_says_how_long_it_runs_then(self, notice):
        pause(notice, None, "系统停机检修")
        words = text_of(Client().get(notice.page.url))
        assert "公示暂停" in words
        assert "恢复后还须公示5个工作日" in words

    def test_called_off_it_says_since_when(self, notice):
        cancel(notice, None, "名单有误")
        words = text_of(Client().get(notice.page.url))
        assert "公示已终止" in words
        assert "已于2026年11月24日终止" in words

    def test_a_kept_page_is_no_older_than_a_minute(self, notice, time_machine):
        assert "公示中" in text_of(Client().get(notice.page.url))
        pause(notice, None, "系统停机检修")
        time_machine.move_to("2026-11-24 10:01:01+08:00", tick=False)
        assert "公示暂停" in text_of(Client().get(notice.page.url))

    def test_an_estimate_is_called_one(self, time_machine):
        time_machine.move_to("2026-12-30 10:00+08:00", tick=False)
        notice = make_running_notice(today=timezone.localdate())
        words = text_of(Client().get(notice.page.url))
        assert "2026年12月30日至2027年1月6日，共5个工作日（暂估，该年放假安排尚未公布）" in words
        assert "日期为暂估" in words

    def test_a_draft_is_nowhere(self, objector):
        draft = make_notice()
        assert draft.title not in text_of(signed_in(objector).get("/public-notices/"))
        address = reverse("objection_new", args=[draft.pk])
        assert signed_in(objector).get(address).status_code == 404


class TestObjecting:
    """The form for signed-in people."""

    def test_an_objection_is_received(self, notice, objector):
        client = signed_in(objector)
        address = reverse("objection_new", args=[notice.pk])
        assert address in client.get(notice.page.url).content.decode()
        response = client.post(address, {"reason": REASON, "truthful": "on"}, follow=True)
        found = Objection.objects.get()
        assert response.redirect_chain == [(found.get_absolute_url(), 302)]
        assert "您的异议已收到" in text_of(response)
        assert (found.raised_by, found.reason) == (objector, REASON)
        assert "等待答复" in text_of(client.get(notice.page.url))
        assert notice.title in text_of(client.get(reverse("my_objections")))

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"reason": "不同意", "truthful": "on"}, "请至少写10个字"),
            ({"reason": REASON}, "请确认您是实名提出"),
            ({"reason": "", "truthful": "on"}, "请写明哪里有问题"),
            ({"reason": "字" * 2001, "truthful": "on"}, "不超过2000个字，现有2001个字"),
            ({"reason": f"{REASON}\x00", "truthful": "on"}, "不允许"),
        ],
    )
    def test_what_was_typed_stays(self, notice, objector, form, words):
        response = signed_in(objector).post(reverse("objection_new", args=[notice.pk]), form)
        assert response.status_code == 422
        assert words in text_of(response)
        if form["reason"]:
            assert form["reason"].replace("\x00", "") in response.content.decode().replace(
                "\x00", ""
            )
        assert not Objection.objects.exists()

    def test_after_the_end_it_is_refused_and_the_text_stays(self, notice, objector, time_machine):
        time_machine.move_to("2026-12-01 00:00+08:00", tick=False)
        address = reverse("objection_new", args=[notice.pk])
        response = signed_in(objector).post(address, {"reason": REASON, "truthful": "on"})
        assert response.status_code == 409
        assert REASON in response.content.decode()
        assert "公示期已结束" in text_of(response)

    def test_a_double_click_writes_one(self, notice, objector):
        client = signed_in(objector)
        address = reverse("objection_new", args=[notice.pk])
        statuses = [
            client.post(address, {"reason": REASON, "truthful": "on"}).status_code
            for _number in range(2)
        ]
        assert statuses == [302, 409]
        assert Objection.objects.count() == 1

    def test_the_text_is_encrypted_at_rest(self, objection):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT reason FROM public_notices_objection")
            (stored,) = cursor.fetchone()
        assert "补贴" not in stored


class TestAnswering:
    """The office of the responsible unit."""

    def post(self, user, objection, **changes):
        form = {"decision": "dismissed", "answer": ANSWER, "final": "on", **changes}
        return signed_in(user).post(reverse("objection_answer", args=[objection.pk]), form)

    def test_an_answer_reaches_the_one_who_objected(self, notice, objection, objector):
        colleague = make_user("party_staff", name="何静")
        words = text_of(signed_in(colleague).get(objection.get_absolute_url()))
        assert "周立本" in words
        assert REASON in words
        response = self.post(colleague, objection)
        assert response.status_code == 302
        words = text_of(signed_in(objector).get(objection.get_absolute_url()))
        assert ANSWER in words
        assert "异议不成立" in words
        assert "何静" not in words

    def test_whoever_comes_second_is_told_and_keeps_the_text(self, objection):
        self.post(make_user("party_staff", name="何静"), objection)
        response = self.post(
            make_user("party_approver"),
            objection,
            decision="upheld",
            answer="第二个人写的答复内容。",
        )
        assert response.status_code == 409
        assert "何静" in text_of(response)
        assert "第二个人写的答复内容。" in response.content.decode()
        objection.refresh_from_db()
        assert objection.state == "dismissed"

    @pytest.mark.parametrize(
        "missing", [{"decision": ""}, {"answer": ""}, {"final": ""}, {"decision": "maybe"}]
    )
    def test_what_was_typed_stays(self, objection, missing):
        response = self.post(make_user("party_staff"), objection, **missing)
        assert response.status_code == 422
        if "answer" not in missing:
            assert ANSWER in response.content.decode()
        objection.refresh_from_db()
        assert objection.is_open

    def test_drafter_and_named_person_cannot_answer(self):
        drafter, subject = make_user("veterans_officer"), make_user("party_staff")
        notice = make_running_notice(drafted_by=drafter, subjects=[subject.person])
        objection = raise_objection(notice, make_user(), REASON)
        words = text_of(signed_in(drafter).get(objection.get_absolute_url()))
        assert "此公示由您起草" in words
        assert self.post(drafter, objection).status_code == 403
        # Whom the notice names learns neither of the objection nor of the one who raised it.
        assert signed_in(subject).get(objection.get_absolute_url()).status_code == 404
        assert self.post(subject, objection).status_code == 404
        objection.refresh_from_db()
        assert objection.is_open


def in_branch(unit):
    """A notice of a Party branch, such as of those who are to become members."""
    return make_running_notice(
        title=f"{unit.name}关于拟吸收党员的公示",
        section="branches",
        unit=unit,
        drafted_by=make_user("party_staff"),
        approved_by=make_user("party_approver"),
    )


@pytest.mark.parametrize("role", [*ROLES, "superuser", "anonymous"])
def test_who_sees_which_objection(role):
    """Exactly these, and not more: of two sections, of oneself, about oneself."""
    unit = make_branch()
    user = make_user(*([] if role in ("superuser", "anonymous") else [role]), unit=unit)
    if role == "superuser":
        user = make_user(is_superuser=True)
    about = {
        "veterans": make_running_notice(title="关于优待对象的公示"),
        "union": make_running_notice(
            title="关于困难帮扶的公示",
            section="union",
            drafted_by=make_user("union_staff"),
            approved_by=make_user("union_chair"),
        ),
        "branch": in_branch(unit),
        "other branch": in_branch(make_branch()),
        "self": make_running_notice(title="关于本人的公示", subjects=[user.person]),
    }
    other = make_user(name="周立本")
    found = {name: raise_objection(notice, other, REASON) for name, notice in about.items()}
    found["own"] = raise_objection(about["veterans"], user, REASON)
    branches = {"branch", "other branch"}
    expected = {
        "veterans_officer": {"veterans"},
        "party_staff": {"veterans", *branches},
        "party_approver": {"veterans", *branches},
        "union_staff": {"veterans", "union"},
        "union_chair": {"veterans", "union"},
        "branch_secretary": {"branch"},
        "discipline_auditor": {"veterans", "union", *branches},
    }.get(role, set())
    if role == "anonymous":
        client = Client()
        for name in ("objections", "my_objections"):
            assert client.get(reverse(name)).status_code == 302
        assert client.get(found["union"].get_absolute_url()).status_code == 302
        return
    client = signed_in(user)

    seen = {
        name
        for name, objection in found.items()
        if client.get(objection.get_absolute_url()).status_code == 200
    }
    answers = {
        name
        for name, objection in found.items()
        if "发出答复" in client.get(objection.get_absolute_url()).content.decode()
    }
    in_list = client.get(reverse("objections"))

    assert seen == expected | {"own"}
    assert answers == (set() if role == "discipline_auditor" else expected)
    assert in_list.status_code == (200 if expected else 403)
    if expected:
        listed = {
            name
            for name, objection in found.items()
            if objection.get_absolute_url() in in_list.content.decode()
        }
        assert listed == expected
    mine = client.get(reverse("my_objections")).content.decode()
    assert {name for name, objection in found.items() if objection.get_absolute_url() in mine} == {
        "own"
    }
    tasks = [task for found in task_lists(user) for task in found.tasks]
    assert {task.url for task in tasks if "/objections/" in task.url} == {
        found[name].get_absolute_url() for name in answers
    }


def test_the_one_who_objects_is_not_on_any_page_of_the_named_person(objector):
    subject = make_user(name="张三")
    notice = make_running_notice(subjects=[subject.person])
    raise_objection(notice, objector, REASON)
    client = signed_in(subject)
    for address in (notice.page.url, "/public-notices/", reverse("my_objections")):
        body = client.get(address).content.decode()
        assert "周立本" not in body
        assert REASON not in body


class TestQueries:
    """As many queries for many rows as for few."""

    def count(self, django_assert_max_num_queries, client, address):
        cache.clear()
        client.get(address)
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    def test_lists_ask_as_often_for_many_as_for_few(self, django_assert_max_num_queries):
        colleague, objector = make_user("party_staff"), make_user()
        drafter, approver = make_user("veterans_officer"), make_user("party_approver")
        client, own = signed_in(colleague), signed_in(objector)

        def more(number):
            for _number in range(number):
                notice = make_running_notice(drafted_by=drafter, approved_by=approver)
                pause(notice, None, "系统停机检修")
                objection = raise_objection(notice, objector, REASON)
                raise_objection(notice, make_user(), REASON)
                answer_objection(objection.pk, colleague, "dismissed", ANSWER)

        def counts():
            return [
                self.count(django_assert_max_num_queries, *pair)
                for pair in (
                    (client, "/public-notices/"),
                    (client, reverse("objections")),
                    (own, reverse("my_objections")),
                    (client, reverse("workspace")),
                )
            ]

        more(2)
        few = counts()
        more(6)
        assert counts() == few
