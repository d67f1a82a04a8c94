"""Rules for what identifies a person."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength

from portal.personal_data.typed_numbers import plain_number


def normalized_identity_number(value: str) -> str:
    """Return an identity number in half-width digits, without spaces, with a capital X.

    Full-width digits and letters reach the portal from input methods and Excel sheets.
    """
    return plain_number(value)


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
    if ric.get_birth_date(number) > timezone.localdate():
        raise ValidationError(
            _("The birth date in the number lies in the future. Please check the number.")
        )
