"""Form fields for identity numbers, phones and bank cards.

They take what people type (full-width digits, spaces, hyphens) and give the plain number.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.people.validators import validate_identity_number
from portal.personal_data.typed_numbers import passes_luhn, plain_number

_PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_CARD = re.compile(r"\d{16,19}", re.ASCII)
#: What may be typed at most; numbers are shorter, spaces between digits need room.
LONGEST_TYPED = 60
CARD_WARNING = _(
    "The last digit of the bank card number does not fit the others. Please compare it with the"
    " card; a few banks use such numbers."
)


class _NumberField(forms.CharField):
    """A number whose spelling does not matter."""

    attributes: dict[str, str] = {}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TYPED)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the plain number."""
        return plain_number(super().to_python(value) or "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Say which keyboard a phone shows and what a browser may fill in."""
        return {**super().widget_attrs(widget), **self.attributes}


class IdentityNumberField(_NumberField):
    """An identity number of 18 characters (GB 11643-1999), with its check character."""

    # No numeric keyboard: the last character may be an X.
    attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    default_error_messages = {"required": _("Enter the identity number.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Identity number"))
        super().__init__(**kwargs)

    def validate(self, value: str) -> None:
        """Refuse what is no identity number.

        Raises:
            ValidationError: with what is wrong and how to mend it.
        """
        super().validate(value)
        if value:
            validate_identity_number(value)


class PhoneField(_NumberField):
    """A mobile number of the mainland, 11 digits; a country code before it is taken off."""

    attributes = {"autocomplete": "tel", "inputmode": "tel"}
    default_error_messages = {
        "required": _("Enter a mobile number."),
        "invalid": _("Enter a mobile number of 11 digits, for example 13900000000."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile number"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the eleven digits."""
        digits = super().to_python(value)
        without = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits)
        return without if _PHONE.fullmatch(without) else digits

    def validate(self, value: str) -> None:
        """Refuse what is no mobile number.

        Raises:
            ValidationError: with an example.
        """
        super().validate(value)
        if value and not _PHONE.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class BankCardField(_NumberField):
    """A bank card number of 16 to 19 digits.

    A check digit that does not fit is a warning only, since some banks' cards fail it: after
    cleaning, `warning` of the bound form's field holds the sentence to show, otherwise nothing.
    """

    attributes = {"autocomplete": "off", "inputmode": "numeric"}
    default_error_messages = {
        "required": _("Enter the bank card number."),
        "invalid": _("A bank card number has 16 to 19 digits. Please compare it with the card."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Bank card number"))
        super().__init__(**kwargs)
        self.warning: Any = ""

    def validate(self, value: str) -> None:
        """Refuse what is no card number; keep a warning for what may be a slip.

        Raises:
            ValidationError: too few or too many digits, or something else than digits.
        """
        super().validate(value)
        self.warning = ""
        if value and not _CARD.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if value:
            self.warning = bank_card_warning(value)


def bank_card_warning(number: str) -> Any:
    """Return the sentence about a card number whose check digit does not fit, else nothing."""
    return "" if passes_luhn(number) else CARD_WARNING
