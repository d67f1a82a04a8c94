"""Write an archive code from its parts and read the parts back.

Source: DA/T 22-2015 (归档文件整理规则) and DA/T 13-2022 (档号编制规则); both order the parts
alike and differ in the separators.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.archives.models import CodeTemplate


class MalformedCode(ValueError):
    """A code that was not written by the template; the message says so to a person."""


@dataclass(frozen=True)
class CodeParts:
    """The parts of an archive code.

    Attributes:
        fonds: fonds number (全宗号), a letter and three digits.
        category: category of records (门类代码), WS for documents.
        period: Y, D30 or D10.
        class_code: unit or problem (机构或问题).
        item: number within the lowest class, from 1.
    """

    fonds: str
    category: str
    year: int
    period: str
    class_code: str
    item: int


_PARTS = {
    "fonds": r"(?P<fonds>[A-Z]\d{3})",
    "category": r"(?P<category>[A-Z]{2,4})",
    "year": r"(?P<year>\d{4})",
    "period": r"(?P<period>Y|D\d{1,3})",
    "class": r"(?P<class>[A-Z0-9]{1,10})",
    "item": r"(?P<item>\d+)",
}


def write_code(template: CodeTemplate, parts: CodeParts) -> str:
    """Return the code of these parts; the item number is padded, and grows when it must."""
    return template.pattern.format(
        fonds=parts.fonds,
        category=parts.category,
        year=f"{parts.year:04d}",
        period=parts.period,
        item=str(parts.item).zfill(template.item_width),
        **{"class": parts.class_code},
    )


def read_code(template: CodeTemplate, code: str) -> CodeParts:
    """Return the parts of a code written by a template.

    Raises:
        MalformedCode: the template does not write such a code.
    """
    pattern = re.sub(
        r"\\\{(\w+)\\\}", lambda found: _PARTS[found.group(1)], re.escape(template.pattern)
    )
    found = re.fullmatch(pattern, code)
    if found is None:
        raise MalformedCode(
            _("“%(code)s” does not follow %(standard)s.")
            % {"code": code, "standard": template.get_pattern_display()}
        )
    parts = CodeParts(
        found["fonds"],
        found["category"],
        int(found["year"]),
        found["period"],
        found["class"],
        int(found["item"]),
    )
    if parts.item < 1 or write_code(template, parts) != code:
        raise MalformedCode(
            _("The item number of “%(code)s” does not have %(width)d digits.")
            % {"code": code, "width": template.item_width}
        )
    return parts
