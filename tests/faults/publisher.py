"""Processes that publish on every route and are killed while they do.

``python -m tests.faults.publisher KILLS SEED AUTHOR REVIEWER`` loads the portal once, then forks
one publisher after the other against the database of DATABASE_URL, kills each with SIGKILL after a
random time and prints, as JSON, how many died inside a transaction that publishes, withdraws or
deletes; the preparation of drafts does not count, whether in a transaction or not. What the
database holds afterwards is for the caller to judge. The publishers are processes of their own;
forking them only saves loading the portal three hundred times.
"""

from __future__ import annotations

import collections
import contextlib
import json
import mmap
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

from tests.faults.mutation import apply_mutation

# Seconds after which a publisher is killed: from before its first statement to its third action.
EARLIEST, LATEST = 0.002, 0.25
NOTHING, OUTSIDE, INSIDE = b"\0", b"\1", b"\2"
# Drafts that every publisher makes before the clock starts.
PREPARED = 3

# Shared with the publisher: whether it is in a transaction, its action, whether that publishes.
state = mmap.mmap(-1, 3)


@contextlib.contextmanager
def publishing() -> Iterator[None]:
    """Note that what is inside the block puts something live or ends it."""
    state[2] = 1
    try:
        yield
    finally:
        state[2] = 0


def watch_transactions() -> None:
    """Keep in shared memory whether this process is inside a transaction."""
    from django.db import connection

    connection.ensure_connection()
    wrapped: Any = connection._connections[connection._alias]  # type: ignore[attr-defined]
    set_autocommit = wrapped.set_autocommit

    def watched(autocommit: bool, *args: Any, **kwargs: Any) -> None:
        set_autocommit(autocommit, *args, **kwargs)
        if state[0:1] != NOTHING:
            state[0:1] = OUTSIDE if autocommit else INSIDE

    wrapped.set_autocommit = watched


class Publisher:
    """The routes on which something goes live or stops being live."""

    def __init__(self, seed: int, author_id: int, reviewer_id: int) -> None:
        from portal.people.models import User

        self.random = random.Random(seed)
        self.name = f"{seed}-{os.getpid()}"
        self.count = 0
        self.prepared: list[Any] = []
        self.author = User.objects.get(pk=author_id)
        self.reviewer = User.objects.get(pk=reviewer_id)
        self.actions: tuple[Callable[[], None], ...] = (
            *(self.approve, self.approve, self.publish_revision, self.publish_scheduled),
            *(self.publish_many, self.copy, self.alias, self.add_live, self.revert),
            *(self.change, self.save_live, self.draft, self.withdraw, self.delete, self.move),
        )

    def run(self) -> None:
        """Publish until killed."""
        self.prepared = [self.new_draft() for _ in range(PREPARED)]
        state[2] = 0
        state[0:1] = OUTSIDE
        while True:
            number = self.random.randrange(len(self.actions))
            state[1:2] = bytes([number])
            self.actions[number]()

    def new_draft(self) -> Any:
        """A news page with a draft: one of those prepared, as long as there are some."""
        from portal.pages.models import NewsIndexPage, NewsPage

        if self.prepared:
            return self.prepared.pop()
        self.count += 1
        page = NewsPage(
            title=f"班组新闻 {self.name} {self.count}",
            slug=f"fault-{self.name}-{self.count}",
            live=False,
            owner=self.author,
        )
        NewsIndexPage.objects.get().add_child(instance=page)
        page.save_revision(user=self.author)
        return NewsPage.objects.get(pk=page.pk)

    def any_live(self) -> Any:
        """Some live news page that is not an alias; a new one where there is none."""
        from portal.pages.models import NewsPage

        found = NewsPage.objects.filter(live=True, alias_of=None).order_by("-pk")[:20]
        pages = list(found)
        if not pages:
            page = self.new_draft()
            page.get_latest_revision().publish()
            return NewsPage.objects.get(pk=page.pk)
        return self.random.choice(pages)

    def approve(self) -> None:
        """Submit and approve, as the review page does."""
        from tests.factories.pages import approve, submit

        review = submit(self.new_draft(), self.author)
        with publishing():
            approve(review, self.reviewer)

    def publish_revision(self) -> None:
        """Publish a revision in code."""
        revision = self.new_draft().get_latest_revision()
        with publishing():
            revision.publish()

    def publish_scheduled(self) -> None:
        """Publish what is due, and withdraw what expired."""
        import datetime

        from django.core.management import call_command
        from django.utils import timezone
        from wagtail.models import Page, Revision

        page, ending = self.new_draft(), self.any_live()
        past = timezone.now() - datetime.timedelta(minutes=1)
        Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=past)
        Page.objects.filter(pk=ending.pk).update(expire_at=past)
        with publishing():
            call_command("publish_scheduled")

    def publish_many(self) -> None:
        """Publish several pages in one transaction, as Wagtail's bulk action does."""
        from django.db import transaction

        drafts = [self.new_draft() for _ in range(3)]
        with publishing(), transaction.atomic():
            for page in drafts:
                page.get_latest_revision().publish()

    def copy(self) -> None:
        """Copy a live page and keep the copy live."""
        self.count += 1
        slug = f"copy-{self.name}-{self.count}"
        page = self.any_live()
        with publishing():
            page.copy(keep_live=True, update_attrs={"slug": slug})

    def alias(self) -> None:
        """Make an alias of a live page, then publish the page anew with the alias following."""
        self.count += 1
        page = self.any_live()
        with publishing():
            page.create_alias(update_slug=f"alias-{self.name}-{self.count}")
        self._change(page)

    def add_live(self) -> None:
        """Add a page that is live from the first moment."""
        from portal.pages.models import NewsIndexPage, NewsPage

        self.count += 1
        slug = f"added-{self.name}-{self.count}"
        with publishing():
            NewsIndexPage.objects.get().add_child(
                instance=NewsPage(title=f"直接添加 {slug}", slug=slug, live=True)
            )

    def _change(self, page: Any) -> None:
        draft = page.get_latest_revision_as_object()
        draft.summary = f"修改 {time.monotonic_ns()}"
        revision = draft.save_revision(user=self.author)
        with publishing():
            revision.publish()

    def change(self) -> None:
        """Publish a changed revision of a live page."""
        self._change(self.any_live())

    def revert(self) -> None:
        """Publish an old revision again."""
        page = self.any_live()
        first = page.revisions.order_by("pk").first()
        if first is not None:
            again = first.as_object().save_revision(previous_revision=first)
            with publishing():
                again.publish(previous_revision=first)

    def save_live(self) -> None:
        """Save a live page directly."""
        page = self.any_live()
        page.summary = f"直接保存 {time.monotonic_ns()}"
        with publishing():
            page.save()

    def draft(self) -> None:
        """Save a draft over a live page, which publishes nothing."""
        page = self.any_live()
        page.summary = "草稿"
        page.save_revision(user=self.author)

    def withdraw(self) -> None:
        """Withdraw a page."""
        page = self.any_live()
        with publishing():
            page.unpublish()

    def delete(self) -> None:
        """Delete a live page."""
        page = self.any_live()
        with publishing():
            page.delete()

    def move(self) -> None:
        """Move a live page to the end of its siblings."""
        from portal.pages.models import NewsIndexPage

        page, target = self.any_live(), NewsIndexPage.objects.get()
        with publishing():
            page.move(target, pos="last-child")


