"""Lists as workbooks. They leave the portal, so names and numbers are masked in them."""

from __future__ import annotations

from django.utils.translation import override
from openpyxl import Workbook

from portal.personal_data.masking import masked_name, masked_phone
from portal.spreadsheets import add_heading, add_row, add_sheet
from veterans.models import BriefingPage, GreetingList
from veterans.publicity.greetings import rows_of, totals
from veterans.standards.vocabulary import CATEGORIES


def attendance_sheet(page: BriefingPage) -> Workbook:
    """Return who signed up for a briefing, in the order of the waiting list."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, "签到表", (6, 12, 24, 16, 10, 12, 20))
    add_heading(sheet, ("序号", "姓名", "单位", "电话", "同行人数", "座位", "签名"))
    with override("zh-hans"):
        rows = page.sign_ups.standing().select_related("person__unit")
        for number, row in enumerate(rows, start=1):
            person = row.person
            add_row(
                sheet,
                (
                    number,
                    masked_name(person.name),
                    str(person.unit or "家属"),
                    masked_phone(person.phone),
                    row.companions,
                    str(row.get_state_display()),
                    "",
                ),
            )
    return book


def greetings_sheet(greetings: GreetingList) -> Workbook:
    """Return a list of greetings with a column for signatures and the sum at its end."""
    book = Workbook(write_only=True)
    with override("zh-hans"):
        sheet = add_sheet(book, str(greetings), (6, 12, 24, 30, 12, 14, 14, 20))
        add_heading(
            sheet,
            ("序号", "姓名", "单位", "人员类别", "金额（元）", "送达日期", "方式", "签收"),
        )
        words = {code: str(name) for code, name in CATEGORIES}
        for number, row in enumerate(rows_of(greetings), start=1):
            add_row(
                sheet,
                (
                    number,
                    masked_name(row.person.name),
                    str(row.unit or "家属"),
                    words.get(row.category, row.category),
                    row.amount,
                    row.received_on,
                    str(row.get_receiver_display()) if row.receiver else "",
                    "",
                ),
            )
        sums = totals(greetings)
        add_row(sheet, ("", "合计", f"{sums.people}人", "", sums.amount, "", "", ""))
    return book
