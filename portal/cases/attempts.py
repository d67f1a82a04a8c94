"""How often somebody may guess a code that opens something without an account.

Failures are counted in the cache only: for a code until its lock ends, for a machine and for
everybody within an hour. A machine that failed too often opens nothing for the rest of the hour,
and what it tries further counts nowhere, so that it can shut nobody else out. When everybody
together fails too often, each attempt waits a little and the system administrators are told; who
has the right code still gets in.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.notifications.messages import register_message
from portal.notifications.services import Recipient, notify
from portal.people.models import User
from portal.personal_data.encryption import blind_index
from portal.roles.models import RoleAssignment

logger = logging.getLogger(__name__)

HOUR = 3600
FLOOD = "code-guessing"
# A wait keeps a thread of the server. More than these do not wait at once, or guessing would
# bring the whole portal to a stand.
_waiting = threading.BoundedSemaphore(4)


def _count(key: str, seconds: int) -> int:
    """Count one more failure under a key that is forgotten after some seconds."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:
        # It ran out between the two; the next failure begins anew.
        return 1


@dataclass(frozen=True, repr=False)
class Attempts:
    """Failures of one code from one machine.

    Attributes:
        purpose: what the code opens, such as "tracking"; each is counted for itself.
        digest: keyed digest of the code that was typed.
        address: of the visitor's machine; only a keyed digest of it is kept.
    """

    purpose: str
    digest: str
    address: str

    @property
    def _code_key(self) -> str:
        return f"{self.purpose}-code:{self.digest[:32]}"

    @property
    def _address_key(self) -> str:
        bucket = blind_index(f"{self.purpose}-address:{self.address}")[:24]
        return f"{self.purpose}-address:{bucket}"

    @property
    def _everybody_key(self) -> str:
        return f"{self.purpose}-everybody"

    def wait(self) -> bool:
        """Wait while everybody together fails too often; False when too many wait already."""
        everybody = cache.get(self._everybody_key, 0)
        if everybody < settings.TRACKING_FAILURES_IN_ALL or self._machine_is_stopped():
            return True
        if not _waiting.acquire(blocking=False):
            return False
        try:
            time.sleep(settings.TRACKING_DELAY_SECONDS)
        finally:
            _waiting.release()
        return True

    def _machine_is_stopped(self) -> bool:
        return bool(cache.get(self._address_key, 0) >= settings.TRACKING_FAILURES_PER_ADDRESS)

    def are_too_many(self) -> bool:
        """Whether the code is locked, or the machine stopped."""
        failures = cache.get(self._code_key, 0)
        return failures >= settings.TRACKING_FAILURES_PER_CODE or self._machine_is_stopped()

    def count_failure(self) -> None:
        """Count one more failure; those of a machine that is stopped count nowhere."""
        if self._machine_is_stopped():
            return
        _count(self._code_key, settings.TRACKING_LOCK_SECONDS)
        _count(self._address_key, HOUR)
        if _count(self._everybody_key, HOUR) == settings.TRACKING_FAILURES_IN_ALL:
            _alert(self.purpose)


def _alert(purpose: str) -> None:
    """Tell the system administrators, once an hour, that somebody seems to guess codes."""
    logger.warning("Codes are being guessed from many addresses: %s.", purpose)
    holders = RoleAssignment.objects.filter(role_code="system_administrator").active_on()
    people = User.objects.filter(person__in=holders.values("person"), is_active=True)
    notify(
        FLOOD,
        [Recipient(user=user) for user in people],
        {"count": settings.TRACKING_FAILURES_IN_ALL},
        event_key=f"{FLOOD}:{purpose}:{timezone.now():%Y%m%d%H}",
        url=reverse("track"),
    )


def register() -> None:
    """Register the message to the system administrators."""
    register_message(
        FLOOD,
        _("Somebody guesses codes"),
        _(
            "More than %(count)s wrong codes were typed within an hour from many addresses. The"
            " pages answer more slowly meanwhile. Please look at the log of the web server."
        ),
    )
