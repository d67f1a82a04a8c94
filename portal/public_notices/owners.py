"""What a notice is about tells the notices here how it wants to hear of them.

A case, an award or a nomination registers its kind once. All callbacks run in the transaction
of what they tell, so an error in one undoes the whole; they may be told the same thing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.public_notices.models import Objection, PublicNotice


@dataclass(frozen=True)
class NoticeOwner:
    """How one kind of owner follows its notices.

    Attributes:
        kind: short code, the `owner_kind` of the notices.
        on_over: the notice ran its days and nobody's objection is open.
        on_objection: an objection came in; the notice stands still from now.
        on_answer: an objection to an open notice was answered; when it was upheld the notice is
            called off already, and the owner hears of no further answer to it.
        investigation: the page on which it is written down what was looked into, for an owner that
            takes no answer without it.
        lock: locks the row of the owner. Owners that publish a notice while they hold their own
            lock must give it, so that both sides take the two locks in the same order.
    """

    kind: str
    on_over: Callable[[PublicNotice], None]
    on_objection: Callable[[Objection], None]
    on_answer: Callable[[Objection], None] | None = None
    lock: Callable[[str], None] | None = None
    investigation: Callable[[Objection], str] | None = None


_owners: dict[str, NoticeOwner] = {}


def register_notice_owner(
    kind: str,
    on_over: Callable[[PublicNotice], None],
    on_objection: Callable[[Objection], None],
    *,
    on_answer: Callable[[Objection], None] | None = None,
    lock: Callable[[str], None] | None = None,
    investigation: Callable[[Objection], str] | None = None,
) -> None:
    """Add a kind of owner once, when its application is ready; see `NoticeOwner`.

    The one who objects is not to be shown to those whom the notice names; an owner that keeps
    something of an objection keeps its key.
    """
    _owners[kind] = NoticeOwner(kind, on_over, on_objection, on_answer, lock, investigation)


def forget_notice_owner(kind: str) -> None:
    """Take a kind of owner out again."""
    _owners.pop(kind, None)


def notice_owner(kind: str) -> NoticeOwner | None:
    """Return how a kind of owner follows its notices; None for a kind nobody registered."""
    return _owners.get(kind)


def investigation_of(objection: Objection) -> str:
    """Return the page on which the investigation is written down; empty where there is none."""
    owner = notice_owner(objection.notice.owner_kind)
    if owner is None or owner.investigation is None:
        return ""
    return owner.investigation(objection)


def lock_owner(kind: str, owner_id: str) -> None:
    """Lock the owner before its notice, where its kind wants that. Must run in a transaction."""
    owner = notice_owner(kind)
    if owner is not None and owner.lock is not None:
        owner.lock(owner_id)
