"""The register as an Excel workbook: columns, and every fault of a cell by row and column.

The columns are fields of a django-import-export resource; what rows say together is compared in
`veterans.beneficiaries.sheet_rows`. Nothing is written here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export import fields, resources, widgets
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from portal.people.validators import validate_identity_number
from portal.personal_data.forms import BankCardField, PhoneField
from portal.personal_data.typed_numbers import plain_number
from portal.spreadsheets import (
    Grid,
    NotAWorkbook,
    TooMuchContent,
    add_heading,
    add_row,
    add_sheet,
    read_grids,
    saved,
)
from portal.spreadsheets.faults import CellFault, SheetRefused
from veterans.models.beneficiaries import CertificateKind
from veterans.models.standard_fields import parse_categories
from veterans.models.standards import validate_region

MOST_ROWS = 5_000
LARGEST_FILE = 5 * 1024 * 1024
LARGEST_CONTENT = 60 * 1024 * 1024
SHEET = "优抚对象名册"
# More are found, but nobody corrects them from one page.
FAULTS_SHOWN = 500
_LONGEST_SAFE_NUMBER = 10**15
_NAME = re.compile(r"[\u3400-\u9fff·•．a-zA-Z .]{2,50}")
_WRITTEN_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


class CellWidget(widgets.Widget):
    """The text of a cell, checked; what is wrong is a ValueError with a sentence."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        """Return what the cell says."""
        return self.read(_text(value))

    def read(self, text: str) -> Any:
        """Return the value behind a text; subclasses refuse what is wrong."""
        return text


def _text(value: Any) -> str:
    """Return the text of a cell; whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


@dataclass
class _Words(CellWidget):
    """A text up to a length."""

    longest: int

    def read(self, text: str) -> str:
        if len(text) > self.longest:
            raise ValueError(_("At most %(count)d characters, please.") % {"count": self.longest})
        return text


class _Name(CellWidget):
    """A name."""

    def read(self, text: str) -> str:
        if not text:
            raise ValueError(_("The name is missing."))
        if not _NAME.fullmatch(text):
            raise ValueError(_("A name has 2 to 50 letters and no digits."))
        return text


class _Identity(CellWidget):
    """An identity number, which Excel must not have turned into a number."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        if isinstance(value, int | float) and abs(value) >= _LONGEST_SAFE_NUMBER:
            raise ValueError(
                _("Excel has cut this number. Please format the column as text and type it again.")
            )
        number = plain_number(_text(value))
        if not number:
            raise ValueError(_("The identity number is missing."))
        try:
            validate_identity_number(number)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        return number


class _Typed(CellWidget):
    """What a form field of the portal takes."""

    def __init__(self, field: Any) -> None:
        super().__init__()
        self.field = field

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        if isinstance(value, int | float) and abs(value) >= _LONGEST_SAFE_NUMBER:
            raise ValueError(
                _("Excel has cut this number. Please format the column as text and type it again.")
            )
        try:
            found: str = self.field.clean(_text(value))
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        return found


class _Categories(CellWidget):
    """Codes V1 to V9, several with 、 between them."""

    def read(self, text: str) -> tuple[str, ...]:
        if not text:
            raise ValueError(_("The category is missing. Please write codes from V1 to V9."))
        try:
            codes = parse_categories(text)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        if len(re.findall(r"[Vv]\d", text)) != len(codes):
            raise ValueError(_("A category stands here twice."))
        return codes


class _Level(CellWidget):
    """A level of disability, 1 to 10."""

    def read(self, text: str) -> str:
        text = plain_number(text).rstrip("级")
        if text and text not in {str(level) for level in range(1, 11)}:
            raise ValueError(_("A level of disability is a number from 1 to 10."))
        return text


class _Day(CellWidget):
    """A day, as Excel keeps it or as people write it."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__()
        self.required = required

    def clean(self, value: Any, row: Any = None, **options: Any) -> datetime.date | None:
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        text = plain_number(_text(value)) if isinstance(value, int | float) else _text(value)
        if not text:
            if self.required:
                raise ValueError(_("The day is missing."))
            return None
        for written in _WRITTEN_DAYS:
            try:
                return datetime.datetime.strptime(text, written).date()
            except ValueError:
                continue
        raise ValueError(_("“%(text)s” is no day. Please write 2026-11-21.") % {"text": text[:20]})


