"""A small portal with one of everything the admin can act on, and a fingerprint of what is live."""

from __future__ import annotations

import datetime
import io
import sqlite3
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection
from django.utils import timezone
from PIL import Image
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Collection, Page, PageViewRestriction, Revision, Site

from branches.models import ActivityPage
from portal.archives.canonical import digest
from portal.archives.models import Record
from portal.pages.archive_source import page_content
from portal.pages.models import (
    HomePage,
    NewsIndexPage,
    PortalDocument,
    PortalImage,
    PortalMedia,
    Publication,
)
from portal.roles.models import RoleAssignment
from tests.factories.organizations import make_branch
from tests.factories.pages import (
    change_draft,
    make_activity_page,
    make_branch_page,
    make_news_page,
    submit,
)
from tests.factories.people import make_user

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# What a request writes to remember that a session is in use.
SEEN = (
    'UPDATE "DJANGO_SESSION"',
    'INSERT INTO "DJANGO_SESSION"',
    'UPDATE "USERSESSIONS_USERSESSION"',
    'INSERT INTO "USERSESSIONS_USERSESSION"',
)


class AdminWorld:
    """Two branches, pages in every state, files, and drafts to which `writer` contributed.

    Everything that can be named carries the name of the branch, so that a test can tell from
    a response whether anything of the branch is in it.
    """

    def __init__(self, writer: Any, branch: Any) -> None:
        name = branch.name
        self.branch = branch
        self.branch_page = make_branch_page(branch)
        self.other_branch_page = make_branch_page(make_branch("另一个党支部"))
        self.author = make_user("organization_member", unit=branch, name=f"{name}的作者")
        self.group = self.author.groups.get()
        self.assignment = RoleAssignment.objects.get(person=self.author.person_id)
        self.home = HomePage.objects.get()
        self.news_index = NewsIndexPage.objects.get()
        self.site = Site.objects.get()

        self.live = make_activity_page(
            self.branch_page, self.author, f"{name}已发布的活动", live=True
        )
        self.first_revision = self.live.live_revision
        self.record = Record.objects.get(source_id=str(self.live.pk))
        change_draft(self.live, writer, summary="没有审核的改动")
        self.draft = make_activity_page(self.branch_page, writer, f"{name}活动草稿")
        self.reviewed = make_activity_page(self.branch_page, writer, f"{name}审核中的活动")
        self.state = submit(self.reviewed, writer)
        self.scheduled = self._scheduled()
        self.news = make_news_page(self.author, f"{name}已发布的新闻", live=True)
        self.alias = CreatePageAliasAction(
            self.news, parent=self.news_index, update_slug="alias", user=None
        ).execute(skip_permission_checks=True)
        for page in (self.live, self.draft, self.reviewed):
            page.refresh_from_db()
        self.pages = [self.live, self.draft, self.reviewed, self.scheduled, self.branch_page]
        self._files()

    def _scheduled(self) -> ActivityPage:
        page = make_activity_page(
            self.branch_page, self.author, f"{self.branch.name}定时发布的活动"
        )
        page.go_live_at = timezone.now() + datetime.timedelta(days=1)
        page.save_revision(user=self.author).publish(user=None, skip_permission_checks=True)
        page.refresh_from_db()
        assert not page.live
        return page

    def _files(self) -> None:
        name = self.branch.name
        self.collection = Collection.objects.get(name=f"{self.branch.code} {name}")
        drawing = io.BytesIO()
        Image.new("RGB", (16, 16), "white").save(drawing, "PNG")
        self.image = PortalImage.objects.create(
            title=f"{name}的图",
            file=ImageFile(drawing, name="t.png"),
            width=16,
            height=16,
            collection=self.collection,
        )
        self.document = PortalDocument.objects.create(
            title=f"{name}的附件",
            file=ContentFile(b"%PDF-1.4 test", name="t.pdf"),
            collection=self.collection,
        )
        self.media = PortalMedia.objects.create(
            title=f"{name}的录音",
            type="audio",
            duration=1,
            file=ContentFile(b"ID3", name="t.mp3"),
            collection=self.collection,
        )


def what_is_live() -> dict[int, str]:
    """Return a digest of the content of every live page by its key."""
    return {
        page.pk: digest(page_content(page.specific))
        for page in Page.objects.filter(live=True, depth__gt=1)
    }


def what_counts() -> dict[str, Any]:
    """Return what nobody may add to alone: records, schedules, privacy and list rows."""
    return {
        "records": Record.objects.count(),
        "scheduled": set(
            Revision.objects.exclude(approved_go_live_at=None).values_list("pk", flat=True)
        ),
        "privacy": set(PageViewRestriction.objects.values_list("page", "restriction_type")),
        "listed": set(Publication.objects.values_list("pk", "title", "summary", "audience")),
    }


class Snapshot:
    """The SQLite database and the stored files at one moment, to come back to."""

    def __init__(self, *rows: Any) -> None:
        self.files = [(row.file.storage, row.file.name, row.file.read()) for row in rows]
        connection.ensure_connection()
        self.copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(self.copy)
        self.touched = False

    def note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Notice statements that write, except that somebody was seen.

        For `connection.execute_wrapper`.
        """
        statement = sql.lstrip().upper()
        if statement.startswith(WRITES) and not statement.startswith(SEEN):
            self.touched = True
        return execute(sql, params, many, context)

    def restore(self) -> None:
        """Put everything back."""
        connection.close()
        connection.ensure_connection()
        self.copy.backup(connection.connection)
        self.touched = False
        for storage, name, content in self.files:
            if not storage.exists(name):
                storage.save(name, ContentFile(content))
