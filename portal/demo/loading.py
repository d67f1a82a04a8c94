"""Writes the demo pages the way the staff would: drafted, submitted, reviewed, published."""

from __future__ import annotations

import contextlib
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from django.db import transaction
from wagtail.models import Page, TaskState

from portal.archives.actors import act_as
from portal.demo.bodies import block_id, raw_body
from portal.demo.clock import DemoClock, set_clock
from portal.demo.files import DemoFiles
from portal.demo.registry import DemoPart
from portal.demo.texts import Correction, DemoText
from portal.organizations.models import Unit
from portal.people.models import User
from portal.publishing.services import approve, return_for_changes, submit_for_review

SHANGHAI = ZoneInfo("Asia/Shanghai")


@contextlib.contextmanager
def index_later() -> Iterator[None]:
    """Leave the search index alone: it is brought up to date once, when all is written."""
    with mock.patch("modelsearch.signal_handlers.insert_or_update_object_task"):
        yield


class DemoWorld:
    """What the parts of the demo share while it is loaded."""

    def __init__(self) -> None:
        self.files = DemoFiles()
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.written: Counter[tuple[str, str]] = Counter()

    def user(self, number: str) -> User:
        """Return an account, read anew: its roles differ from day to day of the demo."""
        return User.objects.get(username=number)

    def load_text(self, part: DemoPart, text: DemoText) -> bool:
        """Write one text unless its page is there already; say whether it was written."""
        parent = part.parent(text)
        if parent.get_children().filter(slug=text.key).exists():
            return False
        drafter = self.user(text.drafted_by or part.drafter(text))
        reviewer = self.user(text.reviewed_by or part.reviewer(text))
        with (
            set_clock(_drafted_at(text)) as clock,
            act_as(user_id=reviewer.pk, reviewer_id=reviewer.pk),
            transaction.atomic(),
        ):
            page = part.build(text)
            page.title = text.title
            page.slug = text.key
            page.summary = text.summary
            page.unit = self.units[text.unit]
            page.audience = text.audience
            page.owner = drafter
            page.live = False
            page.body = json.dumps(raw_body(text, self.files, drafter))
            if text.picture:
                page.picture = self.files.picture(text.picture, text.unit, drafter)
            parent.add_child(instance=page)
            self.take_through_review(
                page, drafter, reviewer, clock, text.state, text.return_reason, _published_at(text)
            )
        self.written[part.kind, text.state] += 1
        return True

    def load_correction(self, part: DemoPart, correction: Correction) -> bool:
        """Add one remark to a published text unless some draft of it has it already."""
        text = next(text for text in part.texts if text.key == correction.key)
        base = part.parent(text).get_children().get(slug=correction.key)
        page: Any = base.specific
        mark = block_id(correction.key, correction.date, "remark")
        if any(mark in str(row.content.get("body")) for row in page.revisions.all()):
            return False
        drafter = self.user(correction.drafted_by or part.drafter(text))
        reviewer = self.user(correction.reviewed_by or part.reviewer(text))
        moment = datetime.combine(correction.date, time(15, 10), SHANGHAI)
        with (
            set_clock(moment) as clock,
            act_as(user_id=reviewer.pk, reviewer_id=reviewer.pk),
            transaction.atomic(),
        ):
            remark = {"type": "text", "value": correction.remark.html, "id": mark}
            draft = page.get_latest_revision_as_object()
            draft.body = json.dumps([*draft.body.raw_data, remark])
            self.take_through_review(
                draft,
                drafter,
                reviewer,
                clock,
                correction.state,
                correction.return_reason,
                moment + timedelta(minutes=70),
            )
        self.written[part.kind, f"remark-{correction.state}"] += 1
        return True

    def take_through_review(
        self,
        page: Any,
        drafter: User,
        reviewer: User,
        clock: DemoClock,
        state: str,
        return_reason: str,
        decided_at: datetime,
    ) -> None:
        """Save the draft and bring it as far as the state says, by the portal's services."""
        revision = page.save_revision(user=drafter, log_action=True)
        if state == "draft":
            return
        clock.moment += timedelta(minutes=6)
        page = Page.objects.get(pk=page.pk).specific
        submit_for_review(page, drafter)
        if state == "in_review":
            return
        clock.moment = max(decided_at, clock.moment + timedelta(minutes=5))
        task = TaskState.objects.get(revision=revision, status=TaskState.STATUS_IN_PROGRESS)
        if state == "returned":
            return_for_changes(
                task.pk, seen_revision_id=revision.pk, user=reviewer, comment=return_reason
            )
        else:
            with act_as(user_id=reviewer.pk):
                approve(task.pk, seen_revision_id=revision.pk, user=reviewer)


def _chance(text: DemoText) -> random.Random:
    return random.Random(text.key)  # noqa: S311  dates of a demo, not secrets


def _published_at(text: DemoText) -> datetime:
    """The end of the working day of the event, unless the text says when."""
    if text.published_at:
        return text.published_at.replace(tzinfo=SHANGHAI)
    minutes = _chance(text).randrange(0, 100)
    return datetime.combine(text.date, time(16, 50), SHANGHAI) + timedelta(minutes=minutes)


def _drafted_at(text: DemoText) -> datetime:
    return _published_at(text) - timedelta(minutes=_chance(text).randrange(35, 110))
