"""Rules for what identifies a person."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength

# Full-width digits and letters reach the portal from input methods and Excel sheets.
_FULL_WIDTH = {ord("０") + offset: ord("0") + offset for offset in range(10)}
_FULL_WIDTH |= {ord("Ｘ"): ord("X"), ord("ｘ"): ord("X")}


def normalized_identity_number(value: str) -> str:
    """Return an identity number in half-width digits, without spaces, with a capital X."""
    return value.translate(_FULL_WIDTH).replace(" ", "").upper()


def validate_identity_number(value: str) -> None:
    """Check length, birth date and check digit of an identity number (GB 11643-1999).

    Raises:
        ValidationError: with what is wrong and how to mend it.
    """
    number = normalized_identity_number(value)
    if len(number) == 15:
        raise ValidationError(_("Numbers of 15 digits are no longer valid. Enter all 18 digits."))
    try:
        ric.validate(number)
    except InvalidLength as error:
        raise ValidationError(_("An identity number has 18 characters.")) from error
    except InvalidChecksum as error:
        raise ValidationError(
            _("The last character does not fit the others. Please check the number.")
        ) from error
    except InvalidComponent as error:
        raise ValidationError(
            _("The region or the birth date in the number does not exist.")
        ) from error
    except ValueError as error:
        raise ValidationError(_("An identity number holds digits and at most one X.")) from error
