"""A scripted server, and a client that calls it with a token of its own."""

from collections.abc import Iterator

import pytest

from provsluss.provtjanst.calls import new_http
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.tokens import TokenSource
from tests.provtjanst.scripted_server import Reply, ScriptedServer, scripted_server

TOKEN_REPLY = {"access_token": {"value": "hemlig-token-1", "expires_in": 3600, "flags": ["bearer"]}}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server that gives a token at /transaction, and otherwise what the test scripts."""
    with scripted_server() as server:
        server.paths["/transaction"] = [Reply(body=TOKEN_REPLY)]
        yield server


@pytest.fixture
def tokens(server: ScriptedServer) -> Iterator[TokenSource]:
    """Tokens from `server`, asked for with an entityID."""
    source = TokenSource(f"{server.address}/transaction", "https://huvudman.example", None, server.address)
    yield source
    source.close()


@pytest.fixture
def client(server: ScriptedServer, tokens: TokenSource) -> Iterator[ProvisioningClient]:
    """A client of `server` without limits of its own, which waits at most a second for an answer."""
    http = new_http(connect_timeout=1, read_timeout=1)
    client = ProvisioningClient(server.address, tokens, CallLimits(0, 0), http)
    yield client
    client.close()
