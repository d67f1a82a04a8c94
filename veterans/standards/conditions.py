"""What a rule says about one answer. A closed set of comparisons; nothing is ever evaluated."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from veterans.standards.answer_fields import AnswerField, AnswerType, UnknownField, Value
from veterans.standards.vocabulary import field

_SEPARATORS = re.compile(r"[,，、;；\s]+")
_RANGE = re.compile(r"^\s*([\d.]+)\s*(?:-|－|–|—|~|～|至|到)\s*([\d.]+)\s*$")


class Operator(models.TextChoices):
    """The comparisons."""

    EQUAL = "eq", pgettext_lazy("comparison", "is")
    NOT_EQUAL = "ne", pgettext_lazy("comparison", "is not")
    IN = "in", pgettext_lazy("comparison", "is one of")
    BETWEEN = "between", pgettext_lazy("comparison", "is from … to …")
    AT_LEAST = "gte", pgettext_lazy("comparison", "is at least")
    AT_MOST = "lte", pgettext_lazy("comparison", "is at most")
    EXISTS = "exists", pgettext_lazy("comparison", "is answered")
    AGE_AT_LEAST = "age_gte", pgettext_lazy("comparison", "is an age of at least … years")
    YEARS_AT_LEAST = "years_gte", pgettext_lazy("comparison", "lies back at least … years")


_OF_NUMBERS = {Operator.BETWEEN, Operator.AT_LEAST, Operator.AT_MOST}
_OF_DATES = {Operator.AGE_AT_LEAST, Operator.YEARS_AT_LEAST}
# "How do you live: renting" says it without "is".
_UNSAID = {Operator.EQUAL, Operator.IN, Operator.BETWEEN}
_ALLOWED: dict[AnswerType, set[Operator]] = {
    AnswerType.CHOICE: {Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.EXISTS},
    AnswerType.YES_NO: {Operator.EQUAL, Operator.NOT_EQUAL, Operator.EXISTS},
    AnswerType.NUMBER: {Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.EXISTS}
    | _OF_NUMBERS,
    AnswerType.DATE: {Operator.AT_LEAST, Operator.AT_MOST, Operator.EXISTS} | _OF_DATES,
}


@dataclass(frozen=True)
class Condition:
    """One comparison: a field, an operator and the text of the value, as in the tables.

    A condition without a field always holds.
    """

    field: str = ""
    operator: str = ""
    value: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to ask."""
        return bool(self.field)

    def check(self) -> None:
        """Raise ValidationError, by the name of the part, when this is no condition."""
        if not self.field:
            if self.operator or self.value:
                raise ValidationError({"field": _("Please choose what is compared.")})
            return
        try:
            known = field(self.field)
        except UnknownField as error:
            raise ValidationError({"field": _("There is no such question.")}) from error
        if self.operator not in _ALLOWED[known.type]:
            raise ValidationError(
                {
                    "operator": _("This comparison does not fit “%(label)s”.")
                    % {"label": known.label}
                }
            )
        self._check_value(known)

    def _check_value(self, known: AnswerField) -> None:
        try:
            parts = self._parts(known)
        except ValidationError as error:
            raise ValidationError({"value": error.messages}) from error
        if self.operator == Operator.EXISTS:
            if self.value.strip():
                raise ValidationError({"value": _("This comparison needs no value.")})
        elif not parts:
            raise ValidationError({"value": _("Please write what is compared with.")})
        elif self.operator == Operator.BETWEEN and parts[0] > parts[1]:  # type: ignore[operator]
            raise ValidationError({"value": _("The range ends before it begins.")})

    def _parts(self, known: AnswerField) -> list[Value]:
        """Return the values compared with."""
        text = self.value.strip()
        if self.operator == Operator.EXISTS or not text:
            return []
        if self.operator == Operator.BETWEEN:
            found = _RANGE.match(text)
            if not found:
                raise ValidationError(_("Write a range like 1-6."))
            texts = list(found.groups())
        elif self.operator == Operator.IN:
            texts = [part for part in _SEPARATORS.split(text) if part]
        else:
            texts = [text]
        if self.operator in _OF_DATES:
            if not text.isdigit():
                raise ValidationError(_("Write a whole number of years."))
            return [Decimal(text)]
        return [value for one in texts if (value := known.to_python(one)) is not None]

    def holds(self, values: Mapping[str, Value], on: datetime.date) -> bool | None:
        """Whether the condition holds for these answers; None when it cannot be told.

        Args:
            values: answers as `vocabulary.values` returns them.
            on: the day that ages and years are counted to.
        """
        if not self.field:
            return True
        answer = values.get(self.field)
        if self.operator == Operator.EXISTS:
            return answer is not None
        if answer is None:
            return None
        parts = self._parts(field(self.field))
        if self.operator in _OF_DATES:
            if not isinstance(answer, datetime.date) or not isinstance(parts[0], Decimal):
                return None
            return full_years(answer, on) >= parts[0]
        return _compare(self.operator, answer, parts)

    def words(self) -> str:
        """Return the condition in words, for editors and for the trace."""
        if not self.field:
            return ""
        known = field(self.field)
        parts = self._parts(known)
        if self.operator in _OF_DATES:
            compared = self.value
        elif self.operator == Operator.BETWEEN:
            compared = "—".join(known.words(part) for part in parts)
        else:
            compared = "、".join(known.words(part) for part in parts)
        label = str(known.label).rstrip("？?")
        operator = "" if self.operator in _UNSAID else str(Operator(self.operator).label)
        return f"{label}：{operator}{compared}"

    def case(self) -> str:
        """Return the condition as a case that readers recognize themselves in."""
        if not self.field or self.operator not in (Operator.EQUAL, Operator.IN):
            return self.words()
        known = field(self.field)
        parts = self._parts(known)
        if parts == [True]:
            return str(known.label).rstrip("？?").removesuffix("吗")
        if known.type is AnswerType.CHOICE:
            return "、".join(known.words(part) for part in parts)
        return self.words()


def _compare(operator: str, answer: Value, parts: list[Value]) -> bool:
    match operator:
        case Operator.EQUAL:
            return answer == parts[0]
        case Operator.NOT_EQUAL:
            return answer != parts[0]
        case Operator.IN:
            return answer in parts
        case Operator.BETWEEN:
            return parts[0] <= answer <= parts[1]  # type: ignore[operator]
        case Operator.AT_LEAST:
            return answer >= parts[0]  # type: ignore[operator]
        case Operator.AT_MOST:
            return answer <= parts[0]  # type: ignore[operator]
    raise ValueError(operator)


def full_years(since: datetime.date, on: datetime.date) -> int:
    """Return the full years from one day to another.

    Who was born on 29 February has a year more on 1 March of a common year.
    """
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))
