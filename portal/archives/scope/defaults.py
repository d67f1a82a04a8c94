"""The default classes and rules. Subjects register the rows of what they publish.

Source of the classes: the second level of 党群工作 in the trial rules for the classification
of the records of industrial enterprises (1991); DQ08 and DQ09 need the approval of the
unit's own classification scheme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from portal.archives.models import AccessLevel, RetentionPeriod


class DefaultClass(NamedTuple):
    """Code and name of a class as the unit's table prints them."""

    code: str
    name: str


DEFAULT_CLASSES = (
    DefaultClass("DQ01", "党务工作"),
    DefaultClass("DQ02", "组织工作"),
    DefaultClass("DQ03", "宣传统战"),
    DefaultClass("DQ04", "纪检监察"),
    DefaultClass("DQ05", "工会工作"),
    DefaultClass("DQ06", "共青团工作"),
    DefaultClass("DQ07", "协会社团"),
    DefaultClass("DQ08", "拥军优属"),
    DefaultClass("DQ09", "荣誉表彰"),
)
PERMANENT = RetentionPeriod.PERMANENT
THIRTY_YEARS = RetentionPeriod.THIRTY_YEARS
TEN_YEARS = RetentionPeriod.TEN_YEARS


@dataclass(frozen=True)
class DefaultRule:
    """One row of the default table, in the words in which the table is printed.

    Attributes:
        class_code: empty for a row that says do not file.
        clause: the rule and its place; shown with every proposal it leads to.
        unverified: the clause could not be checked against the published text.
    """

    kind: str
    description: str
    clause: str
    class_code: str = ""
    period: RetentionPeriod | None = None
    subkind: str = ""
    title_words: str = ""
    access_level: AccessLevel | None = None
    unverified: bool = False


_rules: list[DefaultRule] = []


def register_default_rules(*rules: DefaultRule) -> None:
    """Add the rows of a kind, in the order in which they are tried; narrow ones first."""
    _rules.extend(rules)


def default_rules() -> list[DefaultRule]:
    """Return all registered rows; those of one kind stand together, in their order."""
    kinds = list(dict.fromkeys(rule.kind for rule in _rules))
    return [rule for kind in kinds for rule in _rules if rule.kind == kind]
