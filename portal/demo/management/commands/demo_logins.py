"""Prints the logins of the demo, as `make run` shows them."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from portal.demo.logins import shown_logins
from portal.demo.texts import DEMO_PASSWORD


def _padded(text: str, columns: int) -> str:
    """Fill up with spaces; a Chinese character takes two columns of a terminal."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(0, columns - taken)


class Command(BaseCommand):
    """Lists one login per role with the password that all of them share."""

    help = "List the logins of the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print employee number, name, role and unit of every login on the sign-in page."""
        self.stdout.write(f"\n  演示账号 Demo logins, password 密码: {DEMO_PASSWORD}\n")
        with override("zh-hans"):
            for login in shown_logins():
                role = _padded(str(login["role"]), 18)
                name = _padded(login["name"], 10)
                self.stdout.write(f"  {login['username']}  {name}{role}{login['unit']}")
