"""The client knows how long Skolverket usually takes to answer."""

import pytest

from provsluss.provtjanst.answer_time import AnswerTime
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import TemporaryTrouble
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.tokens import TokenSource
from tests.provtjanst.scripted_server import Reply, ScriptedServer


def test_nothing_is_known_before_the_first_answer_and_little_changes_at_once(
    client: ProvisioningClient, server: ScriptedServer
) -> None:
    server.replies = [Reply(body=True, wait=0.3), Reply(body=True)]
    assert client.answer_seconds == 0.0
    client.is_completed("persons", "a")
    first = client.answer_seconds
    assert first >= 0.3
    for _ in range(6):
        client.is_completed("persons", "a")
    assert 0 < client.answer_seconds < first / 2


def test_waiting_for_a_place_is_not_counted(server: ScriptedServer, tokens: TokenSource) -> None:
    server.replies = [Reply(body=True)]
    client = ProvisioningClient(server.address, tokens, CallLimits(2))
    for _ in range(3):
        client.is_completed("persons", "a")
    assert 0 < client.answer_seconds < 0.5


def test_a_server_that_refuses_connections_teaches_nothing(server: ScriptedServer, tokens: TokenSource) -> None:
    tokens.token()
    client = ProvisioningClient("http://127.0.0.1:9", tokens, CallLimits(0, 0))
    with pytest.raises(TemporaryTrouble):
        client.is_completed("persons", "a")
    assert client.answer_seconds == 0.0


def test_a_broken_call_counts_if_it_took_longer_than_usual() -> None:
    time = AnswerTime()
    for seconds in (1.0, 1.0):
        time.answered_after(seconds)
    time.broken_after(0.01)
    assert time.seconds == 1.0
    time.broken_after(4.0)
    assert time.seconds == pytest.approx(2.0)


def test_a_call_that_is_never_answered_counts(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(wait=1.5)]
    with pytest.raises(TemporaryTrouble):
        client.is_completed("persons", "a")
    assert client.answer_seconds >= 1.0
