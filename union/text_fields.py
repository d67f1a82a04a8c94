"""A text field that counts what can be seen: invisible characters are no words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from union.opinions.plain_text import plain_text, visible_length


class VisibleTextField(forms.CharField):
    """Takes words; control and zero-width characters are left out before anything is counted.

    Args:
        least: how many visible characters there have to be.
    """

    def __init__(self, *, least: int = 1, **keywords: Any) -> None:
        self.least = least
        super().__init__(**keywords)

    def to_python(self, value: Any) -> str:
        """Return the text without characters nobody sees."""
        return plain_text(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        """Refuse a text with too little to see.

        Raises:
            ValidationError: with how much is needed.
        """
        super().validate(value)
        if value and visible_length(value) < self.least:
            raise ValidationError(
                ngettext(
                    "Please write at least %(count)d character.",
                    "Please write at least %(count)d characters.",
                    self.least,
                )
                % {"count": self.least}
            )
