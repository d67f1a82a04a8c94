"""The scope table as an Excel sheet: one row a rule, the words people read, both ways."""

from __future__ import annotations

import io
import logging
import unicodedata
import zipfile
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export import fields, resources, widgets
from import_export.formats.base_formats import XLSX
from openpyxl import Workbook

from portal.archives.models import (
    AccessLevel,
    ArchiveClass,
    RetentionPeriod,
    ScopeRule,
    ScopeTable,
)
from portal.archives.scope.services import new_draft
from portal.archives.sources import publishable_kinds, subkinds_of
from portal.spreadsheets import add_heading, add_row, add_sheet
from portal.spreadsheets.faults import CellFault, SheetRefused

logger = logging.getLogger(__name__)

LARGEST_BYTES = 2 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 40 * 1024 * 1024
LARGEST_ROWS = 2000
_WIDTHS = (14, 14, 24, 40, 8, 16, 12, 14, 50, 10, 10)
YES, NO = "是", "否"


def plain(value: Any) -> str:
    """Return a cell as text: full-width digits and letters narrow, no space around."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


class PlainWidget(widgets.CharWidget):  # type: ignore[misc]
    """Text as people type it in a sheet; punctuation stays Chinese."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Return the text without spaces around it."""
        return "" if value is None else str(value).strip()


class NamesWidget(widgets.Widget):  # type: ignore[misc]
    """One of several values, written by its name; the code is understood as well."""

    def __init__(self, names: Any, empty: bool = True) -> None:
        super().__init__()
        self.names = names
        self.empty = empty

    def _choices(self) -> dict[str, str]:
        return {str(code): str(name) for code, name in self.names().items()}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Return the code of a name.

        Raises:
            ValueError: the name is unknown; the message lists what is possible.
        """
        text = plain(value)
        choices = self._choices()
        if not text and self.empty:
            return ""
        for code, name in choices.items():
            if text in (code, plain(name)):
                return code
        raise ValueError(
            _("“%(text)s” is unknown. Possible are: %(names)s.")
            % {"text": text, "names": "、".join(choices.values())}
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return the name of a code."""
        return self._choices().get(str(value or ""), str(value or ""))


class YesNoWidget(widgets.Widget):  # type: ignore[misc]
    """是 or 否; an empty cell is 否."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        """Return whether the cell says yes.

        Raises:
            ValueError: it says something else.
        """
        text = plain(value)
        if text not in (YES, NO, ""):
            raise ValueError(_("Write 是 or 否, not “%(text)s”.") % {"text": text})
        return text == YES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return the word."""
        return YES if value else NO


class ClassWidget(widgets.Widget):  # type: ignore[misc]
    """A class by its code, with or without its name behind it."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> ArchiveClass | None:
        """Return the class of a code.

        Raises:
            ValueError: there is no such class.
        """
        text = plain(value)
        if not text:
            return None
        found: ArchiveClass | None = ArchiveClass.objects.filter(
            code=text.split()[0].upper()
        ).first()
        if found is None:
            raise ValueError(_("There is no class “%(text)s”.") % {"text": text})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return code and name."""
        return str(value or "")


def _periods() -> dict[str, Any]:
    return dict(RetentionPeriod.choices)


def _levels() -> dict[str, Any]:
    return dict(AccessLevel.choices)


def _every_subkind() -> dict[str, Any]:
    return {code: name for kind in publishable_kinds() for code, name in subkinds_of(kind).items()}


