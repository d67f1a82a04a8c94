"""What the archive keeps: records and files, the ledger, the scope table, the pool, the codes."""

from __future__ import annotations

from portal.archives.models.codes import CodePreset, CodeTemplate, IssuedCode, ItemCounter
from portal.archives.models.heads import TreeHead, TreeNode
from portal.archives.models.keys import RecordKey, SealingTask
from portal.archives.models.ledger import EntryPayload, LedgerEntry
from portal.archives.models.pool import PoolItem, PoolReminder, ReturnReason
from portal.archives.models.records import (
    CITED_ROLES,
    AccessLevel,
    FileRole,
    Record,
    RecordFile,
    RecordState,
    Render,
    RenderStatus,
    RetentionPeriod,
)
from portal.archives.models.retrieval import (
    PersonPart,
    RecordPerson,
    RecordTally,
    SavedSearch,
)
from portal.archives.models.scope import (
    ArchiveClass,
    Fonds,
    ScopeRule,
    ScopeTable,
    ScopeTableState,
)

__all__ = [
    "CITED_ROLES",
    "AccessLevel",
    "ArchiveClass",
    "CodePreset",
    "CodeTemplate",
    "EntryPayload",
    "FileRole",
    "Fonds",
    "IssuedCode",
    "ItemCounter",
    "LedgerEntry",
    "PersonPart",
    "PoolItem",
    "PoolReminder",
    "Record",
    "RecordFile",
    "RecordPerson",
    "RecordKey",
    "RecordState",
    "RecordTally",
    "Render",
    "RenderStatus",
    "RetentionPeriod",
    "ReturnReason",
    "SavedSearch",
    "ScopeRule",
    "ScopeTable",
    "ScopeTableState",
    "SealingTask",
    "TreeHead",
    "TreeNode",
]
