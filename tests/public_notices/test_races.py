"""Two who act in the same moment: a flow never passes an open objection, of two one wins."""

from __future__ import annotations

import datetime
import threading
from collections import Counter
from functools import partial

import pytest
from django.db import connection, connections, transaction
from wagtail.models import Page

from portal.archives.models import Record
from portal.people.models import User
from portal.public_notices.ending import end_if_over
from portal.public_notices.models import Objection, PublicNoticePage
from portal.public_notices.owners import forget_notice_owner, register_notice_owner
from portal.public_notices.refusals import AlreadyAnswered, NoticeMoved, ObjectionClosed
from portal.public_notices.services import (
    answer_objection,
    is_over,
    open_objections,
    publish_notice,
    raise_objection,
)
from tests.factories.people import make_user
from tests.factories.public_notices import MONDAY, make_notice, make_running_notice
from tests.infrastructure.at_once import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

# On SQLite one writer waits for the other anyway; there a few trials show that nothing breaks.
TRIALS = 20 if connection.vendor == "postgresql" else 4
REASON = "名单第一行的同志已在外地领取过同一补贴，有文件为证。"
ANSWER = "经核查，外地领取的是另一项补贴，与本公示无关。"
LAST = datetime.date(2026, 11, 30)
AFTER = LAST + datetime.timedelta(days=1)


class Flow:
    """An owner with a row of its own (here of an account), moved as a case is moved."""

    def __init__(self):
        self.account = make_user()
        self.passed: list[str] = []
        register_notice_owner("race", self.over, lambda objection: None, lock=self.lock)

    def lock(self, owner_id):
        User.objects.select_for_update(of=("self",)).get(pk=self.account.pk)

    def over(self, notice):
        assert not open_objections("race", notice.owner_id).exists()
        self.passed.append(notice.owner_id)

    def go_on(self, owner_id):
        """Go on by oneself, as a case does: own lock first, then the notice is asked."""
        with transaction.atomic():
            self.lock(owner_id)
            if not is_over("race", owner_id, AFTER):
                return False
            assert not open_objections("race", owner_id).exists()
            return True


@pytest.fixture
def flow():
    yield Flow()
    forget_notice_owner("race")


@pytest.fixture
def people():
    return make_user("veterans_officer"), make_user("party_approver")


def running(people):
    return make_running_notice(owner_kind="race", drafted_by=people[0], approved_by=people[1])


def test_an_objection_and_the_end_in_the_same_moment(flow, people):
    objector = make_user()
    seen: Counter[str] = Counter()
    for _number in range(TRIALS):
        notice = running(people)
        raised, ended = together(
            partial(raise_objection, notice, objector, REASON, today=LAST),
            partial(end_if_over, notice.pk, AFTER),
        )
        notice.refresh_from_db()
        if isinstance(raised, Objection):
            assert (ended, notice.state) == (False, "paused")
            assert notice.owner_id not in flow.passed
        else:
            assert isinstance(raised, ObjectionClosed), raised
            assert (ended, notice.state) == (True, "ended")
            assert notice.owner_id in flow.passed
            assert not open_objections("race", notice.owner_id).exists()
        seen[notice.state] += 1
    assert sum(seen.values()) == TRIALS


def test_a_flow_waits_for_an_objection_that_is_being_written(flow, people):
    """The objection came in before midnight and commits after it, while the flow asks."""
    notice = running(people)
    written, commit = threading.Event(), threading.Event()
    asked: list[object] = []

    def hold(objection):
        written.set()
        assert commit.wait(timeout=30)

    register_notice_owner("race", flow.over, hold)

    def ask():
        try:
            with transaction.atomic():
                asked.append(is_over("race", notice.owner_id, AFTER))
        except Exception as error:
            asked.append(error)
        finally:
            connections.close_all()

    def object_late():
        try:
            raise_objection(notice, objector, REASON, today=LAST)
        finally:
            connections.close_all()

    objector = make_user()
    first, second = threading.Thread(target=object_late), threading.Thread(target=ask)
    first.start()
    assert written.wait(timeout=30)
    second.start()
    second.join(timeout=1)
    assert second.is_alive(), f"the flow did not wait: {asked}"
    commit.set()
    first.join(timeout=30)
    second.join(timeout=30)
    assert asked == [False]


def test_flow_and_objection_take_their_locks_in_one_order(flow, people):
    """Neither waits for the other for ever, and the flow passes no open objection."""
    objector = make_user()
    for _number in range(TRIALS):
        notice = running(people)
        raised, passed, ended = together(
            partial(raise_objection, notice, objector, REASON, today=LAST),
            partial(flow.go_on, notice.owner_id),
            partial(end_if_over, notice.pk, AFTER),
        )
        assert isinstance(raised, (Objection, ObjectionClosed)), raised
        assert passed in (True, False), passed
        assert ended in (True, False), ended
        if isinstance(raised, Objection):
            assert ended is False


def test_of_two_answers_one_wins_and_the_other_is_told_who(people):
    objector = make_user()
    pair = [make_user("party_staff", name=name) for name in ("何静", "许文竹")]
    for _number in range(TRIALS):
        notice = running(people)
        objection = raise_objection(notice, objector, REASON, today=LAST)
        results = together(
            partial(answer_objection, objection.pk, pair[0], "dismissed", ANSWER, today=LAST),
            partial(answer_objection, objection.pk, pair[1], "upheld", ANSWER, today=LAST),
        )
        losers = [result for result in results if isinstance(result, AlreadyAnswered)]
        winners = [result for result in results if isinstance(result, Objection)]
        assert (len(winners), len(losers)) == (1, 1), results
        objection.refresh_from_db()
        notice.refresh_from_db()
        assert objection.answered_by_id == winners[0].answered_by_id
        assert str(winners[0].answered_by) in str(losers[0])
        assert notice.state == ("running" if objection.state == "dismissed" else "cancelled")


def test_a_double_click_writes_one_objection(people):
    objector = make_user()
    for _number in range(TRIALS):
        notice = running(people)
        results = together(
            *[partial(raise_objection, notice, objector, REASON, today=LAST) for _twice in range(2)]
        )
        assert sum(isinstance(result, Objection) for result in results) == 1, results
        assert sum(isinstance(result, ObjectionClosed) for result in results) == 1, results


def test_notices_published_in_the_same_moment_have_places_of_their_own(people):
    for _number in range(max(TRIALS // 4, 2)):
        notices = [make_notice() for _number in range(3)]
        results = together(
            *[partial(publish_notice, notice, *people, today=MONDAY) for notice in notices]
        )
        assert [getattr(result, "state", result) for result in results] == ["running"] * 3
    pages = PublicNoticePage.objects.all()
    assert len({page.path for page in pages}) == len(pages)
    assert Record.objects.filter(kind="public-notice").count() == len(pages)
    assert Page.find_problems() == ([], [], [], [], [])


def test_one_notice_published_twice_becomes_one_page(people):
    for number in range(max(TRIALS // 4, 2)):
        notice = make_notice()
        results = together(
            *[
                partial(publish_notice, type(notice).objects.get(pk=notice.pk), *people)
                for _twice in range(2)
            ]
        )
        assert sum(isinstance(result, NoticeMoved) for result in results) == 1, results
        assert PublicNoticePage.objects.count() == number + 1
