"""What the archive keeps: records and files, the ledger, the scope table, the pool, the codes."""

from __future__ import annotations

from portal.archives.models.appraisal import (
    DECIDED_STATES,
    Appraisal,
    AppraisalDecision,
    DestructionEntry,
    DestructionList,
    DestructionState,
    DestructionWitness,
    LegalHold,
)
from portal.archives.models.attachments import Conversion, ConversionReason
from portal.archives.models.codes import CodePreset, CodeTemplate, IssuedCode, ItemCounter
from portal.archives.models.consultation import (
    Consultation,
    ConsultationKind,
    ConsultationState,
)
from portal.archives.models.deliveries import (
    DeliveredFile,
    DeliveredRole,
    DeliveringSystem,
    Delivery,
    FlowKind,
)
from portal.archives.models.fixity import FixityFault, FixityProblem, RepairOrder
from portal.archives.models.heads import TreeHead, TreeNode
from portal.archives.models.inspections import (
    Inspection,
    InspectionResult,
    InspectionStage,
    Outcome,
    Verdict,
)
from portal.archives.models.keys import RecordKey, SealingTask
from portal.archives.models.ledger import EntryPayload, LedgerEntry
from portal.archives.models.legacy import LegacyBatch, LegacyItem, LegacyScan, LegacyState
from portal.archives.models.packages import (
    ExportKind,
    PackageExport,
    PackageReason,
    PackageWork,
    SealedPackage,
)
from portal.archives.models.paper import BoxResult, PaperCopy, StockBox, StockTaking
from portal.archives.models.pool import PoolItem, PoolReminder, ReturnReason
from portal.archives.models.records import (
    CITED_ROLES,
    PACKAGE_ROLES,
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
from portal.archives.models.statistics import (
    ExpectedFiling,
    FiguresOfYear,
    FileFigure,
    FilingInterval,
    PageCount,
)

__all__ = [
    "CITED_ROLES",
    "DECIDED_STATES",
    "DeliveredFile",
    "DeliveredRole",
    "DeliveringSystem",
    "Delivery",
    "FlowKind",
    "PACKAGE_ROLES",
    "AccessLevel",
    "Appraisal",
    "AppraisalDecision",
    "ArchiveClass",
    "BoxResult",
    "CodePreset",
    "CodeTemplate",
    "Consultation",
    "ConsultationKind",
    "ConsultationState",
    "Conversion",
    "ConversionReason",
    "DestructionEntry",
    "DestructionList",
    "DestructionState",
    "DestructionWitness",
    "EntryPayload",
    "ExpectedFiling",
    "ExportKind",
    "FiguresOfYear",
    "FileFigure",
    "FileRole",
    "FilingInterval",
    "FixityFault",
    "FixityProblem",
    "Fonds",
    "Inspection",
    "InspectionResult",
    "InspectionStage",
    "IssuedCode",
    "ItemCounter",
    "LedgerEntry",
    "LegacyBatch",
    "LegacyItem",
    "LegacyScan",
    "LegacyState",
    "LegalHold",
    "Outcome",
    "PaperCopy",
    "PackageExport",
    "PackageReason",
    "PackageWork",
    "PageCount",
    "PersonPart",
    "PoolItem",
    "PoolReminder",
    "Record",
    "RecordFile",
    "RecordKey",
    "RecordPerson",
    "RecordState",
    "RecordTally",
    "Render",
    "RenderStatus",
    "RepairOrder",
    "RetentionPeriod",
    "ReturnReason",
    "SavedSearch",
    "ScopeRule",
    "ScopeTable",
    "ScopeTableState",
    "SealedPackage",
    "SealingTask",
    "StockBox",
    "StockTaking",
    "TreeHead",
    "TreeNode",
    "Verdict",
]
