"""Messages for tests, and a gateway that remembers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from portal.notifications import messages
from portal.notifications.messages import register_message


class RememberingGateway:
    """Takes every SMS and remembers it; `fails` is raised instead, if set."""

    sent: list[tuple[str, str, dict[str, str], str]] = []
    fails: Exception | None = None

    def send(self, phone: str, template: str, parameters: Mapping[str, str], reference: str) -> str:
        """Remember one SMS."""
        if RememberingGateway.fails:
            raise RememberingGateway.fails
        RememberingGateway.sent.append((phone, template, dict(parameters), reference))
        return f"receipt {len(RememberingGateway.sent)}"


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[RememberingGateway]]:
    """The gateway, empty; SMS are sent at any hour."""
    settings.SMS_BACKEND = f"{__name__}.RememberingGateway"
    settings.SMS_HOURS = "0-0"
    RememberingGateway.sent, RememberingGateway.fails = [], None
    yield RememberingGateway
    RememberingGateway.sent, RememberingGateway.fails = [], None


@pytest.fixture(autouse=True)
def trial_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three messages: one for the portal alone, one with an SMS, one of a sensitive matter."""
    monkeypatch.setattr(messages, "_kinds", dict(messages._kinds))
    register_message("trial-plain", "稿件已发布", "《%(title)s》已发布。")
    register_message(
        "trial-correction",
        "请补正材料",
        "您的%(item)s（%(number)s）需要补正，请在%(due_on)s前完成。",
        sms_template="correction",
        sms_parameters=("number", "days"),
    )
    register_message(
        "trial-sensitive",
        "%(item)s已受理",
        "您的%(item)s申请（%(number)s）已受理。",
        sms_template="accepted",
        sms_parameters=("number",),
        sensitive=True,
    )
