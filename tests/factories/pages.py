"""Pages, drafts and reviews for tests. All texts are invented."""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING, Any

from wagtail.models import TaskState

from branches.models import ActivityKind, ActivityPage, BranchPage
from branches.services import create_branch_page
from portal.archives.actors import act_as
from portal.organizations.models import Unit
from portal.pages.models import NewsIndexPage, NewsPage
from portal.publishing import services

if TYPE_CHECKING:
    from portal.people.models import User

_numbers = itertools.count(1)
TOPICS = ("学习安全生产法", "清扫井口广场", "重温入党誓词", "慰问离休干部", "讨论发展对象")


def make_branch_page(unit: Unit) -> BranchPage:
    """Create the live page of a Party branch, roles in line."""
    return create_branch_page(unit)


def make_activity_page(
    branch_page: BranchPage,
    author: User | None = None,
    title: str = "",
    *,
    live: bool = False,
    **fields: Any,
) -> ActivityPage:
    """Create an activity page with one revision: a draft, or published outside a request."""
    number = next(_numbers)
    branch_page.refresh_from_db()
    page = ActivityPage(
        title=title or f"{TOPICS[number % len(TOPICS)]}（{number}）",
        slug=f"activity-{number}",
        unit=branch_page.branch,
        activity_kind=ActivityKind.THEME_DAY,
        held_on=datetime.date(2026, 11, 1) + datetime.timedelta(days=number % 20),
        place="井口广场",
        live=False,
        owner=author,
        **fields,
    )
    return _with_revision(branch_page, page, author, live)


def make_news_page(
    author: User | None = None, title: str = "", *, live: bool = False, **fields: Any
) -> NewsPage:
    """Create a news page with one revision: a draft, or published outside a request."""
    number = next(_numbers)
    page = NewsPage(
        title=title or f"集团公司召开工作例会（{number}）",
        live=False,
        owner=author,
        **{"slug": f"news-{number}", **fields},
    )
    return _with_revision(NewsIndexPage.objects.get(), page, author, live)


def _with_revision(parent: Any, page: Any, author: User | None, live: bool) -> Any:
    parent.add_child(instance=page)
    revision = page.save_revision(user=author, log_action=True)
    if live:
        revision.publish(user=author, skip_permission_checks=True)
        page.refresh_from_db()
    return page


def change_draft(page: Any, author: User | None, **fields: Any) -> Any:
    """Save a newer draft of a page with other values; return its revision."""
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    return draft.save_revision(user=author, log_action=True)


def submit(page: Any, author: User) -> TaskState:
    """Submit the newest draft of a page for review; return the open review."""
    state = services.submit_for_review(type(page).objects.get(pk=page.pk), author)
    found: TaskState = state.current_task_state
    return found


def approve(state: TaskState, reviewer: User, *, seen: int | None = None) -> Any:
    """Approve a review as through the web: the revision in the review, or the one given."""
    with act_as(user_id=reviewer.pk, in_request=True):
        return services.approve(
            state.pk,
            seen_revision_id=state.revision_id if seen is None else seen,
            user=reviewer,
        )
