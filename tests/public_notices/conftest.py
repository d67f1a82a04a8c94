"""What the tests of public notices share: an owner that notes what it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.public_notices.owners import forget_notice_owner, register_notice_owner


class NotedOwner:
    """Keeps what the callbacks told, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []


@pytest.fixture
def owner() -> Iterator[NotedOwner]:
    """An owner of the kind `test` for the length of a test."""
    noted = NotedOwner()
    register_notice_owner(
        "test",
        lambda notice: noted.told.append(("over", notice.owner_id)),
        lambda objection: noted.told.append(("objection", objection.notice.owner_id)),
        on_answer=lambda objection: noted.told.append(("answer", objection.state)),
        lock=lambda owner_id: noted.told.append(("lock", owner_id)),
    )
    yield noted
    forget_notice_owner("test")
