"""The demo world as a visitor finds it, and what a second run does: nothing."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from portal.demo.organization import LOGINS
from portal.people.models import User
from tests.infrastructure import prepared_demo


@pytest.mark.slow
def test_the_whole_demo() -> None:
    """It is loaded by the command itself, into a database of its own."""
    look = "from tests.demo.whole_demo import main; main()"
    with prepared_demo.demo_copy() as environment:
        prepared_demo.manage(environment, "shell", "--no-imports", "-c", look)


@pytest.mark.django_db
def test_without_demo_mode_no_known_password_is_created(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("load_demo")
    assert not User.objects.filter(username=LOGINS[0].number).exists()
