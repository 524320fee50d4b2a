"""A transfer whose tokens come over real mutual TLS, and what stops it when the certificate is not taken."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from provsluss.organisations.models import Organisation
from provsluss.provtjanst.pinned_tls import pin_of
from provsluss.transfers.models import TransferState
from tests.fixtures.authorisation_server import AuthorisationServer, authorisation_server
from tests.fixtures.certificates import Authority
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_school


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(
    authority: Authority, scoped: Organisation, skolverket: Callable[..., str], settings: Any
) -> Iterator[AuthorisationServer]:
    """Exempelkommunen in produktion, which is a simulator behind an authorisation server that demands certificates."""
    simulator = skolverket("--seed", "7")
    certificate = authority.issue("huvudman", serial_number="SE2120009945-1")
    with authorisation_server(authority.issue("server"), authority) as server:
        server.relay = f"{simulator}/transaction"
        settings.PRODUCTION_URL, settings.TOKEN_URL, settings.TRANSFER_RATE = simulator, server.url, 0
        settings.TOKEN_PINS, settings.TOKEN_ISSUERS_FILE = server.pin, str(authority.own.certificate_file)
        scoped.environment = "produktion"
        scoped.certificate_file, scoped.private_key_file = map(
            str, (certificate.certificate_file, certificate.key_file)
        )
        scoped.save()
        yield server


def test_everything_arrives_with_one_token(server: AuthorisationServer, scoped: Organisation) -> None:
    transfer = run(new_transfer(make_school(scoped, pupils=20)))

    assert transfer.state == TransferState.DONE, transfer.message
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}
    assert len(server.asked) == 1


def test_a_wrong_pin_stops_it_before_anything_is_sent(
    server: AuthorisationServer, scoped: Organisation, authority: Authority, settings: Any
) -> None:
    settings.TOKEN_PINS = pin_of(authority.own.certificate)

    transfer = run(new_transfer(make_school(scoped)))

    assert transfer.state == TransferState.CANCELLED
    assert "så ingenting skickades" in transfer.message
    assert server.asked == []


def test_a_denial_stops_it_and_says_where_to_look(server: AuthorisationServer, scoped: Organisation) -> None:
    server.writes = ()

    transfer = run(new_transfer(make_school(scoped)))

    assert transfer.state == TransferState.CANCELLED
    assert "Sidan Anslutning under Inställningar visar vad som är fel." in transfer.message
    assert len(server.asked) == 2


def test_a_key_without_its_certificate_stops_it(
    server: AuthorisationServer, scoped: Organisation, authority: Authority
) -> None:
    scoped.private_key_file = str(authority.issue("annan").key_file)
    scoped.save()

    transfer = run(new_transfer(make_school(scoped)))

    assert transfer.state == TransferState.CANCELLED
    assert "annan.key hör inte till certifikatet" in transfer.message
    assert server.asked == []
