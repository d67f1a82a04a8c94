"""Suspension, its end and revocation: who, when, in which order, and what shows it."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from honors.awards import changes, page_drafts
from honors.models import Award, AwardChange, AwardState, ChangeKind, ChangeOutcome
from portal.archives.models import Record
from portal.notifications.models import Message
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from tests.factories.honors import DECIDED, HonorOffice, make_award
from tests.factories.pages import approve, change_draft, submit
from tests.factories.people import make_user
from tests.infrastructure.at_once import failures, together

NUMBER = "测党发〔2026〕29号"


def propose(award: Award, office: HonorOffice, kind: str = "revoke") -> AwardChange:
    return changes.propose(
        award.pk,
        kind,
        number=NUMBER,
        reason="弄虚作假",
        decided_on=timezone.localdate(),
        by=office.staff,
    )


@pytest.fixture
def office(db: None) -> HonorOffice:
    return HonorOffice()


def test_an_award_is_suspended_restored_and_revoked(office: HonorOffice) -> None:
    award = make_award()
    steps = [("suspend", "suspended"), ("restore", "valid"), ("suspend", "suspended")]
    for kind, state in [*steps, ("revoke", "revoked")]:
        changes.confirm(propose(award, office, kind).pk, office.approver)
        award.refresh_from_db()
        assert award.state == state
        assert bool(award.state_number) == (state != "valid")
    assert changes.possible_kinds(award) == []
    for kind in ChangeKind:
        with pytest.raises(ChangedMeanwhile):
            propose(award, office, kind)
    assert AwardChange.objects.filter(outcome=ChangeOutcome.CONFIRMED).count() == 4


def test_one_change_waits_at_a_time_and_can_be_taken_back(office: HonorOffice) -> None:
    award = make_award()
    change = propose(award, office, "suspend")
    with pytest.raises(NotPossible):
        propose(award, office)
    with pytest.raises(NotYours):
        changes.drop(change.pk, "误", office.auditor)
    changes.drop(change.pk, "文号有误", office.staff)
    with pytest.raises(ChangedMeanwhile):
        changes.confirm(change.pk, office.approver)
    changes.confirm(propose(award, office).pk, office.approver)
    award.refresh_from_db()
    assert award.state == AwardState.REVOKED


def test_days_have_to_fit(office: HonorOffice) -> None:
    award = make_award()
    for day in (DECIDED - datetime.timedelta(days=1), datetime.date(2099, 1, 1)):
        with pytest.raises(ValidationError):
            changes.propose(
                award.pk, "revoke", number=NUMBER, reason="x", decided_on=day, by=office.staff
            )
    assert not AwardChange.objects.exists()


def test_nobody_decides_alone_or_on_an_award_of_their_own(office: HonorOffice) -> None:
    both = make_user("party_staff", "party_approver")
    award = make_award()
    with pytest.raises(NotYours):
        propose_by = changes.propose(
            award.pk, "revoke", number=NUMBER, reason="x", decided_on=DECIDED, by=both
        )
        changes.confirm(propose_by.pk, both)
    with pytest.raises(NotYours):
        changes.propose(
            award.pk, "revoke", number=NUMBER, reason="x", decided_on=DECIDED, by=office.auditor
        )
    own = make_award(person=office.approver.person, name="秦伯安")
    change = propose(own, office)
    with pytest.raises(NotYours):
        changes.confirm(change.pk, office.approver)


def test_the_database_keeps_a_state_without_document_out(db: None) -> None:
    award = make_award()
    for values in (
        {"state": "revoked"},
        {"state": "revoked", "state_number": NUMBER, "state_on": DECIDED},
        {"state_number": NUMBER},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(**values)


def test_who_holds_the_award_is_told(office: HonorOffice) -> None:
    award = make_award(person=office.reader.person, name="田小禾")
    changes.confirm(propose(award, office, "suspend").pk, office.approver)
    told = Message.objects.get()
    assert told.user == office.reader
    assert told.url == "/honor-roll/mine/"


def test_what_is_wrong_is_said_beside_what_was_typed(office: HonorOffice) -> None:
    award = make_award()
    staff, approver = Client(), Client()
    staff.force_login(office.staff)
    approver.force_login(office.approver)
    address = f"/honor-roll/awards/{award.pk}/change/revoke/"
    answer = staff.post(address, {"number": "", "decided_on": "昨天", "reason": "弄虚作假"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写文号" in page and "弄虚作假" in page
    assert staff.get(f"/honor-roll/awards/{award.pk}/change/nothing/").status_code == 404
    assert approver.get(address).status_code == 403
    # In another state meanwhile: what was typed stays, the cause is said.
    changes.confirm(propose(award, office).pk, office.approver)
    late = staff.post(
        address,
        {"number": NUMBER, "decided_on": DECIDED.isoformat(), "reason": "再次撤销的理由"},
    )
    assert late.status_code == 409
    assert "已撤销" in late.content.decode() and "再次撤销的理由" in late.content.decode()


def test_why_not_has_to_be_said(office: HonorOffice) -> None:
    change = propose(make_award(), office)
    approver = Client()
    approver.force_login(office.approver)
    address = f"/honor-roll/changes/{change.pk}/"
    assert approver.post(address, {"drop": "1", "answer": " "}).status_code == 422
    assert approver.post(address, {"drop": "1", "answer": "文号有误"}).status_code == 302
    change.refresh_from_db()
    assert (change.outcome, change.answer) == (ChangeOutcome.DROPPED, "文号有误")


@pytest.mark.django_db(transaction=True)
def test_a_revocation_does_not_publish_what_an_editor_works_on() -> None:
    office = HonorOffice()
    award = make_award(person=office.reader.person, name="田小禾")
    draft = page_drafts.draft_page(award.pk, office.staff)
    approve(submit(Page.objects.get(pk=draft.pk).specific, office.staff), office.approver)
    page = Page.objects.get(pk=draft.pk).specific
    change_draft(page, office.staff, summary="还没有审核的新内容")
    changes.confirm(propose(award, office).pk, office.approver)
    page = Page.objects.get(pk=draft.pk).specific
    assert page.revoked and "弄虚作假" in page.revocation
    assert page.summary != "还没有审核的新内容"
    assert Record.objects.filter(kind="excellent-member").count() == 2
    # The draft is still in the history, with what the editor wrote.
    assert any("还没有审核" in str(row.content) for row in page.revisions.all())


@pytest.mark.django_db(transaction=True)
def test_a_revocation_takes_the_place_of_an_open_review() -> None:
    office = HonorOffice()
    award = make_award()
    draft = page_drafts.draft_page(award.pk, office.staff)
    approve(submit(Page.objects.get(pk=draft.pk).specific, office.staff), office.approver)
    page = Page.objects.get(pk=draft.pk).specific
    change_draft(page, office.staff, summary="待审核")
    submit(page, office.staff)
    changes.confirm(propose(award, office).pk, office.approver)
    assert Page.objects.get(pk=draft.pk).specific.revoked


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_a_change_at_once_one_is_told_who_did() -> None:
    office = HonorOffice()
    other = make_user("party_approver", name="另一位")
    change = propose(make_award(), office)
    results = together(
        lambda: changes.confirm(change.pk, office.approver),
        lambda: changes.drop(change.pk, "不同意", other),
    )
    (lost,) = failures(results)
    assert isinstance(lost, ChangedMeanwhile)
    assert "秦伯安" in str(lost) or "另一位" in str(lost)
    award = Award.objects.get()
    change.refresh_from_db()
    assert (award.state == "revoked") == (change.outcome == "confirmed")
