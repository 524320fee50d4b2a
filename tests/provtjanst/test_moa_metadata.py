"""The federation's metadata: whose signature counts, what is kept near, and what happens when it cannot be had."""

import json
import os
import re
import stat
import time
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey
from joserfc.jws import JWSRegistry, serialize_json

from provsluss.provtjanst.moa_copy import MetadataKeeper
from provsluss.provtjanst.moa_metadata import read_metadata
from provsluss.provtjanst.moa_signature import MetadataProblem, read_keys
from tests.provtjanst.scripted_server import Reply, ScriptedServer

PIN = "qu2Ajpw7VZjE/i0FP+HI/T8HtUDArUypeO3ENG/+4Fk="
CONTENT = {
    "version": "1.0.0",
    "cache_ttl": 3600,
    "entities": [
        {"entity_id": 17, "issuers": "odd"},
        "odd",
        {
            "entity_id": "https://as.example",
            "organization_id": "SE1234567890",
            "issuers": [{"x509certificate": "PEM"}, {}],
            "servers": [
                {"base_uri": "https://other.example", "pins": [{"alg": "sha256", "digest": "AAAA"}]},
                {
                    "base_uri": "https://as.example/",
                    "pins": [{"alg": "sha256", "digest": PIN}, {"alg": "sha512", "digest": "BBBB"}],
                    "tags": ["as"],
                },
            ],
            "clients": None,
        },
        {
            "entity_id": "https://huvudman.example",
            "issuers": [],
            "clients": [{"pins": [{"alg": "sha256", "digest": PIN}]}],
        },
    ],
}


@pytest.fixture(scope="module")
def key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "federation-1"})


@pytest.fixture
def keys_file(key: ECKey, tmp_path: Path) -> Path:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    return file


def _member(key: ECKey, ends_in: float = 86400) -> dict[str, Any]:
    now = int(time.time())
    header = {"alg": "ES256", "kid": key.kid, "iat": now, "exp": now + ends_in, "iss": "https://federation.example"}
    return {"protected": header}


class _Large(JWSRegistry):
    max_payload_length = 10_000_000


def _signed(key: ECKey, content: Any = CONTENT, ends_in: float = 86400, flattened: bool = False) -> bytes:
    member = _member(key, ends_in)
    registry = _Large(strict_check_header=False, algorithms=["ES256"])
    signed = serialize_json(member if flattened else [member], json.dumps(content), key, registry=registry)
    return json.dumps(signed).encode()


def _by_hand(key: ECKey, content: Any, header: dict[str, Any]) -> bytes:
    """Signed in flattened form, with more in the protected header, also what no library would sign (None: left out)."""
    protected = {name: one for name, one in (_member(key)["protected"] | header).items() if one is not None}
    if "crit" in header and header["crit"] is None:
        protected["crit"] = None
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (protected, content)]
    signature = JWSRegistry.algorithms["ES256"].sign(b".".join(parts), key)
    written = [*parts, urlsafe_b64encode(signature).rstrip(b"=")]
    names = ("protected", "payload", "signature")
    return json.dumps(dict(zip(names, (part.decode() for part in written), strict=True))).encode()


# --- Whose signature counts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flattened", [False, True])
def test_good_metadata_in_both_forms(key: ECKey, keys_file: Path, flattened: bool) -> None:
    metadata = read_metadata(_signed(key, flattened=flattened), read_keys(keys_file))

    assert sorted(metadata.entities) == ["https://as.example", "https://huvudman.example"]
    assert metadata.cache_ttl == 3600
    server = metadata.server("https://as.example/transaction")
    assert server is not None
    assert (server.pins, server.issuers) == ({PIN}, "PEM")
    for unknown in (
        "https://as.example:8443/transaction",
        "http://as.example/",
        "https://huvudman.example",
        "https://[",
    ):
        assert metadata.server(unknown) is None
    assert metadata.entities["https://huvudman.example"].clients[0].key_pins == {PIN}


def test_while_the_federation_changes_keys_one_known_signature_is_enough(key: ECKey, keys_file: Path) -> None:
    new = ECKey.generate_key("P-256", {"kid": "federation-2"})
    ours, theirs = json.loads(_signed(key)), json.loads(_signed(new))
    both = {"payload": ours["payload"], "signatures": [*theirs["signatures"], *ours["signatures"]]}

    assert read_metadata(json.dumps(both).encode(), read_keys(keys_file)).entities


def test_metadata_as_large_as_a_federation(key: ECKey, keys_file: Path) -> None:
    entity = {"issuers": [{"x509certificate": "A" * 2000}], "clients": [{"pins": []}]}
    content = {"entities": [{"entity_id": f"https://{n}.example", **entity} for n in range(1000)]}

    metadata = read_metadata(_signed(key, content), read_keys(keys_file))

    assert len(metadata.entities) == 1000
    assert metadata.cache_ttl == 3600


