"""Processes that die by SIGKILL at a statement of a transaction."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

#: How a process ended that got through and told nobody.
THROUGH = 17


class DyingAt:
    """Kill the process in front of the n-th statement."""

    def __init__(self, statement: int) -> None:
        self.left = statement

    def __call__(self, execute: Any, sql: Any, parameters: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, parameters, many, context)


def fork(statement: int, action: Callable[[], Any]) -> int:
    """Fork a process that dies at a statement of an action, or after it.

    Returns:
        The negative number of the signal that killed it, or `THROUGH`.
    """
    from django.db import connection, connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(DyingAt(statement)):
                action()
            os._exit(THROUGH)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
