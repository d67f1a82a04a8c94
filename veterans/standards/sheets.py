"""A standard as an Excel workbook: one sheet a part, in Chinese words, out and in again.

Reading is strict and says each fault with sheet, row and column; nothing is taken over unless
everything can be. The columns are those of django-import-export resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import IO, Any, ClassVar

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export import fields, resources, widgets
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from portal.spreadsheets import (
    NotAWorkbook,
    TooMuchContent,
    add_heading,
    add_row,
    add_sheet,
    read_grids,
    saved,
)
from portal.spreadsheets.faults import CellFault, SheetRefused
from veterans.models import (
    EligibilityRule,
    EntitlementRow,
    ItemVersion,
    MaterialRequirement,
    Step,
    TimeLimit,
)
from veterans.models.standard_rows import Method, Need, Stage
from veterans.standards.conditions import Operator
from veterans.standards.vocabulary import field_choices

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_CONTENT = 20 * 1024 * 1024
MOST_ROWS = 200
_YES, _NO = "是", "否"


class ChoiceWidget(widgets.Widget):
    """Chinese words in the sheet, codes in the table."""

    def __init__(self, choices: Iterable[tuple[str, Any]]) -> None:
        super().__init__()
        with override("zh-hans"):
            self.words = {str(code): str(label) for code, label in choices}

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        """Return the words."""
        return self.words.get(str(value), "") if value else ""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        """Return the code.

        Raises:
            ValueError: the cell has neither words nor a code of the list.
        """
        text = str(value if value is not None else "").strip()
        if not text or text in self.words:
            return text
        for code, words in self.words.items():
            if words.rstrip("？?") == text.rstrip("？?"):
                return code
        raise ValueError(
            _("“%(text)s” is none of: %(words)s.")
            % {"text": text[:30], "words": "、".join(self.words.values())[:300]}
        )


class YesNoWidget(widgets.Widget):
    """是 and 否."""

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        """Return the word."""
        return _YES if value else _NO

    def clean(self, value: Any, row: Any = None, **options: Any) -> bool:
        """Return whether it is 是; an empty cell is 否.

        Raises:
            ValueError: it is neither.
        """
        text = str(value if value is not None else "").strip()
        if text in (_YES, "True", "1"):
            return True
        if text in (_NO, "", "False", "0"):
            return False
        raise ValueError(_("“%(text)s” is neither 是 nor 否.") % {"text": text[:30]})


class NumberWidget(widgets.Widget):
    """A number, or the default where the cell is empty."""

    def __init__(self, empty: Any = None, *, whole: bool = False) -> None:
        super().__init__()
        self.empty = empty
        self.whole = whole

    def render(self, value: Any, obj: Any = None, **options: Any) -> Any:
        """Return the number itself, so that the sheet can reckon with it."""
        return value

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        """Return the number.

        Raises:
            ValueError: it is none.
        """
        text = str(value if value is not None else "").strip().replace(",", "").replace("，", "")
        if not text:
            return self.empty
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or (self.whole and number != number.to_integral_value()):
            raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:30]})
        return int(number) if self.whole else number


class TextWidget(widgets.Widget):
    """A text; the sheet's empty cell is the empty text, 1.0 the text 1."""

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        """Return the text."""
        return str(value or "")

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        """Return the text."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(value if value is not None else "").strip()


def _column(attribute: str, name: str, widget: widgets.Widget | None = None) -> fields.Field:
    return fields.Field(attribute, name, widget=widget or TextWidget(), saves_null_values=True)


class RowResource(resources.ModelResource):
    """The rows of one part of one version; reading appends, whoever calls empties before."""

    sheet: ClassVar[str] = ""

    def __init__(self, version: ItemVersion, **options: Any) -> None:
        super().__init__(**options)
        self.version = version

    def get_queryset(self) -> Any:
        """The rows of the version in their order."""
        return self._meta.model.objects.filter(version=self.version).order_by("sort_order", "pk")

    def get_import_id_fields(self) -> list[str]:
        """Rows have no key in a sheet."""
        return []

    def get_instance(self, instance_loader: Any, row: Any) -> None:
        """Every line is a new row."""
        return None

    def init_instance(self, row: Any = None) -> Any:
        """Return an empty row of the version."""
        return self._meta.model(version=self.version)

    def before_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
        """Keep the order of the lines."""
        instance.sort_order = options["row_number"]

    def columns(self) -> list[str]:
        """Return the headers."""
        return [field.column_name for field in self.get_export_fields()]

    def column_of(self, attribute: str) -> str:
        """Return the letter of the column of an attribute; empty for none."""
        attributes = [field.attribute for field in self.get_export_fields()]
        if attribute not in attributes:
            return ""
        return get_column_letter(attributes.index(attribute) + 1)


class _Options:
    """What all parts have in common."""

    clean_model_instances = True
    skip_diff = True
    use_transactions = False


class RuleResource(RowResource):
    """Conditions of eligibility."""

    sheet = "申请条件"
    title = _column("title", "条件")
    field = _column("field", "比较项目", ChoiceWidget(field_choices()))
    operator = _column("operator", "比较方式", ChoiceWidget(Operator.choices))
    value = _column("value", "值")
    when_field = _column("when_field", "适用情形：项目", ChoiceWidget(field_choices()))
    when_operator = _column("when_operator", "适用情形：方式", ChoiceWidget(Operator.choices))
    when_value = _column("when_value", "适用情形：值")
    refuses = _column("refuses", "不符合即不予通过", YesNoWidget())
    met = _column("met", "符合时的说明")
    unmet = _column("unmet", "不符合时的原因")
    clause = _column("clause", "条款")

    class Meta(_Options):
        model = EligibilityRule
        fields = (
            *("title", "field", "operator", "value", "when_field", "when_operator", "when_value"),
            *("refuses", "met", "unmet", "clause"),
        )


class AmountResource(RowResource):
    """The table of amounts."""

    sheet = "金额表"
    label = _column("label", "人员")
    categories = _column("categories", "类别代码")
    field = _column("field", "比较项目", ChoiceWidget(field_choices()))
    operator = _column("operator", "比较方式", ChoiceWidget(Operator.choices))
    value = _column("value", "值")
    method = _column("method", "计算方法", ChoiceWidget(Method.choices))
    adds = _column("adds", "另加项", YesNoWidget())
    amount = _column("amount", "金额（元）", NumberWidget(Decimal(0)))
    period = _column("period", "单位")
    quantity = _column("quantity", "倍数", NumberWidget(1, whole=True))
    quantity_field = _column("quantity_field", "倍数按填写", ChoiceWidget(field_choices()))
    ratio = _column("ratio", "比例", NumberWidget(Decimal(0)))
    base_field = _column("base_field", "计算基数", ChoiceWidget(field_choices()))
    deductible = _column("deductible", "不计部分（元）", NumberWidget(Decimal(0)))
    deduct_field = _column("deduct_field", "扣除项", ChoiceWidget(field_choices()))
    bands = _column("bands", "分档")
    cap_case = _column("cap_case", "每次上限（元）", NumberWidget())
    cap_year = _column("cap_year", "每人每年上限（元）", NumberWidget())
    note = _column("note", "备注")
    clause = _column("clause", "条款")

    class Meta(_Options):
        model = EntitlementRow
        fields = (
            *("label", "categories", "field", "operator", "value", "method", "adds", "amount"),
            *("period", "quantity", "quantity_field", "ratio", "base_field", "deductible"),
            *("deduct_field", "bands", "cap_case", "cap_year", "note", "clause"),
        )


class MaterialResource(RowResource):
    """Materials."""

    sheet = "申请材料"
    code = _column("code", "代码")
    name = _column("name", "名称")
    need = _column("need", "是否必须", ChoiceWidget(Need.choices))
    field = _column("field", "比较项目", ChoiceWidget(field_choices()))
    operator = _column("operator", "比较方式", ChoiceWidget(Operator.choices))
    value = _column("value", "值")
    formats = _column("formats", "形式")
    sample = _column("sample", "样例说明")
    issued_by = _column("issued_by", "在哪里开")
    exempt_when_on_file = _column("exempt_when_on_file", "免提交", YesNoWidget())
    valid_months = _column("valid_months", "有效期（月）", NumberWidget(whole=True))
    note = _column("note", "备注")
    clause = _column("clause", "条款")

    class Meta(_Options):
        model = MaterialRequirement
        fields = (
            *("code", "name", "need", "field", "operator", "value", "formats", "sample"),
            *("issued_by", "exempt_when_on_file", "valid_months", "note", "clause"),
        )


class StepResource(RowResource):
    """Steps."""

    sheet = "办理步骤"
    name = _column("name", "步骤")
    role = _column("role", "谁来办")
    working_days = _column("working_days", "工作日", NumberWidget(whole=True))
    description = _column("description", "办什么")
    clause = _column("clause", "条款")

    class Meta(_Options):
        model = Step
        fields = ("name", "role", "working_days", "description", "clause")


class LimitResource(RowResource):
    """Time limits."""

    sheet = "办理时限"
    stage = _column("stage", "环节", ChoiceWidget(Stage.choices))
    days = _column("days", "天数", NumberWidget(whole=True))
    working = _column("working", "工作日", YesNoWidget())
    clause = _column("clause", "条款")

    class Meta(_Options):
        model = TimeLimit
        fields = ("stage", "days", "working", "clause")


RESOURCES: tuple[type[RowResource], ...] = (
    RuleResource,
    AmountResource,
    MaterialResource,
    StepResource,
    LimitResource,
)


def write_sheets(version: ItemVersion) -> IO[bytes]:
    """Return the parts of a version as a workbook, one sheet each."""
    book = Workbook(write_only=True)
    with override("zh-hans"):
        for kind in RESOURCES:
            resource = kind(version)
            dataset = resource.export()
            sheet = add_sheet(book, resource.sheet, [20] * len(dataset.headers))
            add_heading(sheet, dataset.headers)
            for row in dataset:
                add_row(sheet, row)
    return saved(book)


def read_sheets(body: bytes, version: ItemVersion) -> dict[str, int]:
    """Replace the rows of a draft by those of a workbook; all of them or none.

    Must run with the draft locked by the caller's transaction.

    Returns:
        the number of rows by the name of the sheet.

    Raises:
        SheetRefused: with every fault, by sheet, row and column.
    """
    try:
        grids = {
            grid.title.strip(): grid for grid in read_grids(body, MOST_ROWS + 2, LARGEST_CONTENT)
        }
    except NotAWorkbook as error:
        raise SheetRefused(
            [CellFault(0, "", _("The file is no Excel workbook (.xlsx), or it is damaged."))]
        ) from error
    except TooMuchContent as error:
        raise SheetRefused([CellFault(0, "", _("The workbook holds too much."))]) from error
    faults: list[CellFault] = []
    counts: dict[str, int] = {}
    with transaction.atomic():
        for kind in RESOURCES:
            resource = kind(version)
            found = grids.get(resource.sheet)
            if found is None:
                faults.append(
                    CellFault(
                        0, "", _("This sheet is missing from the workbook."), sheet=resource.sheet
                    )
                )
                continue
            dataset, numbers, wrong = _dataset(resource, found)
            faults += wrong
            if wrong:
                continue
            resource.get_queryset().delete()
            faults += _faults(resource, dataset, numbers)
            counts[resource.sheet] = len(dataset)
        if faults:
            transaction.set_rollback(True)
    if faults:
        raise SheetRefused(faults)
    return counts


def _dataset(resource: RowResource, grid: Any) -> tuple[tablib.Dataset, list[int], list[CellFault]]:
    """Return the lines of a sheet under the headers of the resource, with their numbers."""
    wanted = resource.columns()
    header = {str(value).strip(): place for place, value in grid.rows.get(1, {}).items() if value}
    faults = [
        CellFault(
            1, "", _("The column “%(name)s” is missing.") % {"name": name}, sheet=resource.sheet
        )
        for name in wanted
        if name not in header
    ]
    numbers = sorted(number for number in grid.rows if number > 1)
    if len(numbers) > MOST_ROWS:
        faults.append(
            CellFault(
                numbers[MOST_ROWS],
                "",
                _("The sheet has more than %(count)d rows.") % {"count": MOST_ROWS},
                sheet=resource.sheet,
            )
        )
    dataset = tablib.Dataset(headers=wanted)
    if not faults:
        for number in numbers:
            dataset.append([grid.value(number, header[name]) for name in wanted])
    return dataset, numbers, faults


def _faults(
    resource: RowResource, dataset: tablib.Dataset, numbers: list[int]
) -> Iterator[CellFault]:
    """Write the lines; yield what is wrong with them."""
    result = resource.import_data(dataset, dry_run=False, raise_errors=False)
    for row, number in zip(result.rows, numbers, strict=True):
        if row.validation_error is not None:
            yield from _of_validation(resource, number, row.validation_error)
        for error in row.errors:
            yield CellFault(number, "", force_str(error.error)[:200], sheet=resource.sheet)


def _of_validation(
    resource: RowResource, number: int, error: ValidationError
) -> Iterator[CellFault]:
    for attribute, messages in error.message_dict.items():
        column = "" if attribute == NON_FIELD_ERRORS else resource.column_of(attribute)
        # What follows the first fault of a cell only follows from it.
        yield CellFault(number, column, messages[0], sheet=resource.sheet)