def _tampered(signed: bytes) -> bytes:
    document = json.loads(signed)
    document["payload"] = document["payload"][:-8] + "AAAAAAAA"
    return json.dumps(document).encode()


def test_metadata_that_nobody_we_know_has_signed(key: ECKey, keys_file: Path) -> None:
    same_name, stranger = (ECKey.generate_key("P-256", {"kid": kid}) for kid in (key.kid, "federation-9"))
    secret = OctKey.import_key(json.dumps(key.as_dict(private=False)))
    header = {"protected": {"alg": "HS256", "kid": key.kid, "exp": 9999999999}}
    lax = JWSRegistry(strict_check_header=False, algorithms=["HS256"])
    by_secret = serialize_json(header, json.dumps(CONTENT), secret, registry=lax)
    unsigned = {"payload": json.loads(_signed(key))["payload"], "protected": "eyJhbGciOiJub25lIn0", "signature": ""}
    for wrong, said in (
        (_signed(same_name), "stämmer inte"),
        (_tampered(_signed(key)), "stämmer inte"),
        (_signed(stranger), "inte gjord med någon av federationens nycklar"),
        (json.dumps(by_secret).encode(), r"inte godtar \(HS256, inte ES256\)"),
        (json.dumps(unsigned).encode(), r"inte godtar \(none, inte ES256\)"),
    ):
        with pytest.raises(MetadataProblem, match=f"Signaturen på federationens metadata .*{said}"):
            read_metadata(wrong, read_keys(keys_file))


@pytest.mark.parametrize(
    "wrong",
    [
        b"[]", b"7", b"null", b'"eyJ.eyJ.x"', b"{}",
        b'{"payload": "e30", "signatures": []}',
        b'{"payload": "e30", "signatures": {}}',
        b'{"payload": 1, "signatures": [{"protected": 7, "signature": null}, 3]}',
        b'{"payload": "e30", "protected": "e30", "signature": "AAAA"}',
        b'{"payload": "e30", "protected": "W10", "signature": "AAAA"}',
        b'{"payload": "e30", "protected": "*", "signature": "AAAA"}',
        b'{"payload": "e30", "protected": "eyJhbGciOiJFUzI1NiJ9", "signature": 7}',
        b'{"payload": "e30", "protected": "eyJhbGciOiJFUzI1NiJ9", "signature": "AAAA", "header": [1]}',
        b'{"payload": "e30", "protected": "eyJhbGciOiJFUzI1NiJ9", "signature": "\xc3\xb6"}',
        b'{"payload": "*", "protected": "eyJhbGciOiJFUzI1NiJ9", "signature": "AAAA"}',
        b'{"version": "1.0.0", "entities": []}',
    ],
)  # fmt: skip
def test_metadata_of_another_form(keys_file: Path, wrong: bytes) -> None:
    with pytest.raises(MetadataProblem, match=r"inte den form som de ska ha .*PROVSLUSS_MOA_METADATA_URL"):
        read_metadata(wrong, read_keys(keys_file))


@pytest.mark.parametrize("wrong", [b"<html>", b"", b"eyJ.eyJ.x", b"\xff\xfe{"])
def test_what_is_no_json(keys_file: Path, wrong: bytes) -> None:
    with pytest.raises(MetadataProblem, match="inte JSON"):
        read_metadata(wrong, read_keys(keys_file))


@pytest.mark.parametrize(
    "more",
    [
        {"crit": ["nytt"], "nytt": 1},
        {"crit": ["exp", "nytt"], "nytt": 1},
        {"crit": ["saknas"]},
        {"crit": ["b64"], "b64": True},
    ],
    ids=str,
)
def test_a_critical_header_that_is_not_understood(key: ECKey, keys_file: Path, more: dict[str, Any]) -> None:
    """Rightly signed, so that the signature is not what is wrong with it (RFC 7515 4.1.11)."""
    with pytest.raises(MetadataProblem, match=rf"inte förstår \(crit: {more['crit'][-1]}\).* Uppdatera Provsluss"):
        read_metadata(_by_hand(key, CONTENT, more), read_keys(keys_file))


@pytest.mark.parametrize("crit", [[], "nytt", [1], {"a": 1}, None], ids=str)
def test_a_critical_header_that_is_none(key: ECKey, keys_file: Path, crit: object) -> None:
    with pytest.raises(MetadataProblem, match="inte den form"):
        read_metadata(_by_hand(key, CONTENT, {"crit": crit}), read_keys(keys_file))


def test_a_critical_header_that_is_understood(key: ECKey, keys_file: Path) -> None:
    assert read_metadata(_by_hand(key, CONTENT, {"crit": ["exp", "iat"]}), read_keys(keys_file)).entities


