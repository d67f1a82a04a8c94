"""The demo parts of honors."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from honors.demo import awards, rounds
from honors.demo.members import MEMBERS
from honors.demo.model_posts import MODEL_POSTS
from honors.demo.texts import MemberText, ModelPostText
from portal.demo.parts import PARTY_APPROVER, PARTY_STAFF
from portal.demo.registry import DemoPart, register_part
from portal.demo.texts import DemoText


def register() -> None:
    """Register model posts, excellent members and rounds."""
    rounds.register()
    register_part(
        DemoPart(
            kind="model-post",
            name="安全生产模范岗",
            texts=MODEL_POSTS,
            parent=_parent,
            build=_model_post,
            drafter=lambda text: PARTY_STAFF,
            reviewer=lambda text: PARTY_APPROVER,
        )
    )
    register_part(
        DemoPart(
            kind="excellent-member",
            name="优秀党员和党务工作者",
            texts=MEMBERS,
            parent=_parent,
            build=_member,
            drafter=lambda text: PARTY_STAFF,
            reviewer=lambda text: PARTY_APPROVER,
        )
    )
    awards.register()


def _parent(text: DemoText) -> Page:
    from honors.models import HonorIndexPage

    return HonorIndexPage.objects.get()


def _model_post(text: ModelPostText) -> Any:
    from honors.models import SafetyModelPostPage

    return SafetyModelPostPage(
        post_name=text.post_name,
        team_name=text.team_name,
        year=text.year,
        decision_number=text.decision_number,
        accident_free_days=text.accident_free_days,
        hazards_found=text.hazards_found,
    )


def _member(text: MemberText) -> Any:
    from honors.models import ExcellentMemberPage

    return ExcellentMemberPage(
        member_name=text.member_name,
        position=text.position,
        year=text.year,
        decision_number=text.decision_number,
        revoked=text.revoked,
        revocation=text.revocation,
    )
