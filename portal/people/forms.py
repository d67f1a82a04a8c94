"""Forms of sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _

from portal.people.authentication import normalized_employee_number


class SignInForm(LoginForm):
    """Employee number and password, nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.fields["login"]
        number.label = _("Employee number")
        number.error_messages["required"] = _("Enter your employee number.")
        # Long enough for what a person pastes; the real length is a matter of the look-up.
        number.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": "150",
        }
        password = self.fields["password"]
        password.error_messages["required"] = _("Enter your password.")
        password.help_text = ""
        password.widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        """Accept the number in full width and with spaces."""
        return normalized_employee_number(self.cleaned_data["login"])