def test_of_several_signatures_the_one_that_says_most_is_told(key: ECKey, keys_file: Path) -> None:
    ours, theirs = (json.loads(_by_hand(key, CONTENT, {"crit": ["nytt"], "nytt": 1})), json.loads(_signed(key)))
    theirs["signatures"][0]["signature"] = ours["signature"]
    parts = [{"signature": 3}, *theirs["signatures"], {name: ours[name] for name in ("protected", "signature")}]
    for listed, said in ((parts, "crit: nytt"), (parts[:2], "Signaturen"), (parts[:1], "form")):
        with pytest.raises(MetadataProblem, match=said):
            read_metadata(json.dumps({"payload": ours["payload"], "signatures": listed}).encode(), read_keys(keys_file))


@pytest.mark.parametrize("named", [(True, False), (False, True), (False, False)], ids=str)
def test_keys_are_found_without_their_names(key: ECKey, tmp_path: Path, named: tuple[bool, bool]) -> None:
    """Neither the key in our file nor the signature need name it; then each of our keys is tried."""
    in_file, in_signature = named
    others = [ECKey.generate_key(curve, {"kid": f"federation-{curve}"}) for curve in ("P-384", "P-256")]
    ours = key.as_dict(private=False)
    if not in_file:
        del ours["kid"]
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [*(other.as_dict(private=False) for other in others), ours]}))

    signed = _by_hand(key, CONTENT, {} if in_signature else {"kid": None})

    assert read_metadata(signed, read_keys(file)).entities


# --- When it was issued and when it ends ------------------------------------------------------------------------------


def test_the_times_of_rfc_9932_stand_in_the_content(key: ECKey, keys_file: Path) -> None:
    now = int(time.time())
    content = CONTENT | {"iat": now, "exp": now + 600, "iss": "https://federation.example"}

    metadata = read_metadata(_by_hand(key, content, {"iat": None, "exp": None}), read_keys(keys_file))

    assert metadata.expires_at.timestamp() == now + 600
    assert metadata.issued_at is not None
    assert metadata.issued_at.timestamp() == now
    assert metadata.server("https://as.example/") is not None


@pytest.mark.parametrize(("in_content", "in_header"), [(600, 1200), (1200, 600)])
def test_of_both_the_stricter_counts(key: ECKey, keys_file: Path, in_content: int, in_header: int) -> None:
    now = int(time.time())
    signed = _by_hand(key, CONTENT | {"exp": now + in_content}, {"exp": now + in_header})
    assert read_metadata(signed, read_keys(keys_file)).expires_at.timestamp() == now + 600


@pytest.mark.parametrize(
    ("exp", "said"),
    [(None, "hur länge"), ("2099-01-01", "hur länge"), (True, "hur länge"), ([], "hur länge"), (1e300, "exp"),
     (9999999999999, "exp"), (float("nan"), "exp"), (float("inf"), "exp")],
)  # fmt: skip
def test_times_that_are_none(key: ECKey, keys_file: Path, exp: object, said: str) -> None:
    for content, header in ((CONTENT | {"exp": exp}, {"exp": None}), (CONTENT, {"exp": exp})):
        with pytest.raises(MetadataProblem, match=said):
            read_metadata(_by_hand(key, content, header), read_keys(keys_file))


@pytest.mark.parametrize("iat", [1e300, -1e300, "i går", True, float("nan")], ids=str)
def test_an_issue_that_is_none_is_no_hindrance(key: ECKey, keys_file: Path, iat: object) -> None:
    signed = _by_hand(key, CONTENT | {"iat": iat}, {"iat": None})
    assert read_metadata(signed, read_keys(keys_file)).issued_at is None


def test_an_end_that_nobody_signed_does_not_count(key: ECKey, keys_file: Path) -> None:
    document = json.loads(_by_hand(key, CONTENT, {"exp": None})) | {"header": {"exp": 9999999999}}
    with pytest.raises(MetadataProblem, match="hur länge"):
        read_metadata(json.dumps(document).encode(), read_keys(keys_file))


@pytest.mark.parametrize("content", [{"entities": None}, [], 7, {}])
def test_signed_nonsense(key: ECKey, keys_file: Path, content: object) -> None:
    with pytest.raises(MetadataProblem, match="inga medlemmar"):
        read_metadata(_signed(key, content), read_keys(keys_file))


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"keys": [{"kty": "EC"}]}', b'{"keys": 3}', b"\xff"])
def test_keys_that_are_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "jwks.json"
    file.write_bytes(content)
    with pytest.raises(MetadataProblem, match="är ingen JWKS"):
        read_keys(file)
    with pytest.raises(MetadataProblem, match="gick inte att läsa"):
        read_keys(tmp_path / "saknas.json")


