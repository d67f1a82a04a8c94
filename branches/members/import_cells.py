"""The columns of a roster as people write it: fields of a django-import-export resource.

A cell that is wrong is a ValueError with a sentence that names the cause and the remedy. Nothing
is looked up here.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets

from portal.people.validators import validate_identity_number
from portal.personal_data.forms import PhoneField
from portal.personal_data.typed_numbers import plain_number

_LONGEST_SAFE_NUMBER = 10**15
_NAME = re.compile(r"[\u3400-\u9fff·•．a-zA-Z .]{2,50}")
_CJK_BLANK = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
# 2015-7-1, 2015/07/01, 2015.7.1, 2015年7月1日, 20150701. A third of the time of `strptime`, which
# tries one pattern after the other, of 40,000 cells.
_WRITTEN_DAY = re.compile(
    r"(?P<year>\d{4})(?:"
    r"(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"|年(?P<month_2>\d{1,2})月(?P<day_2>\d{1,2})日?"
    r"|(?P<month_3>\d{2})(?P<day_3>\d{2}))"
)
_MONTH_ONLY = re.compile(r"\d{4}(年|[-./])?\d{1,2}月?")
#: Excel keeps days as numbers from here (1954) to here (2064) where a cell has no date format.
_SERIAL_DAYS = range(20_000, 60_000)
_EPOCH = datetime.date(1899, 12, 30)
EARLIEST = datetime.date(1921, 7, 1)


def text_of(value: Any) -> str:
    """Return the text of a cell: narrow characters, no blanks around, no trailing ".0"."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).strip()
    if not text.isprintable():
        text = "".join(one for one in text if unicodedata.category(one) not in ("Cf", "Cc")).strip()
    return text


def number_of(text: str) -> str:
    """Return a number without spaces and hyphens, in capitals, the quick way where it will do."""
    if text.isascii():
        return "".join(text.replace("-", " ").split()).upper()
    return plain_number(text)


class CellWidget(widgets.Widget):
    """The text of a cell, checked."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__()
        self.required = required

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        """Return what the cell says."""
        text = text_of(value)
        if not text and self.required:
            raise ValueError(self.missing())
        return self.read(text) if text else self.empty()

    def missing(self) -> str:
        """Return the sentence for an empty cell."""
        return _("This cell is empty.")

    def empty(self) -> Any:
        """Return the value of an empty cell."""
        return ""

    def read(self, text: str) -> Any:
        """Return the value behind a text; subclasses refuse what is wrong."""
        return text


class Name(CellWidget):
    """A name; blanks that only widen it are left out."""

    def missing(self) -> str:
        return _("The name is missing.")

    def read(self, text: str) -> str:
        name = _CJK_BLANK.sub("", text)
        if not _NAME.fullmatch(name):
            raise ValueError(_("A name has 2 to 50 letters and no digits."))
        return name


class Short(CellWidget):
    """A text up to a length, the name of a unit."""

    longest = 100

    def read(self, text: str) -> str:
        if len(text) > self.longest:
            raise ValueError(_("At most %(count)d characters, please.") % {"count": self.longest})
        return text

    def missing(self) -> str:
        return _("The branch is missing.")


class EmployeeNumber(CellWidget):
    """An employee number; Excel may have kept it as a number."""

    def read(self, text: str) -> str:
        number = number_of(text)
        if not re.fullmatch(r"[0-9A-Z]{4,20}", number):
            raise ValueError(_("An employee number has 4 to 20 letters or digits."))
        return number


class Identity(CellWidget):
    """An identity number, which Excel must not have cut."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        text = text_of(value)
        cut = isinstance(value, int | float) and abs(value) >= _LONGEST_SAFE_NUMBER
        if cut or _SCIENTIFIC.fullmatch(text):
            raise ValueError(
                _("Excel has cut this number. Please format the column as text and type it again.")
            )
        number = number_of(text.lstrip("'’"))
        if not number:
            return ""
        if len(number) == 15:
            raise ValueError(_("This is an old number of 15 digits. Please write all 18."))
        try:
            validate_identity_number(number)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        return number


class Phone(CellWidget):
    """A mobile phone."""

    field = PhoneField(required=False)

    def read(self, text: str) -> str:
        if _SCIENTIFIC.fullmatch(text):
            raise ValueError(
                _("Excel has cut this number. Please format the column as text and type it again.")
            )
        try:
            found: str = self.field.clean(text)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        return found


