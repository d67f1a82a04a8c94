"""Pages of honors: drafted from what a nomination told, archived with before and after."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page

from honors.awards import entry, page_drafts
from honors.models import (
    Award,
    ExcellentMemberPage,
    HonoredCollectivePage,
    HonorIndexPage,
    Nomination,
)
from portal.archives.capture import capture_payload
from portal.archives.models import Record
from portal.pages.archive_source import page_content
from portal.publishing import queue
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from tests.factories.honor_rounds import DEEDS, Judged
from tests.factories.honors import HonorOffice, make_award, post_title, title
from tests.factories.organizations import company
from tests.factories.pages import approve, submit


@pytest.mark.django_db(transaction=True)
def test_a_nomination_becomes_the_draft_of_a_page() -> None:
    world = Judged()
    world.to("awarded")
    office = HonorOffice()
    Nomination.objects.update(
        innovation_before="铁锹清煤四十分钟", innovation_after="自动清扫不停机"
    )
    award = Award.objects.get()
    page: Any = Page.objects.get(pk=page_drafts.draft_page(award.pk, office.staff).pk).specific
    assert isinstance(page, ExcellentMemberPage)
    assert (page.member_name, page.year, page.live) == (award.subject_name, award.year, False)
    assert DEEDS.splitlines()[0][:10] in str(page.body)
    assert page.honor_title == award.title_name
    assert Client().get(page.url).status_code == 404
    approve(submit(page, office.staff), office.approver)
    shown = Client().get(page.url).content.decode()
    assert shown.count("铁锹清煤四十分钟") == shown.count("自动清扫不停机") == 1
    assert f"{award.title_name}</span>" in shown
    facts = capture_payload(Record.objects.get(kind="excellent-member"))["shown"]["facts"]
    assert ["改进前", "铁锹清煤四十分钟"] in [list(fact) for fact in facts]


def test_each_subject_has_its_form_of_page(db: None) -> None:
    office = HonorOffice()
    for of, name, field in (
        (title(), "甲", "member_name"),
        (post_title(), "瓦检一岗", "post_name"),
        (title("worker-pioneer"), "综掘一班", "collective_name"),
        (title("advanced-branch"), "机关一支部", "collective_name"),
    ):
        draft = page_drafts.draft_page(make_award(of, name).pk, office.staff)
        page: Any = Page.objects.get(pk=draft.pk).specific
        assert getattr(page, field) == name
        assert ("称号", of.name) in [(str(label), value) for label, value in page.facts()]


def test_only_an_award_that_counts_gets_a_page_and_only_one(db: None) -> None:
    office = HonorOffice()
    award = make_award()
    page_drafts.draft_page(award.pk, office.staff)
    with pytest.raises(ChangedMeanwhile):
        page_drafts.draft_page(award.pk, office.staff)
    with pytest.raises(NotPossible):
        page_drafts.draft_page(make_award(confirmed=False).pk, office.staff)
    with pytest.raises(NotYours):
        page_drafts.draft_page(make_award().pk, office.approver)


def test_a_page_that_says_revoked_says_why(db: None) -> None:
    for state in ("revoked", "suspended"):
        page = HonoredCollectivePage(title="综掘一班", collective_name="综掘一班", **{state: True})
        with pytest.raises(ValidationError):
            page.clean()
        page.revocation = "2026年11月24日，测党发〔2026〕29号：整改"
        page.clean()
        assert page.standing() == state


def test_what_was_captured_before_the_later_fields_is_still_what_is_published(db: None) -> None:
    page = ExcellentMemberPage(title="李建民", member_name="李建民", year=2024, revoked=False)
    before = page_content(page)["fields"]
    assert before.keys().isdisjoint(ExcellentMemberPage.later_fields)
    assert {"revoked", "revocation", "member_name"} <= before.keys()
    page.suspended, page.innovation = True, "自动清扫"
    assert page_content(page)["fields"] == {**before, "suspended": True, "innovation": "自动清扫"}


def test_an_older_page_gets_its_award(db: None) -> None:
    office = HonorOffice()
    index = HonorIndexPage.objects.get()
    page = ExcellentMemberPage(
        title="李建民", slug="li", member_name="李建民", position="司机", year=2024,
        decision_number="测党发〔2024〕9号", unit=company(), live=False,
    )  # fmt: skip
    index.add_child(instance=page)
    page.save_revision().publish(skip_permission_checks=True)
    queue.flush()
    staff, visitor = Client(), Client()
    staff.force_login(office.staff)
    assert "未关联荣誉的页面" in staff.get("/honor-roll/awards/").content.decode()
    assert "李建民" in staff.get("/honor-roll/awards/pages/").content.decode()
    form = staff.get(f"/honor-roll/awards/new/?page={page.pk}").context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent |= {"title": title().pk, "unit": company().pk, "decided_on": "2024-06-28"}
    assert staff.post("/honor-roll/awards/new/", sent).status_code == 302
    award = Award.objects.get()
    assert (award.page_id, award.year, award.subject_name) == (page.pk, 2024, "李建民")
    assert page.url not in visitor.get("/honors/").content.decode()
    entry.confirm(award.pk, office.approver)
    cache.clear()
    assert page.url in visitor.get("/honors/").content.decode()
    # The page has its award now.
    assert "李建民" not in staff.get("/honor-roll/awards/pages/").content.decode()
    again = staff.post("/honor-roll/awards/new/", {**sent, "subject_name": "另一人"})
    assert again.status_code == 422
    for odd in ("x", "²", "9" * 30, ""):
        assert staff.get(f"/honor-roll/awards/new/?page={odd}").status_code == 200
