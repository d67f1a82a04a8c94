"""Briefings, answers, registers and consultations for tests."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.utils import timezone

from tests.factories.people import make_person
from tests.factories.standards import draft, officer, publisher
from veterans.models import (
    AnswerPage,
    Beneficiary,
    BeneficiaryCategory,
    BriefingPage,
    ConsultationPage,
    VeteransIndexPage,
)

_numbers = itertools.count(1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def _put_under_veterans(page: Any, *, live: bool) -> Any:
    page.live, page.owner = False, officer()
    page.slug = f"page-{next(_numbers)}"
    VeteransIndexPage.objects.get().add_child(instance=page)
    revision = page.save_revision(user=officer(), log_action=True)
    if live:
        revision.publish(user=publisher(), skip_permission_checks=True)
        page.refresh_from_db()
    return page


def make_briefing(*, live: bool = True, **fields: Any) -> BriefingPage:
    """Create a briefing in a week with two seats."""
    begin = timezone.now() + 7 * DAY
    page = BriefingPage(
        **{
            **{"title": "住房补贴怎么算", "starts_at": begin, "ends_at": begin + HOUR},
            **{"place": "三楼会议室", "speaker": "周站长", "capacity": 2},
            **{"sign_up_until": begin - DAY, "audience": "public"},
            **fields,
        }
    )
    made: BriefingPage = _put_under_veterans(page, live=live)
    return made


def make_answer(title: str = "退役证丢了怎么办", *, live: bool = True, **fields: Any) -> AnswerPage:
    """Create an answer to a common question."""
    page = AnswerPage(
        **{
            **{"title": title, "topic": "papers", "audience": "public"},
            "body": '[{"type": "text", "value": "<p>先到服务站登记，我们帮您查档。</p>"}]',
            **fields,
        }
    )
    made: AnswerPage = _put_under_veterans(page, live=live)
    return made


def make_consultation(*, live: bool = True, version: Any = None, **fields: Any) -> ConsultationPage:
    """Create a consultation on a draft of the housing standard that is open for a week."""
    today = timezone.localdate()
    page = ConsultationPage(
        **{
            **{"title": "征求意见：住房补贴", "version": version or draft()},
            **{"first_day": today, "last_day": today + 7 * DAY, "audience": "employees"},
            **fields,
        }
    )
    made: ConsultationPage = _put_under_veterans(page, live=live)
    return made


def make_beneficiary(category: str = "V1", name: str = "秦月兰", **fields: Any) -> Beneficiary:
    """Create somebody in the register with one category."""
    person = make_person(name)
    made = Beneficiary.objects.create(person=person, **fields)
    BeneficiaryCategory.objects.create(
        beneficiary=made, category=category, valid_from=datetime.date(2020, 1, 1)
    )
    return made
