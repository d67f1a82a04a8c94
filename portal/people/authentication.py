"""How people sign in: with their employee number, never by registering themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest


class EmployeeBackend(ModelBackend):
    """Django's backend; permissions come from the groups that stand for roles."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the system administrator, so nobody can register."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse registration."""
        return False

    def clean_username(self, username: str, shallow: bool = False) -> Any:
        """Accept the employee number in any width and without spaces around it."""
        return super().clean_username(username.strip(), shallow)
