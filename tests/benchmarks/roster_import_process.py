"""The measured half of the benchmark of rosters: invented people in one workbook.

Half of them are employees the portal knows, half are new. Prints lines ``NAME VALUE``: seconds of
the check with its preview and of the taking over, and the megabytes both took beyond those of a
portal that has started.
"""

from __future__ import annotations

import datetime
import io
import resource
import sys
import time

import django

BRANCHES = 200


def workbook(rows: int) -> bytes:
    """Return a workbook with this many members, with a title and headers of its own."""
    from openpyxl import Workbook

    from tests.factories.people import identity_number

    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append(["党员名册"])
    sheet.append(
        ["序号", "姓名", "工号", "身份证号", "联系电话", "所在党支部", "入党时间", "转正时间"]
    )
    first = datetime.date(1950, 1, 1)
    for number in range(rows):
        born = first + datetime.timedelta(days=number)
        sheet.append(
            [
                number + 1,
                "秦" + chr(0x4E00 + number % 3000),
                f"B{number:06d}" if number % 2 else None,
                None if number % 2 else identity_number(f"{born:%Y%m%d}", 21 + number % 900),
                f"139{number:08d}",
                f"第{number % BRANCHES + 1}党支部",
                "2015年7月1日" if born.year < 1995 else "2024.07.01",
                42552 if born.year < 1995 else None,
            ]
        )
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def main() -> int:
    """Check the workbook, then take it over."""
    django.setup()
    from branches.members import import_rows
    from branches.models import Membership
    from portal.people.models import Person
    from tests.factories.organizations import make_branch
    from tests.factories.people import make_user

    rows = int(sys.argv[1])
    body = workbook(rows)
    officer = make_user("party_staff")
    for number in range(BRANCHES):
        make_branch(f"第{number + 1}党支部", f"B{number + 1:03d}")
    Person.objects.bulk_create(
        [
            Person(name="秦" + chr(0x4E00 + number % 3000), employee_number=f"B{number:06d}")
            for number in range(1, rows, 2)
        ],
        batch_size=500,
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    kept, _preview = import_rows.keep(body, officer)
    checked = time.perf_counter()
    del _preview
    import_rows.take_over(kept.pk, officer)
    done = time.perf_counter()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert Membership.objects.count() == rows
    print("checked", checked - started)
    print("taken", done - checked)
    print("memory", (after - before) / 1024)
    return 0


if __name__ == "__main__":
    sys.exit(main())