def fork_and_kill(seed: int, delay: float, author_id: int, reviewer_id: int) -> tuple[bool, int]:
    """Fork a publisher and kill it `delay` seconds after it began to publish.

    Returns:
        whether it died inside a transaction that publishes, and the number of its last action.
    """
    state[0:1] = NOTHING
    child = os.fork()
    if child == 0:
        try:
            apply_mutation()
            publisher = Publisher(seed, author_id, reviewer_id)
            watch_transactions()
            publisher.run()
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(1)
    while state[0:1] == NOTHING:
        if os.waitpid(child, os.WNOHANG)[0]:
            raise RuntimeError(f"Publisher {seed} ended in its preparation; see its error above.")
        time.sleep(0.0005)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError(f"Publisher {seed} ended by itself; see its error above.")
    return state[0:1] == INSIDE and state[2] == 1, state[1]


def warm(author_id: int, reviewer_id: int) -> tuple[str, ...]:
    """Go every route once, so that the publishers do not start by loading modules."""
    from django.db import connections

    publisher = Publisher(0, author_id, reviewer_id)
    for action in dict.fromkeys(publisher.actions):
        action()
    connections.close_all()
    return tuple(action.__name__ for action in publisher.actions)


def main(arguments: list[str]) -> int:
    """Kill as many publishers as asked for and print what they died of."""
    kills, seed, author_id, reviewer_id = (int(argument) for argument in arguments)
    django.setup()
    names = warm(author_id, reviewer_id)
    chance = random.Random(seed)
    inside: collections.Counter[str] = collections.Counter()
    outside: collections.Counter[str] = collections.Counter()
    for number in range(1, kills + 1):
        delay = chance.uniform(EARLIEST, LATEST)
        was_inside, action = fork_and_kill(seed * 10_000 + number, delay, author_id, reviewer_id)
        (inside if was_inside else outside)[names[action]] += 1
    print(
        json.dumps(
            {
                "kills": kills,
                "inside": sum(inside.values()),
                "inside_by_action": inside,
                "outside_by_action": outside,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
