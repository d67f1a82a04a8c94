"""Several people who act in the same moment, in threads with connections of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections

_START_SECONDS = 30


def together(*actions: Callable[[], Any], seconds: float = 120) -> list[Any]:
    """Start the actions in the same moment; return what each returned, or its error.

    Args:
        seconds: how long each may take before they count as waiting for each other.
    """
    start = threading.Barrier(len(actions))
    results: list[Any] = [None] * len(actions)

    def run(position: int, action: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=_START_SECONDS)
            results[position] = action()
        except Exception as error:  # what went wrong is what the test looks at
            results[position] = error
        finally:
            connections.close_all()

    # A daemon does not keep the run from ending after two that wait for each other.
    threads = [
        threading.Thread(target=run, args=(position, action), daemon=True)
        for position, action in enumerate(actions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return results


def failures(results: Iterable[Any]) -> list[Exception]:
    """Return the errors among the results of `together`."""
    return [result for result in results if isinstance(result, Exception)]
