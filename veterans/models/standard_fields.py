"""Fields and columns that the rows of a standard share."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Orderable

from veterans.standards.conditions import Condition, Operator
from veterans.standards.vocabulary import CATEGORIES, field_choices

_SEPARATORS = re.compile(r"[,，、;；\s]+")
Bands = tuple[tuple[Decimal | None, Decimal], ...]


def yuan_field(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """Return a field for yuan with two places."""
    return models.DecimalField(
        label,
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
        **options,
    )


def parse_categories(text: str) -> tuple[str, ...]:
    """Return the category codes of a text such as `V3、V4`.

    Raises:
        ValidationError: a code is not known.
    """
    codes = tuple(dict.fromkeys(part.upper() for part in _SEPARATORS.split(text) if part))
    known = dict(CATEGORIES)
    if unknown := [code for code in codes if code not in known]:
        raise ValidationError(
            _("“%(code)s” is no category. Please write codes from V1 to V9.") % {"code": unknown[0]}
        )
    return codes


def validate_categories(text: str) -> None:
    """Raise ValidationError for unknown categories."""
    parse_categories(text)


def parse_bands(text: str) -> Bands:
    """Return the bands of a text with one band a line: upper end in yuan, then the share.

    The last line has 以上 instead of the upper end: `5000 0.6`, then `以上 0.8`.

    Raises:
        ValidationError: a line cannot be read, or the ends do not rise.
    """
    bands: list[tuple[Decimal | None, Decimal]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        parts = line.split()
        try:
            end = None if parts[0] == "以上" else Decimal(parts[0].replace(",", ""))
            share = Decimal(parts[1])
        except (IndexError, InvalidOperation) as error:
            raise ValidationError(
                _("“%(line)s” is no band. Please write for example: 5000 0.6") % {"line": line}
            ) from error
        if not share.is_finite() or not 0 <= share <= 1:
            raise ValidationError(_("Write 60 % as 0.6."))
        before = bands[-1][0] if bands else Decimal(0)
        if before is None or (end is not None and not (end.is_finite() and end > before)):
            raise ValidationError(_("The ends of the bands have to rise from line to line."))
        bands.append((end, share))
    return tuple(bands)


def validate_bands(text: str) -> None:
    """Raise ValidationError for bands that cannot be read."""
    parse_bands(text)


class CategoriesField(models.CharField[Any, Any]):
    """Category codes, separated by commas; empty for all."""

    default_validators = [validate_categories]

    def __init__(self, *args: Any, **options: Any) -> None:
        options = {
            "max_length": 60,
            "blank": True,
            "help_text": _("Codes such as V3、V4、V5; empty for all."),
        } | options
        super().__init__(*args, **options)  # type: ignore[arg-type]


class BandsField(models.TextField[Any, Any]):
    """Bands, one a line."""

    default_validators = [validate_bands]

    def __init__(self, *args: Any, **options: Any) -> None:
        options = {
            "blank": True,
            "help_text": _("One band a line: upper end in yuan and share; last line: 以上 0.8"),
        } | options
        super().__init__(*args, **options)  # type: ignore[arg-type]


class StandardRow(Orderable):
    """One row of a version, in its place."""

    class Meta(Orderable.Meta):
        abstract = True


class ConditionMixin(models.Model):
    """One comparison in three columns; without a field it always holds."""

    field = models.CharField(_("compares"), max_length=30, blank=True, choices=field_choices)
    operator = models.CharField(
        _("comparison"), max_length=12, blank=True, choices=Operator.choices
    )
    value = models.CharField(_("value"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def condition(self) -> Condition:
        """The comparison."""
        return Condition(self.field, self.operator, self.value)

    def clean(self) -> None:
        """Check that field, comparison and value fit each other."""
        super().clean()
        self.condition.check()
