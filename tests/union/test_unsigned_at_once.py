"""Senders without a name who act in the same moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories.opinions import make_box
from tests.factories.organizations import company
from tests.factories.unsigned import form_values, go_on, post, send
from tests.infrastructure.at_once import failures, together
from union.anonymity import urn
from union.models import FeedbackBoxPage, Opinion, SpentChallenge, WaitingItem
from union.opinions import release

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> FeedbackBoxPage:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.OPINION_PER_COMPUTER = settings.OPINION_PER_HOUR = 1_000
    company()
    return make_box()


def test_one_solved_puzzle_sent_many_times_at_once_is_one_opinion(box: FeedbackBoxPage) -> None:
    values = form_values()
    texts = [f"{values['text']}第{number}遍，每遍都不一样。" for number in range(5)]
    answers = together(
        *[lambda text=text: post(Client(), box, **{**values, "text": text}) for text in texts]
    )
    assert failures(answers) == []
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert WaitingItem.objects.count() == SpentChallenge.objects.count() == 1


def test_nothing_is_lost_when_many_send_at_once(box: FeedbackBoxPage) -> None:
    forms = [form_values() for _number in range(6)]
    answers = together(*[lambda form=form: post(Client(), box, **form) for form in forms])
    assert failures(answers) == []
    assert {answer.status_code for answer in answers} == {200}
    waiting = {one.entry["text"] for one in urn.opened()}
    assert waiting == {form["text"] for form in forms}


def test_senders_who_write_again_at_once_do_not_stop_each_other(box: FeedbackBoxPage) -> None:
    receipts = [send(Client(), box) for _number in range(4)]
    release.release()
    answers = together(
        *[
            lambda receipt=receipt: go_on(Client(), receipt, "message", body="还有一句话。")
            for receipt in receipts
        ]
    )
    assert failures(answers) == []
    assert {answer.status_code for answer in answers} == {200}
    assert WaitingItem.objects.count() == len(receipts)


def test_two_releases_at_once_make_one_opinion_of_each(box: FeedbackBoxPage) -> None:
    receipts = [send(Client(), box) for _number in range(4)]
    done = together(release.release, release.release, lambda: send(Client(), box))
    assert failures(done) == []
    release.release()
    assert Opinion.objects.count() == len(receipts) + 1
    assert not WaitingItem.objects.exists()
