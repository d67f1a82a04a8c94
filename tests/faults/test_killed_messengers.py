"""Kill -9 of the worker while it sends: no message is lost, and a repetition can be told."""

from __future__ import annotations

import collections
import json
import os
import re

import pytest

from portal.leases import WorkStatus
from portal.notifications.models import Outbox
from portal.notifications.services import Recipient, notify
from tests.faults.messenger import SENT_BEFORE_DEATH, STEPS
from tests.faults.processes import run_module
from tests.notifications.conftest import trial_messages

__all__ = ["trial_messages"]  # the fixture

pytestmark = [pytest.mark.faults, pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_every_message_goes_out_wherever_its_worker_dies(tmp_path):
    rounds = 6 if os.environ.get("PORTAL_FAULTS") == "full" else 1
    count = len(STEPS) * rounds + 3
    for number in range(count):
        notify(
            "trial-plain",
            [Recipient(email=f"reader{number}@example.com")],
            {"title": str(number)},
            event_key=str(number),
        )

    result = json.loads(run_module("tests.faults.messenger", tmp_path, rounds).splitlines()[-1])

    assert result["killed"] == dict.fromkeys(STEPS, rounds)
    assert set(Outbox.objects.values_list("status", flat=True)) == {WorkStatus.DONE}
    sent = collections.Counter(
        reference
        for file in (tmp_path / "mail").iterdir()
        for reference in re.findall(r"Message-ID: <([0-9a-f-]{36})@", file.read_text())
    )
    assert set(sent) == {str(row.reference) for row in Outbox.objects.all()}
    # At least once: those whose worker died between sending and saying so went out again, under
    # the same Message-ID, and no others did.
    assert sum(sent.values()) - count == len(SENT_BEFORE_DEATH) * rounds