# --- What is kept near ------------------------------------------------------------------------------------------------


def _keeper(server: ScriptedServer, keys_file: Path, copy: Path) -> MetadataKeeper:
    return MetadataKeeper(f"{server.address}/kontosynk.jws", keys_file, copy)


def _age(copy: Path, seconds: float) -> None:
    """Make the copy so much older."""
    os.utime(copy, (time.time() - seconds,) * 2)


def test_it_is_fetched_once_and_shared_on_disk(
    server: ScriptedServer, key: ECKey, keys_file: Path, tmp_path: Path
) -> None:
    server.replies = [Reply(body=_signed(key))]
    copy = tmp_path / "copy.jws"
    keeper = _keeper(server, keys_file, copy)

    assert keeper.current().problem == keeper.current().problem == ""
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert _keeper(server, keys_file, copy).current().metadata.entities  # another process
    assert len(server.seen) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.jws", "jwks.json"]


def test_its_own_cache_time_is_obeyed(server: ScriptedServer, key: ECKey, keys_file: Path, tmp_path: Path) -> None:
    server.replies = [Reply(body=_signed(key, CONTENT | {"cache_ttl": 0.2}))]
    keeper = _keeper(server, keys_file, tmp_path / "copy.jws")
    keeper.current()
    keeper.current()
    assert len(server.seen) == 1
    time.sleep(0.25)
    keeper.current()
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(503), r"gick inte att hämta \(status 503\)"),
        (Reply(body=b"<html>"), "inte JSON"),
        (Reply(drop=True), "bröts"),
    ],
)
def test_the_last_good_copy_is_used_on(
    server: ScriptedServer, key: ECKey, keys_file: Path, tmp_path: Path, reply: Reply, said: str
) -> None:
    copy = tmp_path / "copy.jws"
    server.replies = [Reply(body=_signed(key)), reply]
    _keeper(server, keys_file, copy).current()
    _age(copy, 7200)

    keeper = _keeper(server, keys_file, copy)
    kept = keeper.current()

    assert kept.metadata.server("https://as.example/") is not None
    assert re.search(said, kept.problem)
    assert "går vidare med den senaste goda kopian" in kept.problem
    assert "Även den har gått ut" not in kept.problem
    keeper.current()
    assert len(server.seen) == 2  # not asked again at once


@pytest.mark.parametrize("is_tampered", [True, False])
def test_tampered_or_expired_metadata_never_takes_the_copys_place(
    server: ScriptedServer, key: ECKey, keys_file: Path, tmp_path: Path, is_tampered: bool
) -> None:
    copy = tmp_path / "copy.jws"
    bad = _tampered(_signed(key)) if is_tampered else _signed(key, ends_in=-60)
    server.replies = [Reply(body=_signed(key)), Reply(body=bad)]
    _keeper(server, keys_file, copy).current()
    good = copy.read_bytes()
    _age(copy, 7200)

    kept = _keeper(server, keys_file, copy).current()

    assert kept.metadata.server("https://as.example/") is not None
    assert ("Signaturen" if is_tampered else "metadata gick ut") in kept.problem
    assert copy.read_bytes() == good


def test_a_copy_that_has_expired_itself_is_used_and_said(
    server: ScriptedServer, key: ECKey, keys_file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.jws"
    copy.write_bytes(_signed(key, ends_in=-60))
    server.replies = [Reply(503)]

    assert "Även den har gått ut" in _keeper(server, keys_file, copy).current().problem


def test_a_copy_that_somebody_has_changed_is_not_used(
    server: ScriptedServer, key: ECKey, keys_file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.jws"
    copy.write_bytes(_tampered(_signed(key)))
    server.replies = [Reply(503), Reply(body=_signed(key))]

    with pytest.raises(MetadataProblem, match="503"):
        _keeper(server, keys_file, copy).current()
    assert _keeper(server, keys_file, copy).current().problem == ""


def test_without_any_copy_the_reason_is_said(server: ScriptedServer, keys_file: Path, tmp_path: Path) -> None:
    server.replies = [Reply(404)]
    keeper = _keeper(server, keys_file, tmp_path / "copy.jws")
    for _ in range(2):
        with pytest.raises(MetadataProblem, match="404"):
            keeper.current()
    assert len(server.seen) == 1
    assert not (tmp_path / "copy.jws").exists()


def test_a_directory_that_cannot_be_written_is_no_hindrance(
    server: ScriptedServer, key: ECKey, keys_file: Path, tmp_path: Path
) -> None:
    server.replies = [Reply(body=_signed(key))]
    assert _keeper(server, keys_file, tmp_path / "saknas" / "copy.jws").current().problem == ""
