"""A clock that can be set, so that the demo world has a believable past."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from unittest import mock


class DemoClock:
    """What `timezone.now()` answers while the demo is written."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Answer the time that was set."""
        return self.moment


@contextlib.contextmanager
def set_clock(moment: datetime) -> Iterator[DemoClock]:
    """Let this process believe it is another moment; for the loading command only.

    Everything that dates itself (drafts, log entries, reviews, records) asks
    `django.utils.timezone.now`, so their order and their days agree with each other.
    """
    clock = DemoClock(moment)
    with mock.patch("django.utils.timezone.now", clock):
        yield clock
