"""One side of the comparison: a process that publishes when told to and says how long it took.

``python -m tests.benchmarks.publish_process portal|stock`` migrates the database of DATABASE_URL,
then reads `approve` or `publish` from its input, line by line, and answers each with milliseconds.
The draft and its submission are made before the clock starts.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from typing import Any

import django

PARAGRAPH = "全体党员重温入党誓词，围绕安全生产逐条对照检查，明确整改责任人和完成时限。" * 4


def make_stock() -> None:
    """Take everything off the page type that the portal adds to publishing."""
    from django.db.models.signals import pre_delete
    from wagtail.models import Page, PagePermissionTester

    from portal.pages import whole_actions
    from portal.pages.models import PortalPage

    whole_actions.disconnect()
    pre_delete.disconnect(dispatch_uid="portal.pages.archive_source.deleted")
    for name in ("publish", "save", "save_revision", "permissions_for_user"):
        delattr(PortalPage, name)
    Page.permissions_for_user = lambda page, user: PagePermissionTester(user, page)


def make_stock_workflow(reviewer: Any) -> None:
    """Let a group review and publish everything by Wagtail's own task and permissions."""
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, WorkflowTask

    group = Group.objects.create(name="reviewers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("change_page", "publish_page"):
        permission = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(
            group=group, page=Page.get_first_root_node(), permission=permission
        )
    reviewer.groups.add(group)
    task = GroupApprovalTask.objects.create(name="stock review")
    task.groups.add(group)
    WorkflowTask.objects.update(task=task)


class Side:
    """Makes drafts and measures how long it takes to put them live."""

    def __init__(self, *, stock: bool) -> None:
        from django.test import Client

        from tests.factories.files import make_document, make_picture
        from tests.factories.people import make_user

        self.stock = stock
        self.count = 0
        self.author = make_user("party_staff")
        self.reviewer = make_user("party_approver")
        if stock:
            make_stock_workflow(self.reviewer)
        self.picture, self.document = make_picture(), make_document()
        self.client = Client()
        self.client.force_login(self.reviewer)

    def draft(self) -> Any:
        """A page with text, a picture and an attachment, saved as a draft."""
        from portal.pages.models import NewsIndexPage, NewsPage

        self.count += 1
        paragraphs: list[Any] = [("text", f"<p>{PARAGRAPH}{number}</p>") for number in range(6)]
        page = NewsPage(
            title=f"重温入党誓词，对照检查安全责任（{self.count}）",
            slug=f"benchmark-{self.count}",
            summary="支部党员逐条对照检查，明确整改责任人。",
            audience="public",
            live=False,
            owner=self.author,
            picture=self.picture,
            body=[
                *paragraphs,
                ("picture", {"image": self.picture, "alternative_text": "宣誓", "caption": ""}),
                ("attachments", {"title": "", "attachments": [{"document": self.document}]}),
            ],
        )
        NewsIndexPage.objects.get().add_child(instance=page)
        page.save_revision(user=self.author, log_action=True)
        return NewsPage.objects.get(pk=page.pk)

    def approve(self) -> Callable[[], Any]:
        """The request with which a reviewer approves and publishes."""
        from django.urls import reverse

        page = self.draft()
        state = page.get_workflow().start(page, self.author).current_task_state
        if self.stock:
            address = reverse(
                "wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]
            )
            values: dict[str, Any] = {"comment": ""}
        else:
            address = reverse("review", args=[state.pk])
            values = {"seen_revision": state.revision_id, "decision": "approve", "comment": ""}

        def request() -> None:
            answer = self.client.post(address, values)
            # `verify` looks in the end whether all of them are live.
            assert answer.status_code == 302, answer.content.decode()[:2000]

        return request

    def publish(self) -> Callable[[], Any]:
        """The publication of a revision in code."""
        page = self.draft()
        revision = page.get_latest_revision()
        return revision.publish

    def measure(self, kind: str) -> float:
        """Return milliseconds of one approval or publication."""
        action = getattr(self, kind)()
        started = time.perf_counter()
        action()
        return (time.perf_counter() - started) * 1000


def verify(side: Side) -> None:
    """Make sure that this side did what it is compared for."""
    from portal.archives.models import Record
    from portal.pages.models import NewsPage

    live = NewsPage.objects.filter(live=True).count()
    assert live == side.count, f"{live} of {side.count} pages are live"
    recorded = Record.objects.filter(kind="news").count()
    assert recorded == (0 if side.stock else live), f"{recorded} records of {live} pages"


def main(arguments: list[str]) -> int:
    """Serve measurements until the input ends."""
    stock = arguments == ["stock"]
    django.setup()
    if stock:
        make_stock()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    side = Side(stock=stock)
    try:
        for kind in ("approve", "publish"):
            for _ in range(5):
                side.measure(kind)
            with CaptureQueriesContext(connection) as queries:
                side.measure(kind)
            print(f"{kind} {len(queries)} queries with its draft", file=sys.stderr)
        print("ready", flush=True)
        for line in sys.stdin:
            print(side.measure(line.strip()), flush=True)
        verify(side)
    finally:
        shutil.rmtree(settings.TEMPORARY_DIR, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
