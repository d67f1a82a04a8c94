"""The measured half of the benchmark of the register: 5,000 invented people in one workbook.

Prints one line ``NAME SECONDS`` for the check with its preview and for the taking over.
"""

from __future__ import annotations

import datetime
import io
import sys
import time

import django

ROWS = 5_000


def workbook(rows: int = ROWS) -> bytes:
    """Return a workbook with this many people outside."""
    from openpyxl import Workbook

    from tests.factories.people import identity_number
    from veterans.beneficiaries import sheets

    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheets.SHEET)
    columns = sheets.columns()
    sheet.append([field.column_name for field in columns.values()])
    first = datetime.date(1940, 1, 1)
    for number in range(rows):
        born = first + datetime.timedelta(days=number * 3)
        values = {
            "name": "秦" + chr(0x4E00 + number % 3000),
            "identity_number": identity_number(f"{born:%Y%m%d}", 21 + number % 900),
            "phone": f"139{number:08d}",
            "categories": "V3、V5",
            "valid_from": datetime.date(2025, 1, 1),
            "kind": "烈士证明书",
            "number": f"LS{number:06d}",
            "address": "岚川市青石梁街道",
            "bank_name": "岚川储蓄银行",
            "bank_card": f"62{number:016d}",
        }
        sheet.append([values.get(name) for name in columns])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def main() -> int:
    """Check the workbook, then take it over."""
    django.setup()
    from tests.factories.people import make_user
    from veterans.beneficiaries import sheet_rows
    from veterans.models import Beneficiary

    body = workbook()
    keeper = make_user("veterans_officer")
    started = time.perf_counter()
    kept, _preview = sheet_rows.keep(body, keeper)
    checked = time.perf_counter()
    sheet_rows.take_over(kept.pk, keeper)
    done = time.perf_counter()
    assert Beneficiary.objects.count() == ROWS
    print("checked", checked - started)
    print("taken", done - checked)
    return 0


if __name__ == "__main__":
    sys.exit(main())
