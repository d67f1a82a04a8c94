"""The flows that are registered, by their code."""

from __future__ import annotations

from portal.cases.flow.table import Flow


class UnknownFlow(LookupError):
    """No flow is registered under this code."""


_flows: dict[str, Flow] = {}


def register_flow(flow: Flow) -> None:
    """Register a flow once, when its application is ready."""
    _flows[flow.code] = flow


def flow(code: str) -> Flow:
    """Return the flow of this code.

    Raises:
        UnknownFlow: nothing is registered under it.
    """
    try:
        return _flows[code]
    except KeyError as error:
        raise UnknownFlow(f"No flow is registered as {code}.") from error


def flows() -> list[Flow]:
    """Return all registered flows."""
    return list(_flows.values())
