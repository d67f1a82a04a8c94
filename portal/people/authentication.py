"""How people sign in: with their employee number, never by registering themselves.

Outside providers (OpenID Connect, DingTalk, Feishu, WeChat) are off: allauth's part for them,
`allauth.socialaccount`, is not installed, so there is no address of the portal at which a
stranger could come in through somebody else's sign-in. A system check keeps it that way.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.personal_data.encryption import PREFIX, decrypt, encrypt, is_under_newest_key


def normalized_employee_number(value: str) -> str:
    """Return an employee number in half-width characters and without spaces.

    Chinese input methods type full-width digits (１００００１) unless told otherwise.
    """
    return "".join(unicodedata.normalize("NFKC", value).split())


class EmployeeBackend(AuthenticationBackend):
    """Employee number and password; permissions come from the groups that stand for roles."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the system administrator, so nobody can register."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The employee number or the password is wrong."),
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait 15 minutes, then try again; or ask the security"
            " administrator for a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse registration."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by account and network address together.

        By account alone, anybody could lock a colleague out by typing wrong passwords.
        """
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"

    def clean_password(self, password: str, user: Any = None) -> Any:
        """Check a new password; the present one, perhaps handed out on paper, is no new one."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(_("Choose a password that differs from the present one."))
        return super().clean_password(password, user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go on to the own workspace after a new password."""
        return reverse("workspace")


class MultiFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted at rest like other sensitive values."""

    def encrypt(self, text: str) -> str:
        """Return the stored form of a secret."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret behind its stored form."""
        return decrypt(encrypted_text)


def renew_secrets() -> int:
    """Seal the secrets of second factors under the newest key; return how many were renewed.

    Raises:
        UnreadableValue: no configured key opens one of them.
    """
    from allauth.mfa.models import Authenticator

    count = 0
    for authenticator in Authenticator.objects.order_by("pk"):
        sealed = {
            name: value
            for name, value in authenticator.data.items()
            if isinstance(value, str) and value.startswith(f"{PREFIX}:")
        }
        old = {name: value for name, value in sealed.items() if not is_under_newest_key(value)}
        if old:
            authenticator.data |= {name: encrypt(decrypt(value)) for name, value in old.items()}
            authenticator.save(update_fields=["data"])
            count += len(old)
    return count