class _Kind(CellWidget):
    """The kind of a certificate, by its Chinese name."""

    def __init__(self) -> None:
        super().__init__()
        with override("zh-hans"):
            self.words = {
                str(label).split("（")[0]: code for code, label in CertificateKind.choices
            }

    def read(self, text: str) -> str:
        if not text:
            return ""
        if text in self.words:
            return str(self.words[text])
        raise ValueError(
            _("“%(text)s” is none of: %(words)s.")
            % {"text": text[:30], "words": "、".join(self.words)}
        )


class _Region(CellWidget):
    """The code of an administrative division."""

    def read(self, text: str) -> str:
        if text:
            try:
                validate_region(text)
            except ValidationError as error:
                raise ValueError(error.messages[0]) from error
        return text


def _column(attribute: str, name: str, widget: widgets.Widget) -> fields.Field:
    return fields.Field(attribute, name, widget=widget)


class RegisterResource(resources.Resource):
    """One line a person."""

    name = _column("name", "姓名", _Name())
    identity_number = _column("identity_number", "身份证号", _Identity())
    employee_number = _column("employee_number", "工号", _Words(20))
    phone = _column("phone", "手机号", _Typed(PhoneField(required=False)))
    categories = _column("categories", "类别代码", _Categories())
    level = _column("level", "残疾等级", _Level())
    valid_from = _column("valid_from", "类别起始日期", _Day(required=True))
    valid_to = _column("valid_to", "类别截止日期", _Day())
    kind = _column("kind", "证件种类", _Kind())
    number = _column("number", "证件号码", _Words(40))
    issued_on = _column("issued_on", "发证日期", _Day())
    valid_until = _column("valid_until", "证件有效期至", _Day())
    region = _column("region", "行政区划代码", _Region())
    address = _column("address", "居住地（到街道）", _Words(100))
    bank_name = _column("bank_name", "开户银行", _Words(60))
    bank_card = _column("bank_card", "银行卡号", _Typed(BankCardField(required=False)))
    note = _column("note", "备注", _Words(300))


def columns() -> dict[str, fields.Field]:
    """Return the fields by the name of their attribute, in their order."""
    resource = RegisterResource()
    return {field.attribute: field for field in resource.get_export_fields()}


def letter_of(attribute: str) -> str:
    """Return the letter of a column as the template has it."""
    return get_column_letter(list(columns()).index(attribute) + 1)