class Day(CellWidget):
    """A day, as Excel keeps it or as people write it."""

    def empty(self) -> None:
        return None

    def missing(self) -> str:
        return _("The day is missing.")

    def clean(self, value: Any, row: Any = None, **options: Any) -> datetime.date | None:
        if isinstance(value, datetime.datetime):
            return self.in_time(value.date())
        if isinstance(value, datetime.date):
            return self.in_time(value)
        if isinstance(value, int | float) and int(value) in _SERIAL_DAYS:
            return self.in_time(_EPOCH + datetime.timedelta(days=int(value)))
        found: datetime.date | None = super().clean(value)
        return found

    def read(self, text: str) -> datetime.date:
        plain = "".join(text.split()).split("T")[0].replace("00:00:00", "")
        if found := _WRITTEN_DAY.fullmatch(plain):
            year, _mark, *parts = found.groups()
            month, day = (int(part) for part in parts if part)
            try:
                written = datetime.date(int(year), month, day)
            except ValueError:
                pass
            else:
                return self.in_time(written)
        if _MONTH_ONLY.fullmatch(plain):
            raise ValueError(
                _("“%(text)s” has no day of the month. Please write 2026-11-21.")
                % {"text": text[:20]}
            )
        raise ValueError(_("“%(text)s” is no day. Please write 2026-11-21.") % {"text": text[:20]})

    @staticmethod
    def in_time(day: datetime.date) -> datetime.date:
        """Return a day that can be; refuse one before the Party was founded."""
        if day < EARLIEST:
            raise ValueError(_("This day lies before July 1921. Please check the year."))
        return day


#: What the sheets say for full and probationary members.
KINDS = {
    "正式党员": "full",
    "正式": "full",
    "预备党员": "probationary",
    "预备": "probationary",
}


class Kind(CellWidget):
    """Full or probationary."""

    def read(self, text: str) -> str:
        if text not in KINDS:
            raise ValueError(
                _("“%(text)s” is none of: %(words)s.")
                % {"text": text[:20], "words": "正式党员、预备党员"}
            )
        return KINDS[text]


def _column(attribute: str, name: str, widget: widgets.Widget) -> fields.Field:
    return fields.Field(attribute, name, widget=widget)


class RosterResource(resources.Resource):
    """One line a member."""

    name = _column("name", "姓名", Name(required=True))
    employee_number = _column("employee_number", "工号", EmployeeNumber())
    identity_number = _column("identity_number", "身份证号", Identity())
    phone = _column("phone", "手机号", Phone())
    branch = _column("branch", "党支部", Short(required=True))
    group = _column("group", "党小组", Short())
    kind = _column("kind", "党员类别", Kind())
    joined_on = _column("joined_on", "入党日期", Day(required=True))
    confirmed_on = _column("confirmed_on", "转正日期", Day())
    valid_from = _column("valid_from", "进入支部日期", Day())


#: Columns without which nothing can be taken over.
REQUIRED = ("name", "branch", "joined_on")
#: What the same columns are called in the sheets of other systems.
ALIASES: dict[str, str] = {
    **dict.fromkeys(("姓名", "党员姓名", "名字"), "name"),
    **dict.fromkeys(("工号", "员工编号", "人员编号", "职工编号"), "employee_number"),
    **dict.fromkeys(
        ("身份证号", "身份证号码", "公民身份号码", "公民身份证号", "身份证"), "identity_number"
    ),
    **dict.fromkeys(("手机号", "手机", "联系电话", "手机号码", "电话", "联系方式"), "phone"),
    **dict.fromkeys(
        ("党支部", "所在党支部", "所属党支部", "支部", "支部名称", "党支部名称", "所在支部"),
        "branch",
    ),
    **dict.fromkeys(("党小组", "所在党小组", "小组", "所属党小组"), "group"),
    **dict.fromkeys(("党员类别", "人员类别", "类别", "党员类型"), "kind"),
    **dict.fromkeys(
        ("入党日期", "入党时间", "加入党组织日期", "加入党组织时间", "入党年月日"), "joined_on"
    ),
    **dict.fromkeys(
        ("转正日期", "转正时间", "转为正式党员日期", "转为正式党员时间"), "confirmed_on"
    ),
    **dict.fromkeys(("进入支部日期", "进入支部时间", "转入日期", "转入时间"), "valid_from"),
}


def columns() -> dict[str, fields.Field]:
    """Return the fields by the name of their attribute, in their order."""
    return {field.attribute: field for field in RosterResource().get_export_fields()}


def attribute_of(head: Any) -> str:
    """Return which column a header means, "" for none; blanks, marks and remarks are left out."""
    text = "".join(text_of(head).split()).rstrip("*:：")
    text = re.sub(r"[（(].*?[）)]", "", text).strip("*:：")
    return ALIASES.get(text, "")
