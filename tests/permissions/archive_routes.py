"""The addresses of the archive office, each with what is sent to it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from tests.permissions.calls import Call

# No batch, head or file of this number exists; what is asked is whether the address holds.
NONE = 4711


def archive_routes(record: Any) -> dict[str, list[Call]]:
    """Return the calls of every archive address by its name.

    Args:
        record: one that exists, of a live page.
    """
    return {
        **_records(record.pk),
        **_pool(record.pk),
        **_scope_and_codes(),
        **_holdings(record.pk),
        **_packages(record.pk),
        **_appraisal(record.pk),
        **_figures_and_proofs(record.pk),
    }


def _records(record: uuid.UUID) -> dict[str, list[Call]]:
    return {
        "archive_records": [Call(), Call(query="page=x&year=zz&kind=zz")],
        "archive_export": [Call(), Call(query="year_from=x")],
        "archive_searches": [Call()],
        "archive_search_save": [Call(forms=({}, {"name": "x", "query": "kind=news"}))],
        "archive_search_rename": [Call((1,), forms=({"name": "x"},))],
        "archive_search_delete": [Call((1,))],
        "archive_as_of": [Call(), Call(query=f"record={record}&date=2026-11-21")],
        "archive_difference": [Call((record, record))],
        "archive_record": [Call((record,)), Call((uuid.uuid4(),))],
        "archive_file": [Call((record, 1))],
        "archive_access_level": [
            Call((record,), forms=({}, {"level": "open", "reason": "x", "seen": "open"})),
            Call((uuid.uuid4(),)),
        ],
        "archive_file_preview": [Call((record, 1, 320)), Call((uuid.uuid4(), 1, 9999))],
    }


def _pool(record: uuid.UUID) -> dict[str, list[Call]]:
    correction = {"archive_class": "DQ02", "period": "Y", "unit": "1"}
    return {
        "archive_pool": [Call(), Call(query="list=x&unit=%E4%B8%80&kind=x&page=x")],
        "archive_pool_batch": [
            Call(
                forms=(
                    {},
                    {"record": [str(record), "x"], "action": "accept"},
                    {"record": [str(record)], "action": "accept", "confirmed": "yes"},
                    {"record": [str(record)], "action": "return", "confirmed": "yes"},
                )
            )
        ],
        "archive_stalled": [Call(), Call(query="page=x")],
        "archive_supervision_sheet": [Call(("NONE",)), Call(("%00",))],
        "archive_pool_item": [Call((record,)), Call((uuid.uuid4(),))],
        "archive_pool_correct": [Call((record,), forms=({}, correction))],
        "archive_pool_return": [Call((record,), forms=({}, {"reason": "class", "remark": "x"}))],
        "archive_pool_answer": [Call((record,), forms=({}, {"words": "x"}))],
        "archive_pool_accept": [Call((record,), forms=({},))],
        "archive_pool_void": [Call((record,), forms=({}, {"reason": "x"}))],
        "archive_pool_bring_in": [
            Call((record,), forms=({}, {**correction, "reason": "x"})),
            Call((uuid.uuid4(),)),
        ],
    }


def _scope_and_codes() -> dict[str, list[Call]]:
    row = {"position": "1", "kind": "news", "description": "x", "clause": "x"}
    return {
        "archive_scope": [Call(), Call(query="page=x")],
        "archive_scope_upload": [Call(forms=({}, {"remark": "x"}))],
        "archive_scope_table": [Call((1,)), Call((NONE,))],
        "archive_scope_download": [Call((1,))],
        "archive_scope_copy": [Call((1,), forms=({},))],
        "archive_scope_settings": [Call((1,), forms=({}, {"apart_years": "x"}))],
        "archive_scope_defaults": [Call((1,), forms=({},))],
        "archive_scope_new_rule": [Call((1,), forms=({}, row))],
        "archive_scope_rule": [Call((1, 1), forms=({}, row)), Call((1, NONE))],
        "archive_scope_remove_rule": [Call((1, 1), forms=({},)), Call((1, NONE))],
        "archive_scope_simulation": [Call((1,)), Call((NONE,))],
        "archive_scope_in_force": [Call((1,), forms=({}, {"mandate": "x"}))],
        "archive_codes": [Call(), Call(query="year=99999999999&q=x&page=x")],
        "archive_code_template": [
            Call((2026,), forms=({}, {"pattern": "x", "category": "ws", "item_width": "0"})),
            Call((999999,)),
        ],
    }


def _holdings(record: uuid.UUID) -> dict[str, list[Call]]:
    """Attachments, catalogues of old holdings, the paper twin."""
    return {
        "archive_attachments": [Call(), Call(query="page=x&state=x")],
        "archive_attachments_retry_all": [Call(forms=({},))],
        "archive_attachment_retry": [Call((NONE,), forms=({},))],
        "archive_compilations": [Call(), Call(query="page=x&q=%00")],
        "archive_deliveries": [Call(forms=({}, {"name": "x"})), Call(query="page=x")],
        "archive_delivery_guide": [Call()],
        "archive_drills": [Call(), Call(query="page=x")],
        "archive_delivery_interface": [
            Call(forms=({}, {"manifest": "{}"})),
            Call(query="number=x"),
        ],
        "archive_delivery": [Call((NONE,))],
        "archive_delivering_system_end": [Call((NONE,), forms=({},))],
        "archive_legacy": [Call(forms=({}, {"name": "x"}))],
        "archive_legacy_template": [Call()],
        "archive_legacy_batch": [Call((NONE,))],
        "archive_legacy_problems": [Call((NONE,))],
        "archive_legacy_catalogue": [Call((NONE,), forms=({},))],
        "archive_legacy_confirm": [Call((NONE,), forms=({},))],
        "archive_legacy_discard": [Call((NONE,), forms=({},))],
        "archive_legacy_retry": [Call((NONE,), forms=({},))],
        "archive_paper": [Call(), Call(query="page=x&q=%00")],
        "archive_paper_export": [Call()],
        "archive_paper_template": [Call()],
        "archive_paper_import": [Call(forms=({},))],
        "archive_paper_match": [Call(forms=({}, {"paper": "x"}))],
        "archive_record_paper": [
            Call((record,), forms=({}, {"box": "x" * 200, "sheet_count": "-1"})),
            Call((uuid.uuid4(),)),
        ],
        "archive_stock_takings": [Call(forms=({}, {"name": "x"}))],
        "archive_stock_taking": [Call((NONE,), forms=({},))],
        "archive_stock_finish": [Call((NONE,), forms=({},))],
        "archive_stock_boxes": [Call((NONE,))],
        "archive_stock_report": [Call((NONE,))],
    }


def _appraisal(record: uuid.UUID) -> dict[str, list[Call]]:
    """The expiry queue, legal holds, destruction lists."""
    nothing = uuid.UUID(int=NONE)
    chosen = {"record": [str(record), "x"]}
    return {
        "archive_appraisal": [Call(), Call(query="list=x&year=x&unit=zz&period=x&page=x&q=%00")],
        "archive_appraisal_decide": [
            Call(
                forms=(
                    {},
                    {**chosen, "action": "x"},
                    {**chosen, "action": "destroy"},
                    {**chosen, "action": "destroy", "confirmed": "yes", "basis": "x"},
                    {**chosen, "action": "keep", "confirmed": "yes", "until_year": "1"},
                    {**chosen, "action": "open", "confirmed": "yes"},
                )
            )
        ],
        "archive_holds": [Call(), Call(query="list=ended&page=x")],
        "archive_hold_add": [
            Call(forms=({}, {"reason": "x"}, {"reason": "x", "year": "x", "until": "x"})),
            Call(query="record=x"),
        ],
        "archive_hold": [Call((nothing,), forms=({}, {"reason": "x"}))],
        "archive_destruction_lists": [Call(), Call(query="page=x")],
        "archive_destruction_list": [Call((nothing,))],
        "archive_destruction_document": [Call((nothing,))],
        "archive_destruction_take_off": [Call((nothing, NONE), forms=({},))],
        "archive_consultations": [Call(), Call(query="state=x&page=x")],
        "archive_consultation_register": [Call()],
        "archive_consultation_ask": [
            Call(query="code=%00", forms=({}, {"code": "x", "kind": "x", "purpose": "x"}))
        ],
        "archive_consultation": [
            Call((nothing,), forms=({}, {"action": "grant"}, {"action": "refuse"}))
        ],
        "archive_consultation_copy": [Call((nothing,), forms=({},))],
        "archive_destruction_step": [
            Call((nothing, "sign"), forms=({},)),
            Call((nothing, "x"), forms=({},)),
        ],
    }


def _figures_and_proofs(record: uuid.UUID) -> dict[str, list[Call]]:
    """Statistics, checks, the ledger's heads and proofs."""
    day = datetime.date(2026, 11, 21)
    return {
        "archive_office": [Call(), Call(query="year=x&unit=zz")],
        "archive_statistics": [Call(), Call(query="year=x&unit=zz&page=x")],
        "archive_statistics_sheet": [Call()],
        "archive_expected_filings": [Call()],
        "archive_expected_filing_add": [Call(forms=({}, {"what": "x", "count": "y"}))],
        "archive_expected_filing": [Call((1,)), Call((10_000,))],
        "archive_expected_filing_remove": [Call((1,)), Call((10_000,))],
        "archive_inspection": [Call((record,)), Call((record,), query="run=x")],
        "archive_inspection_pdf": [Call((record,))],
        "archive_receipt": [Call((record,)), Call((uuid.uuid4(),))],
        "archive_receipt_document": [Call((record,))],
        "archive_receipt_file": [Call((record,))],
        "archive_receipt_verifier": [Call()],
        "archive_fixity": [Call(), Call(query="page=x")],
        "archive_inspections": [Call(), Call(query="stage=CQ&page=x")],
        "archive_fixity_repair": [Call()],
        "archive_ledger": [Call(), Call(query="entry=x&page=x")],
        "archive_ledger_proof": [Call(), Call(query="entry=99999999999999999999")],
        "archive_ledger_head": [Call((day,))],
        "archive_ledger_head_file": [Call((day,))],
        "archive_ledger_head_sheet": [Call((day,))],
    }


def _packages(record: uuid.UUID) -> dict[str, list[Call]]:
    return {
        "archive_packages": [Call(), Call(query="page=x&state=x")],
        "archive_packages_retry": [Call(forms=({},))],
        "archive_package": [Call((record,)), Call((uuid.uuid4(),))],
        "archive_exports": [
            Call(),
            Call(query="page=x&year=x&fonds=x&period=x&class_code=x"),
            Call(
                forms=(
                    {},
                    {"kind": "transfer"},
                    {"kind": "csip"},
                    {"kind": "catalogue-xlsx", "year": "x"},
                )
            ),
        ],
        "archive_package_export": [Call((NONE,), forms=({},))],
        "archive_package_export_file": [Call((NONE,))],
        "archive_package_retry": [Call((record,), forms=({},)), Call((uuid.uuid4(),))],
    }
