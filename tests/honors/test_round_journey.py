"""A round from its notice to awards, by its services: everybody in turn, and what is published."""

from __future__ import annotations

import pytest

from honors.models import Award, HonorDecisionPage, HonorRoundPage, NominationState
from portal.archives.models import FileRole, Record
from portal.files.services import claim, receive
from portal.public_notices.models import NoticeState, PublicNotice, PublicNoticePage
from tests.factories.honor_rounds import Judged
from tests.factories.uploads import decoded_once, upload

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_from_the_notice_to_awards() -> None:
    world = Judged()
    world.to("nominating")
    made = world.nominate()
    with decoded_once():
        paper = receive(upload(), user=world.nominator, purpose="material")
    claim([paper], "honor-nomination", str(made.pk), by=world.nominator)
    world.recommend(made)
    world.close()
    world.speak(made)
    world.examine(made)
    for step in (
        lambda: world.step("open_judging", world.office),
        lambda: world.score(made, 90),
        world.vote,
        world.propose,
        world.approve,
        world.end_notice,
        world.draft_decision,
        world.confer,
    ):
        step()
    case = world.case
    assert case.number.startswith("PX-")
    award = Award.objects.get()
    nomination = world.round.nominations.get()
    assert nomination.state == NominationState.AWARDED
    assert nomination.award == award
    assert (award.person, award.year) == (world.nominee.person, 2026)
    assert award.decision_number == "测党发〔2026〕33号"
    decision = HonorDecisionPage.objects.get()
    assert decision.live and "薛大勇" in str(decision.body)
    assert HonorRoundPage.objects.get().live
    notice = PublicNotice.objects.get()
    assert notice.state == NoticeState.ENDED and notice.days == 5
    assert "薛大勇" in str(PublicNoticePage.objects.get().body)
    # The materials are part of the closed file, which the archive holds.
    assert [row.file for row in case.documents.all()] == [paper]
    closed = Record.objects.get(kind="honor-round-case")
    assert closed.files.filter(role=FileRole.DOCUMENT).count() == 1
    kinds = set(Record.objects.values_list("kind", flat=True))
    assert {"honor-round", "public-notice", "honor-decision", "honor-round-case"} <= kinds
