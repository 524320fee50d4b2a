"""A transfer whose tokens come over real mutual TLS, and what stops it when the certificate is not taken."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from provsluss.cli.transfers import _exit_status
from provsluss.connection.clients import tokens_for
from provsluss.organisations.models import Organisation
from provsluss.provtjanst.pinned_tls import pin_of
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import Accepted, Batch, Purpose, TransferState
from tests.fixtures.authorisation_server import AuthorisationServer, authorisation_server
from tests.fixtures.certificates import Authority
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_school


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


def test_anothers_token_stops_it_before_anything_is_sent(
    server: AuthorisationServer, scoped: Organisation, settings: Any
) -> None:
    """The certificate is taken, but it is another huvudman's: everything would be sent in its name."""
    server.relay, server.organisation_id = "", "SE5567044267"

    transfer = run(new_transfer(make_school(scoped)))

    assert transfer.state == TransferState.CANCELLED
    assert _exit_status(transfer) == 2
    assert transfer.message.startswith("Behörigheten gäller SE5567044267, men huvudmannen har SE2120009945.")
    assert "Ange huvudmannens eget certifikat" in transfer.message
    calls = httpx2.get(f"{settings.PRODUCTION_URL}/log", trust_env=False).json()["calls"]
    assert not [call for call in calls if "/bulk" in call or "/lookup" in call], calls
    assert not any(counts(transfer, kind).get("sent") for kind in KINDS)


def test_a_token_that_is_lacking_leaves_what_was_accepted_as_it_is(
    server: AuthorisationServer, scoped: Organisation
) -> None:
    """No call is noted as made, so nobody thinks later that Skolverket may have got something."""
    activity = make_school(scoped)
    run(new_transfer(activity))
    before = list(Accepted.objects.order_by("pk").values_list("payload_hash", "posted_at"))
    server.relay, server.organisation_id = "", "SE5567044267"
    tokens_for(scoped, scoped.environment).forget()

    everything = new_transfer(activity)
    everything.purpose = Purpose.SEND_EVERYTHING
    everything.save()
    assert run(everything).state == TransferState.CANCELLED

    assert list(Accepted.objects.order_by("pk").values_list("payload_hash", "posted_at")) == before
    assert not Batch.objects.filter(sync_job__transfer=everything, attempts__gt=0).exists()