def write_template() -> IO[bytes]:
    """Return the empty workbook with its columns, and a sheet with the words that are known."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, SHEET, [18] * len(columns()))
    add_heading(sheet, [field.column_name for field in columns().values()])
    words = add_sheet(book, "填表说明", [30, 70])
    add_heading(words, ["栏目", "说明"])
    for row in (
        ("身份证号、银行卡号", "先把整列设为文本格式，再填写"),
        ("类别代码", "V1至V9，多个用、隔开；V2必须填写残疾等级"),
        ("证件种类", "、".join(_Kind().words)),
        ("日期", "写成2026-11-21；没有截止日期的留空"),
        ("工号", "本单位职工填写；家属留空"),
    ):
        add_row(words, row)
    return saved(book)


@dataclass(frozen=True)
class Line:
    """One row of the sheet that reads well by itself."""

    number: int
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def _grid(body: bytes) -> Grid:
    try:
        grids = read_grids(body, MOST_ROWS + 2, LARGEST_CONTENT)
    except NotAWorkbook as error:
        raise SheetRefused(
            [CellFault(0, "", _("The file is no Excel workbook (.xlsx), or it is damaged."))]
        ) from error
    except TooMuchContent as error:
        raise SheetRefused([CellFault(0, "", _("The workbook holds too much."))]) from error
    named = [grid for grid in grids if grid.title.strip() == SHEET]
    if not named and not grids:
        raise SheetRefused([CellFault(0, "", _("The workbook has no sheet."), sheet=SHEET)])
    return (named or grids)[0]


def _places(grid: Grid) -> dict[str, int]:
    """Return where each column stands.

    Raises:
        SheetRefused: one is missing or stands there twice, or there are too few or many rows.
    """
    faults = []
    heads: dict[str, int] = {}
    for place, value in grid.rows.get(1, {}).items():
        head = str(value).strip()
        if head in heads:
            words = _("The column “%(name)s” stands here twice.") % {"name": head[:30]}
            faults.append(CellFault(1, get_column_letter(place), words, sheet=SHEET))
        heads[head] = place
    faults += [
        CellFault(
            1, "", _("The column “%(name)s” is missing.") % {"name": field.column_name}, sheet=SHEET
        )
        for field in columns().values()
        if field.column_name not in heads
    ]
    rows = [number for number in grid.rows if number > 1]
    if not rows:
        faults.append(CellFault(0, "", _("The sheet has no row below its headers."), sheet=SHEET))
    if len(rows) > MOST_ROWS:
        words = _("The sheet has more than %(count)d rows.") % {"count": MOST_ROWS}
        faults.append(CellFault(sorted(rows)[MOST_ROWS], "", words, sheet=SHEET))
    if faults:
        raise SheetRefused(faults)
    return {name: heads[field.column_name] for name, field in columns().items()}


def read_lines(body: bytes) -> tuple[list[Line], list[CellFault]]:
    """Return the rows that read well, and what is wrong with cells and within a row.

    Raises:
        SheetRefused: it is no workbook, or not this one.
    """
    grid = _grid(body)
    places = _places(grid)
    known = columns()
    lines: list[Line] = []
    faults: list[CellFault] = []
    today = timezone.localdate()
    for number in sorted(row for row in grid.rows if row > 1):
        values: dict[str, Any] = {}
        wrong = []
        for name, field in known.items():
            try:
                values[name] = field.widget.clean(grid.value(number, places[name]))
            except ValueError as error:
                letter = get_column_letter(places[name])
                wrong.append(CellFault(number, letter, str(error), sheet=SHEET))
        if not wrong:
            wrong = [
                CellFault(number, get_column_letter(places[name]), words, sheet=SHEET)
                for name, words in _within(values, today)
            ]
        if not wrong:
            lines.append(Line(number, values))
        faults += wrong
    return lines, faults


def _within(values: dict[str, Any], today: datetime.date) -> Iterator[tuple[str, str]]:
    """Yield what does not fit together within one row."""
    from veterans.beneficiaries.forms import DISABLED
    from veterans.models.beneficiaries import birth_date

    born = birth_date(values["identity_number"])
    if DISABLED in values["categories"] and not values["level"]:
        yield "level", _("Please write the level on the certificate.")
    if values["level"] and DISABLED not in values["categories"]:
        yield "level", _("Only a disabled serviceman (V2) has a level.")
    if "V1" in values["categories"] and not values["employee_number"]:
        yield "employee_number", _("V1 is for employees. Please write the employee number.")
    if values["valid_to"] and values["valid_to"] < values["valid_from"]:
        yield "valid_to", _("The end lies before the beginning.")
    if born and values["valid_from"] < born:
        yield "valid_from", _("This day lies before the birth.")
    if values["number"] and not values["kind"]:
        yield "kind", _("Please write the kind of the certificate.")
    if values["kind"] and not values["number"]:
        yield "number", _("The number of the certificate is missing.")
    if not values["kind"] and (values["issued_on"] or values["valid_until"]):
        yield "kind", _("These days belong to a certificate. Please write its kind.")
    if values["issued_on"] and values["issued_on"] > today:
        yield "issued_on", _("This day lies in the future.")
    if values["valid_until"] and values["valid_until"] < today:
        yield "valid_until", _("The certificate has expired. Please take the new one.")
    if values["bank_card"] and not values["bank_name"]:
        yield "bank_name", _("Please write the bank of the card.")
    if values["bank_name"] and not values["bank_card"]:
        yield "bank_card", _("The card number is missing.")
