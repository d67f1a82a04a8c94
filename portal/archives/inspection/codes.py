"""Archive codes read back: the parts of a code against the fields they were made of.

Written apart from the code that issues numbers, so that a fault there is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.archives.models import CodeTemplate, IssuedCode, Record

_PARTS = {
    "fonds": r"(?P<fonds>[A-Z]\d{3})",
    "category": r"(?P<category>[A-Z]{2,4})",
    "year": r"(?P<year>\d{4})",
    "period": r"(?P<period>Y|D\d{2})",
    "class": r"(?P<class>[A-Z0-9]{1,10})",
    "item": r"(?P<item>\d+)",
}


def parsed(pattern: str, code: str) -> dict[str, str] | None:
    """Return the parts of a code written by a template's pattern; None when it does not fit."""
    expression = re.escape(pattern)
    for name, part in _PARTS.items():
        expression = expression.replace(re.escape(f"{{{name}}}"), part)
    match = re.fullmatch(expression, code)
    return match.groupdict() if match else None


def code_problems(record: Record) -> Iterator[str]:
    """Yield how the code of a record differs from its fields, its number and its template."""
    code = record.archive_code or ""
    issued = IssuedCode.objects.filter(record=record, voided_at=None).first()
    if issued is None:
        yield f"档号 {code} 没有发号记录"
        return
    if issued.code != code:
        yield f"发号记录为 {issued.code}，登记为 {code}"
    template = CodeTemplate.objects.filter(fonds=issued.fonds_id, year=record.year).first()
    if template is None:
        yield f"{record.year} 年度没有档号模板"
        return
    if template.frozen_at is None:
        yield f"{record.year} 年度的档号模板没有冻结"
    parts = parsed(template.pattern, code)
    if parts is None:
        yield f"档号 {code} 不合模板 {template.pattern}"
        return
    wanted = {
        "fonds": issued.fonds_id,
        "category": template.category,
        "year": str(record.year),
        "period": record.period,
        "class": record.class_code,
        "item": f"{issued.item_number:0{template.item_width}d}",
    }
    for name, value in wanted.items():
        if parts[name] != value:
            yield f"档号中的 {name} 是 {parts[name]}，应为 {value}"
