"""Whose a token is: read in every form that a claim may have, and compared after every fetch, before any call."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from provsluss.provtjanst.calls import new_http
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import TokenRefused, WrongOwner
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.token_owner import claims_of, owner_of
from provsluss.provtjanst.tokens import TokenSource
from provsluss.ss12000.ids import skolverket_id
from tests.fixtures.authorisation_server import jwt
from tests.provtjanst.scripted_server import Reply, ScriptedServer

OURS, OTHER = "2120009945", "5567044267"
FORMS = (
    "SE{}", "{}", "se{}", "SE {}", "SE-{}", "SE{}-A1B2", "16{}", "SE16{}", "EFOS16{}-01", "NTRSE-{}", "VATSE{}01",
    "VATSE-{}01", "SE{}01", "None{}", "0007:{}", "iso6523-actorid-upis::0007:{}", "urn:orgnr:{}", "https://x.se/org/{}",
    "  {}\t", "orgnr {}",
)  # fmt: skip


def _dashed(number: str, dash: str = "-") -> str:
    return f"{number[:6]}{dash}{number[6:]}"


def _written(number: str) -> list[object]:
    """The number in every form."""
    dashed = [_dashed(number, dash) for dash in ("-", "\u2013", "\u2212", " ", "- ")]
    texts = [form.format(one) for form in FORMS for one in (number, _dashed(number))]
    full_width = number.translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)})
    return [*texts, *dashed, f"16{dashed[0]}", f"SE{dashed[0]}", full_width, int(number), int(f"16{number}")]


@pytest.mark.parametrize("written", _written(OURS), ids=str)
def test_our_number_in_every_form(written: object) -> None:
    assert owner_of({"organization_id": written}).is_of(OURS) is True


@pytest.mark.parametrize("written", _written(OTHER), ids=str)
def test_anothers_number_in_every_form(written: object) -> None:
    owner = owner_of({"organization_id": written})
    assert owner.is_of(OURS) is False
    assert owner.is_of(OTHER) is True


@pytest.mark.parametrize(
    "name",
    [
        *("organization_id", "organisation_id", "organizationId", "organisationId", "orgId", "org_id", "orgnr"),
        *("orgNumber", "organisationsnummer", "organizationNumber", "organizationIdentifier", "organization"),
        *("client_organization_id", "https://id.oidc.se/claim/orgNumber", "urn:x:organisation-id"),
    ],
)
def test_every_name_of_the_claim(name: str) -> None:
    assert owner_of({name: f"SE{OTHER}"}).is_of(OURS) is False
    assert owner_of({name: [f"SE{OURS}"]}).is_of(OURS) is True
    assert owner_of({"claims": {name: {"value": OTHER}}}).is_of(OURS) is False
    assert owner_of({"a": [{"b": {name: OURS}}]}).is_of(OURS) is True


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"organization_id": None},
        {"organization_id": ""},
        {"organization_id": True},
        {"organization_id": "Exempelkommunen"},
        {"organization_id": "SE212000994"},
        {"organization_id": "21200099451"},
        {"organization_id": "NO912345678"},
        {"organization_id": "16212000-9945-4000-8000-000000000000"},
        {"organization_id": str(skolverket_id(OTHER))},
        {"organization_id": {"a": {"b": {"c": {"d": {"e": {"f": {"g": f"SE{OTHER}"}}}}}}}},
        {"organization_name": f"SE{OTHER}", "entity_id": f"https://leverantor.example/{OTHER}", "sub": OTHER},
        {"act": {"organization_id": f"SE{OTHER}"}, "iss": {"organization": OTHER}},
        {"requested_access": [{"organization_id": f"SE{OTHER}"}], "source": {"org": OTHER}},
    ],
    ids=str,
)
def test_what_names_nobody(claims: dict[str, Any]) -> None:
    assert owner_of(claims).is_of(OURS) is None


def test_skolverkets_own_id_of_us_is_ours() -> None:
    assert owner_of({"organization_id": str(skolverket_id(OURS))}).is_of(OURS) is True
    assert owner_of({"organization_id": f"urn:uuid:{skolverket_id(OURS)}"}).is_of(OURS) is True


def test_the_documented_claim_decides_and_then_the_outermost() -> None:
    supplier = {"organization_id": f"SE{OURS}", "organization": OTHER, "client": {"organization_id": OTHER}}
    assert owner_of(supplier).is_of(OURS) is True
    assert owner_of({"organization": OTHER, "client": {"organization_id": OURS}}).is_of(OURS) is False
    assert owner_of({"organization_id": "okänd", "client": {"organization_id": OURS}}).is_of(OURS) is True


def test_a_token_within_a_token_is_read() -> None:
    inner = jwt(organization_id=f"SE{OTHER}")
    for payload in (inner, json.dumps(inner)):
        outer = f"e30.{base64.urlsafe_b64encode(payload.encode()).decode().rstrip('=')}.x"
        assert owner_of(claims_of(outer)).is_of(OURS) is False


@pytest.mark.parametrize(
    "token", ["opaque", "a.b", "a.b.c", "e30.W10.x", "e30..x", "e30.e30.x.y.z", "e30.In4i.x", "..."]
)
def test_a_token_of_another_kind_says_nothing(token: str) -> None:
    assert owner_of(claims_of(token)).is_of(OURS) is None


# --- Compared after every fetch, before any call ----------------------------------------------------------------------


@pytest.fixture
def client(server: ScriptedServer) -> Iterator[ProvisioningClient]:
    """A client of the huvudman with the number OURS."""
    tokens = TokenSource(f"{server.address}/transaction", "https://h.example", None, server.address, number=OURS)
    client = ProvisioningClient(server.address, tokens, CallLimits(0, 0), new_http(read_timeout=2))
    yield client
    client.close()


def _reply(number: str, **more: Any) -> Reply:
    return Reply(body={"access_token": {"value": jwt(organization_id=f"SE{number}"), **more}})


def test_nothing_is_sent_with_anothers_token(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.paths["/transaction"] = [_reply(OTHER)]

    for _ in range(2):
        with pytest.raises(WrongOwner, match=rf"gäller SE{OTHER}, men huvudmannen har SE{OURS}") as caught:
            client.post_bulk("persons", b'{"data":[]}')
        assert isinstance(caught.value, TokenRefused)
        assert "under Inställningar" in caught.value.message
    assert [call.path for call in server.seen] == ["/transaction"] * 2


def test_a_token_that_is_renewed_is_compared_too(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.paths["/transaction"] = [_reply(OURS, expires_in=0), _reply(OTHER)]
    server.replies = [Reply(body=[])]

    client.lookup("persons", [])
    with pytest.raises(WrongOwner):
        client.lookup("persons", [])
    assert [call.path for call in server.seen].count("/persons/lookup") == 1


def test_so_is_the_fresh_one_after_a_403(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.paths["/transaction"] = [_reply(OURS), _reply(OTHER)]
    server.replies = [Reply(403, b"{}")]

    with pytest.raises(WrongOwner):
        client.lookup("persons", [])
    assert [call.path for call in server.seen].count("/persons/lookup") == 1


@pytest.mark.parametrize(
    "value",
    ["ogenomskinlig", jwt(iat=int(time.time())), jwt(organization_id="Exempelkommunen")],
    ids=["opaque", "without claims", "another claim"],
)
def test_a_token_in_which_no_organisation_can_be_read_is_used(
    client: ProvisioningClient, server: ScriptedServer, value: str
) -> None:
    server.paths["/transaction"] = [Reply(body={"access_token": {"value": value}})]
    server.replies = [Reply(body=[])]

    assert client.lookup("persons", []) == []
    assert server.seen[-1].headers["authorization"] == f"Bearer {value}"
