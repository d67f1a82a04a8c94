"""The closed network of the tests."""

from __future__ import annotations

import socket

import pytest

from tests.infrastructure.network import OutsideAddress


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "portal.example"])
def test_other_machines_are_out_of_reach(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(OutsideAddress):
        client.connect((host, 80))


def test_no_foreign_name_is_looked_up() -> None:
    with pytest.raises(OutsideAddress):
        socket.create_connection(("portal.example", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
