"""Keep the tests on this machine: a connection to any other address fails at once.

The portal runs on closed networks, so a test that would need the outside is a fault of the portal.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest


class OutsideAddress(AssertionError):
    """Something tried to reach another machine."""


def is_this_machine(host: object) -> bool:
    """Say whether a host name or address stands for the loopback interface."""
    if not isinstance(host, str) or host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def close(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse outgoing connections, datagrams and name look-ups except to this machine."""

    def check(family: int, address: object) -> None:
        if family == socket.AF_UNIX:
            return
        host = address[0] if isinstance(address, tuple) else address
        if not is_this_machine(host):
            raise OutsideAddress(f"A test tried to reach {host!r}; the portal needs no outside.")

    def guarded(name: str) -> None:
        original = getattr(socket.socket, name)

        def method(self: socket.socket, *arguments: Any) -> Any:
            check(self.family, arguments[-1])
            return original(self, *arguments)

        monkeypatch.setattr(socket.socket, name, method)

    for name in ("connect", "connect_ex", "sendto"):
        guarded(name)

    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not is_this_machine(name):
            raise OutsideAddress(f"A test tried to look up {name!r}; the portal needs no outside.")
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
