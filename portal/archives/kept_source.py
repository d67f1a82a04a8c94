"""What sources have in common whose items are kept as they are, without a page that may end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from portal.archives.models import Record
from portal.archives.sources import CapturedState, ContentPart, written_rendition


class KeptSource(ABC):
    """A source of items that are finished when they are captured: lists, registers, files.

    Such an item is filed in one way, names nobody besides what its parts say, has no public page,
    is accepted as it is, and is never withdrawn. A source says otherwise by its own method.
    """

    kind: ClassVar[str]
    file_models: ClassVar[dict[str, str]] = {}

    @abstractmethod
    def kinds(self) -> dict[str, Any]:
        """Return the codes and names of what the source keeps."""

    @abstractmethod
    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return what was captured as readable text."""

    @abstractmethod
    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return the item as the database has it; None while it is not finished."""

    def subkinds(self, kind: str) -> dict[str, Any]:
        """Return nothing: items are filed in one way."""
        return {}

    def rendition_context(self, record: Record, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the parts as facts on paper."""
        facts = [[part.label, part.text] for part in self.parts(payload)]
        return written_rendition(record, payload, facts)

    def people(self, payload: dict[str, Any]) -> list[str]:
        """Return nobody."""
        return []

    def origin(self, source_id: str) -> dict[str, str] | None:
        """Return nothing: there is no public page."""
        return None

    def state_of(self, source_id: str) -> CapturedState | None:
        """Return the item."""
        return self.committed_state(source_id, "default")

    def accept_capture(  # noqa: B027  accepting is all there is to do
        self, source_id: str, state: CapturedState
    ) -> None:
        """Accept it: it was finished before."""

    def ended(self, source_id: str, using: str) -> dict[str, Any]:
        """Return what would be written if it ended; it does not."""
        return {"event": "withdraw", "account": None}
