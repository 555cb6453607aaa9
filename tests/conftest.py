"""Nothing in the tests leaves this machine: a connection to any address but the loopback is an error."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.hostile import taken

_LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


@pytest.fixture(autouse=True)
def _count(request: pytest.FixtureRequest) -> Iterator[None]:
    """How many inputs a test tried, for ``tools/safety_report.py``."""
    taken()
    yield
    request.node.user_properties.append(("inputs", taken()))


class LeftTheMachine(RuntimeError):
    """A test tried to open a connection."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple) and not str(address[0]).startswith(_LOCAL):
                raise LeftTheMachine(f"a connection to {address}")
            return original(self, address)

        return connect

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
