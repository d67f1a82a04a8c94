"""Processes that do not outlive the one that started them."""

from __future__ import annotations

import contextlib
import ctypes
import signal
from collections.abc import Callable

# prctl option: the kernel sends this signal to the child when its parent is gone, however it went.
PR_SET_PDEATHSIG = 1


def ended_with_parent(number: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Return a ``preexec_fn`` that lets the child be sent a signal when its parent is gone."""

    def in_child() -> None:
        with contextlib.suppress(OSError, AttributeError):  # not Linux
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)

    return in_child
