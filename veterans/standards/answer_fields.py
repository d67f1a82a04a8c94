"""How a question of a standard is answered: its kind, its bounds, and what was typed as a value."""

from __future__ import annotations

import datetime
import enum
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

Value = str | Decimal | datetime.date | bool
Answers = Mapping[str, Any]
Choices = tuple[tuple[str, Any], ...]

YES, NO = "yes", "no"
YES_NO_CHOICES: Choices = ((YES, _("Yes")), (NO, _("No")))
#: No sum of money and no count in an application is larger.
LARGEST_NUMBER = Decimal("99999999.99")
_NUMBER = re.compile(r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$")


class AnswerType(enum.Enum):
    """How a question is answered."""

    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes-no"


class UnknownField(LookupError):
    """A standard names a field that is not in the vocabulary."""


@dataclass(frozen=True)
class AnswerField:
    """One word of the vocabulary.

    Attributes:
        label: the question, in the words of an applicant.
        choices: code and words, for a choice.
        minimum, maximum: bounds of a number, inclusive.
        decimals: places after the point of a number.
        unit: of a number: yuan, square metres, months, people.
        sources: for a field nobody is asked: the fields it is computed from.
        depends_on: another field and its codes, without which the question makes no sense.
    """

    code: str
    label: Any
    type: AnswerType
    help: Any = ""
    choices: Choices = ()
    minimum: Decimal = Decimal(0)
    maximum: Decimal = LARGEST_NUMBER
    decimals: int = 0
    unit: Any = ""
    sources: tuple[str, ...] = ()
    depends_on: tuple[str, str] | None = None

    def to_python(self, raw: Any) -> Value | None:
        """Return an answer as a value; None for no answer.

        Full-width digits, spaces and thousands separators are accepted.

        Raises:
            ValidationError: the text is no answer to this question; it says why and what to do.
        """
        if raw is None or raw == "":
            return None
        match self.type:
            case AnswerType.CHOICE:
                return self._choice(raw)
            case AnswerType.YES_NO:
                return _yes_no(raw)
            case AnswerType.DATE:
                return _date(raw)
            case AnswerType.NUMBER:
                return self._number(raw)

    def _choice(self, raw: Any) -> str:
        text = str(raw).strip()
        if text not in dict(self.choices):
            raise ValidationError(_("Please choose one of the answers offered."))
        return text

    def _number(self, raw: Any) -> Decimal:
        text = unicodedata.normalize("NFKC", str(raw))
        for sign in (" ", "，", ","):
            text = text.replace(sign, "")
        if not _NUMBER.match(text):
            raise ValidationError(
                _("“%(text)s” is not a number. Please write digits only, for example 12.")
                % {"text": str(raw)[:30]}
            )
        number = Decimal(text)
        if number != round(number, self.decimals):
            if not self.decimals:
                raise ValidationError(_("Please write a whole number, without a point."))
            raise ValidationError(
                _("Please write at most %(count)d digits after the point.")
                % {"count": self.decimals}
            )
        if not self.minimum <= number <= self.maximum:
            raise ValidationError(
                _("Please write a number from %(least)s to %(most)s.")
                % {"least": plain(self.minimum), "most": plain(self.maximum)}
            )
        return number

    def words(self, value: Value | None) -> str:
        """Return an answer in the words the applicant would use."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(dict(YES_NO_CHOICES)[YES if value else NO])
        if isinstance(value, datetime.date):
            return f"{value.year}年{value.month}月{value.day}日"
        if isinstance(value, Decimal):
            return f"{plain(value)}{self.unit}"
        return str(dict(self.choices).get(value, value))


def plain(number: Decimal) -> str:
    """Return a number as people write it: 1200, 1,200.5 becomes 1200.5, no trailing noughts."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().lower()
    if text in (YES, "true", "1", "是", "有"):
        return True
    if text in (NO, "false", "0", "否", "没有", "无"):
        return False
    raise ValidationError(_("Please choose one of the answers offered."))


def _date(raw: Any) -> datetime.date:
    if isinstance(raw, datetime.datetime):
        return raw.date()
    if isinstance(raw, datetime.date):
        return raw
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    for sign in ("年", "月", "/", "."):
        text = text.replace(sign, "-")
    try:
        year, month, day = (int(part) for part in text.removesuffix("日").split("-"))
        return datetime.date(year, month, day)
    except ValueError as error:
        raise ValidationError(
            _("“%(text)s” is not a date. Please write it like 2026-11-21.")
            % {"text": str(raw)[:30]}
        ) from error
