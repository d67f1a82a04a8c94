"""Who acts, and on what authority, for the length of a request or a command."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Acting:
    """The actor of what is being written.

    Attributes:
        user_id: the account, or None for the system itself.
        in_request: whether a person does this through the web, where nobody publishes alone.
        approved_page_ids: pages whose revision was approved by a second person just now.
        reviewer_id: the account that approved them.
        reason: why a record is written late, shown on it.
        late: whether records written now are late ones (补录).
    """

    user_id: int | None = None
    in_request: bool = False
    approved_page_ids: frozenset[int] = frozenset()
    reviewer_id: int | None = None
    late: bool = False
    reason: str = ""


_NOBODY = Acting()
_acting: ContextVar[Acting] = ContextVar("acting", default=_NOBODY)


def acting() -> Acting:
    """Return who acts now."""
    return _acting.get()


@contextlib.contextmanager
def act_as(**changes: object) -> Iterator[Acting]:
    """Change who acts, or on what authority, inside a with block."""
    state = dataclasses.replace(_acting.get(), **changes)  # type: ignore[arg-type]
    token = _acting.set(state)
    try:
        yield state
    finally:
        _acting.reset(token)


@contextlib.contextmanager
def recording_late(reason: str) -> Iterator[Acting]:
    """Mark records written inside a with block as late ones (补录), with the reason."""
    with act_as(late=True, reason=reason or "补录") as state:
        yield state
