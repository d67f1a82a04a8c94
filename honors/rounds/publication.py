"""What a round publishes: its notice, the list for objections, the decision. Each by two people."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import override
from wagtail.models import TaskState

from honors.models import (
    HonorDecisionPage,
    HonorIndexPage,
    HonorRoundPage,
    Nomination,
    NominationState,
    Round,
    SubjectKind,
)
from honors.rounds.states import FLOW
from honors.rounds.terms import terms_of
from portal.cases.ownership import owner_id
from portal.pages.blocks.written import table_block, text_block
from portal.pages.formats import chinese_date
from portal.pages.forms import free_slug
from portal.people.models import Person, User
from portal.public_notices.entries import nominee
from portal.public_notices.models import PublicNotice
from portal.public_notices.services import publish_notice
from portal.publishing import services as publishing

SUBJECT_WORDS = {
    SubjectKind.PERSON: "个人",
    SubjectKind.POST: "岗位",
    SubjectKind.TEAM: "班组（集体）",
    SubjectKind.BRANCH: "基层党组织",
}


def put_live(page: Any, drafted_by: User, approved_by: User) -> None:
    """Take a page through the review every page goes through, in the caller's transaction.

    Raises:
        OwnWork: both are the same person.
        NotReviewer: the second may not review the section.
    """
    index = HonorIndexPage.objects.get()
    publishing.lock_page(index.pk)
    HonorIndexPage.objects.get(pk=index.pk).add_child(instance=page)
    revision = page.save_revision(user=drafted_by, log_action=True)
    fresh = type(page).objects.get(pk=page.pk)
    submitted = publishing.submit_for_review(fresh, drafted_by)
    state: TaskState = submitted.current_task_state
    publishing.approve(state.pk, seen_revision_id=revision.pk, user=approved_by)


def _slug(round_: Round, what: str) -> str:
    return free_slug(f"{what}-{round_.year}-{str(round_.pk)[:8]}", set())


def _paragraphs(text: str) -> SafeString:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines))


def publish_round(
    round_: Round, drafted_by: User, approved_by: User, today: datetime.date
) -> HonorRoundPage:
    """Publish the notice of a round: who can be nominated, how many, on what conditions."""
    with override("zh-hans"):
        page = HonorRoundPage(
            title=f"关于开展{round_.case.item}的通知",
            slug=_slug(round_, "round"),
            summary=(
                f"{round_.title.name}（{SUBJECT_WORDS[SubjectKind(round_.title.subject_kind)]}），"
                f"表彰名额不超过{round_.seats}个，推荐截止{chinese_date(round_.closes_on)}。"
            ),
            unit=round_.case.unit,
            body=json.dumps(_round_blocks(round_), ensure_ascii=False),
            title_name=round_.title.name,
            opened_on=today,
            closes_on=round_.closes_on,
            live=False,
            owner=drafted_by,
        )
        put_live(page, drafted_by, approved_by)
    return page


def _round_blocks(round_: Round) -> list[dict[str, Any]]:
    terms = terms_of(round_.terms)
    ways = [
        words
        for allowed, words in (
            (terms.by_self, "自荐"),
            (terms.by_other, "他荐"),
            (terms.by_branch, "支部推荐"),
        )
        if allowed
    ]
    text = format_html(
        "<h2>推荐办法</h2>{}<p>推荐方式：{}。每个单位推荐名额{}个，表彰名额不超过{}个。"
        "推荐截止{}，联系电话{}。</p>",
        _paragraphs(round_.requirements),
        "、".join(ways),
        terms.quota,
        round_.seats,
        chinese_date(round_.closes_on),
        round_.phone,
    )
    blocks = [text_block(text)]
    if terms.criteria:
        rows = [[row.text, row.clause or "—"] for row in terms.criteria]
        blocks.append(table_block("评选条件", ["条件", "依据"], rows))
    if terms.lines:
        rows = [[row.name, str(row.points), row.guidance or "—"] for row in terms.lines]
        blocks.append(table_block("评分标准", ["项目", "分值", "评分办法"], rows))
    if terms.vetoes:
        rows = [[row.text, row.clause or "—"] for row in terms.vetoes]
        blocks.append(table_block("一票否决事项", ["事项", "依据"], rows))
    quotas = list(round_.quotas.select_related("unit"))
    if quotas:
        rows = [[row.unit.name, str(row.quota)] for row in quotas]
        blocks.append(table_block("另行规定名额的单位", ["单位", "推荐名额"], rows))
    return blocks


def publish_list(
    round_: Round, drafted_by: User, approved_by: User, today: datetime.date
) -> PublicNotice:
    """Publish who is to be honored as a public notice; objections hold everything back.

    Raises:
        OwnWork, NotReviewer, NoticeRefused: see `publish_notice`.
    """
    terms = terms_of(round_.terms)
    chosen = list(
        round_.nominations.filter(state=NominationState.PROPOSED)
        .select_related("unit", "person")
        .order_by("unit__path", "pk")
    )
    held = chinese_date(round_.meeting_on) if round_.meeting_on else ""
    notice = PublicNotice(
        owner_kind=FLOW,
        owner_id=owner_id(round_.case),
        section="honors",
        title=f"关于{round_.case.item}拟表彰对象的公示",
        subject=round_.title.name,
        basis=f"{terms.basis}；{round_.meeting}（{held}）"[:300],
        entries=[
            nominee(_shown_name(row), row.unit.name, round_.title.name, row.brief) for row in chosen
        ],
        days=terms.notice_days,
        unit=round_.case.unit,
        phone=round_.phone,
        address=round_.address,
    )
    return publish_notice(notice, drafted_by, approved_by, subjects=_people(chosen), today=today)


def _people(nominations: Sequence[Nomination]) -> list[Person]:
    return [row.person for row in nominations if row.person is not None]


def _shown_name(nomination: Nomination) -> str:
    extra = nomination.position
    name = nomination.subject_name
    return f"{name}（{extra}）"[:100] if extra else name


def publish_decision(
    round_: Round, winners: Sequence[Nomination], drafted_by: User, approved_by: User
) -> HonorDecisionPage:
    """Publish the decision with its number and the list of those who receive the title."""
    rows = [
        [str(place), row.subject_name, row.position or "—", row.unit.name]
        for place, row in enumerate(winners, 1)
    ]
    conferred_by = round_.title.conferred_by or round_.case.unit.name
    text = format_html(
        "<p>根据{}，经推荐、审核、评审和公示，{}研究决定，授予下列{}“{}”称号（{}年度）。</p>",
        terms_of(round_.terms).basis,
        conferred_by,
        SUBJECT_WORDS[SubjectKind(round_.title.subject_kind)],
        round_.title.name,
        round_.year,
    )
    page = HonorDecisionPage(
        title=round_.decision_title,
        slug=_slug(round_, "decision"),
        summary=f"{round_.decision_number}，授予“{round_.title.name}”称号{len(rows)}个。",
        unit=round_.case.unit,
        body=json.dumps(
            [
                text_block(text),
                table_block("表彰名单", ["序号", "名称", "岗位或班组", "单位"], rows),
            ],
            ensure_ascii=False,
        ),
        document_number=round_.decision_number,
        decided_on=round_.decided_on,
        live=False,
        owner=drafted_by,
    )
    put_live(page, drafted_by, approved_by)
    return page
