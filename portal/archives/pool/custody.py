"""Compare where a record stands with what its ledger entries say happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from portal.archives.appraisal.events import KEEP_LONGER
from portal.archives.canonical import canonical
from portal.archives.models import Record, RecordState
from portal.archives.pool.intake import APART, INTAKE, SUPERSEDE
from portal.archives.pool.services import (
    ACCEPT,
    ANSWER,
    BRING_IN,
    CORRECT,
    RETURN,
    VOID_CODE,
)

# Which state an event leads to; intake names its own.
LEADS_TO = {
    APART: RecordState.APART,
    SUPERSEDE: RecordState.SUPERSEDED,
    RETURN: RecordState.RETURNED,
    ANSWER: RecordState.POOL,
    ACCEPT: RecordState.ACCEPTED,
    VOID_CODE: RecordState.POOL,
    BRING_IN: RecordState.POOL,
}
EVENTS = frozenset({INTAKE, CORRECT, KEEP_LONGER, *LEADS_TO})
# Columns that an acceptance sets, by their names in its payload.
ACCEPTED = {
    "archive_code": "code",
    "class_code": "class",
    "period": "period",
    "expires_on": "expires_on",
    "unit_id": "unit",
}


def replay(unit: int | None, events: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Return the columns to which the custody events of a record lead.

    Args:
        unit: the key of the unit that was captured.
        events: kinds and payloads of the ledger entries, oldest first.
    """
    expected: dict[str, Any] = {
        "unit_id": unit,
        "state": RecordState.CAPTURED,
        "archive_code": None,
        "class_code": "",
        "period": "",
        "expires_on": None,
    }
    for kind, payload in events:
        if kind == CORRECT:
            expected["unit_id"] = payload.get("after", {}).get("unit")
            continue
        if kind == KEEP_LONGER:
            expected["expires_on"] = payload.get("expires_on")
            continue
        expected["state"] = payload.get("state") if kind == INTAKE else LEADS_TO[kind]
        if kind == ACCEPT:
            expected.update({column: payload.get(name) for column, name in ACCEPTED.items()})
        elif kind == VOID_CODE:
            expected.update({"archive_code": None, "class_code": "", "period": ""})
            expected["expires_on"] = None
    return expected


def differing_columns(
    record: Record, unit: int | None, events: Iterable[tuple[str, dict[str, Any]]]
) -> Iterator[str]:
    """Yield the columns of a record that its custody events do not explain."""
    for column, value in replay(unit, events).items():
        if canonical(getattr(record, column)) != canonical(value):
            yield column