class ScopeResource(resources.ModelResource):  # type: ignore[misc]
    """Rows of a scope table; importing always writes a new draft."""

    kind = fields.Field("kind", "种类", NamesWidget(publishable_kinds, empty=False))
    subkind = fields.Field("subkind", "细类", NamesWidget(_every_subkind))
    title_words = fields.Field("title_words", "题名含有", PlainWidget())
    description = fields.Field("description", "归档范围", PlainWidget())
    files = fields.Field("files", "归档", YesNoWidget())
    archive_class = fields.Field("archive_class", "类别", ClassWidget())
    period = fields.Field("period", "保管期限", NamesWidget(_periods))
    access_level = fields.Field("access_level", "最低控制标识", NamesWidget(_levels))
    clause = fields.Field("clause", "条款", PlainWidget())
    unverified = fields.Field("unverified", "条款待核", YesNoWidget())
    straight_through = fields.Field("straight_through", "自动接收", YesNoWidget())

    class Meta:
        model = ScopeRule
        import_id_fields: list[str] = []
        fields = (
            *("kind", "subkind", "title_words", "description", "files", "archive_class"),
            *("period", "access_level", "clause", "unverified", "straight_through"),
        )
        clean_model_instances = True
        use_transactions = False

    def __init__(self, table: ScopeTable | None = None, places: list[int] | None = None) -> None:
        super().__init__()
        self.table = table
        self.places = places or []
        self.position = 0
        self.seen: dict[tuple[str, str, str], int] = {}

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Count the rows; their order is the order in which they are tried."""
        self.position += 1

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Fill a rule from a row and check what only shows in the row as a whole."""
        instance.table, instance.position = self.table, self.position
        super().import_instance(instance, row, **kwargs)
        errors: dict[str, list[Any]] = {}
        if not instance.description:
            errors["description"] = [_("Say which records are meant.")]
        if not instance.clause:
            errors["clause"] = [_("Name the clause that asks for it.")]
        if instance.files and instance.archive_class is None:
            errors["archive_class"] = [_("A row to be filed needs a class.")]
        if instance.files and not instance.period:
            errors["period"] = [_("A row to be filed needs a retention period.")]
        if instance.subkind and instance.subkind not in subkinds_of(instance.kind):
            errors["subkind"] = [_("This kind has no such detail.")]
        key = (instance.kind, instance.subkind, instance.title_words)
        if key in self.seen:
            errors["kind"] = [
                _("Row %(row)d says the same.") % {"row": self.places[self.seen[key] - 1]}
            ]
        self.seen.setdefault(key, self.position)
        if errors:
            raise ValidationError(errors)


def write_sheet(table: ScopeTable) -> bytes:
    """Return a version of the table as an Excel file, in the words of the table."""
    with override("zh-hans"):
        data = ScopeResource().export(table.rules.in_order())
    book = Workbook(write_only=True)
    sheet = add_sheet(book, "归档范围和保管期限表", _WIDTHS)
    add_heading(sheet, data.headers)
    for row in data:
        add_row(sheet, row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _refuse_size(content: bytes) -> None:
    """Refuse what is too large before anything is unpacked."""
    if len(content) > LARGEST_BYTES:
        raise SheetRefused([CellFault(0, "", _("The file is larger than 2 MB."))])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile:
        return  # no workbook; the reader says so
    if unpacked > LARGEST_UNPACKED_BYTES:
        raise SheetRefused([CellFault(0, "", _("The file is larger than 2 MB."))])


def _read(content: bytes) -> tuple[tablib.Dataset, list[int]]:
    """Return the rows that hold something, and where each of them stands in the sheet."""
    _refuse_size(content)
    try:
        data = XLSX().create_dataset(content)
    except Exception as error:
        # Whatever a damaged workbook raises inside the reader means the same to a person.
        raise SheetRefused(
            [CellFault(0, "", _("This is no Excel workbook (.xlsx) that can be read."))]
        ) from error
    headings = [plain(heading) for heading in data.headers or []]
    wanted = [field.column_name for field in ScopeResource().get_import_fields()]
    if missing := [name for name in wanted if name not in headings]:
        raise SheetRefused([CellFault(1, name, _("This column is missing.")) for name in missing])
    kept, places = tablib.Dataset(headers=headings), []
    for place, row in enumerate(data, start=2):
        if any(plain(cell) for cell in row):
            kept.append(row)
            places.append(place)
    if len(kept) > LARGEST_ROWS:
        raise SheetRefused([CellFault(places[LARGEST_ROWS], "", _("There are too many rows."))])
    if not len(kept):
        raise SheetRefused([CellFault(2, "", _("The sheet has no rows."))])
    return kept, places


def _problems(result: Any, places: list[int]) -> list[CellFault]:
    columns = {name: field.column_name for name, field in ScopeResource().fields.items()}
    found = []
    for invalid in result.invalid_rows:
        for name, errors in invalid.error_dict.items():
            found += [
                CellFault(places[invalid.number - 1], columns.get(name, ""), str(e)) for e in errors
            ]
    for number, errors in result.row_errors():
        logger.warning("Row %s of a scope sheet: %s", number, errors[0].error)
        found.append(
            CellFault(places[number - 1], "", _("This row cannot be read. Please type it anew."))
        )
    return found


def read_sheet(content: bytes, user: Any, remark: str = "") -> ScopeTable:
    """Write an Excel sheet as a new draft, whole or not at all.

    Raises:
        SheetRefused: something is wrong; every problem is named by row and column.
    """
    with override("zh-hans"):
        data, places = _read(content)
        with transaction.atomic():
            table = new_draft(user, remark=remark)
            result = ScopeResource(table, places).import_data(data, raise_errors=False)
            if problems := _problems(result, places):
                transaction.set_rollback(True)
    if problems:
        raise SheetRefused(problems)
    return table
