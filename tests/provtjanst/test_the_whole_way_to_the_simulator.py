"""Real objects to a real server: post, poll, read, look up, remove; and what it refuses."""

import json
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from provsluss.provtjanst.client import Posted, ProvisioningClient
from provsluss.provtjanst.errors import NotAuthorised, PayloadTooLarge, Refused, UnknownJob
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.packing import Packed, body_of, pack
from provsluss.provtjanst.tokens import TokenSource
from provsluss.ss12000.code_lists import Kind
from provsluss.ss12000.ids import skolverket_id
from provsluss.ss12000.records import CivicNo, Enrolment, Group, GroupMembership, Person, Reference

UNIT = skolverket_id("31279295")


@pytest.fixture(scope="module")
def base(start_simulator: Callable[..., str]) -> str:
    return start_simulator("--delay", "0.1", "--provision-delay", "0", "--transfer-rate", "0", "--read-rate", "0")


@pytest.fixture
def real_client(base: str) -> Iterator[ProvisioningClient]:
    url = f"{base}/provisioning/v1"
    tokens = TokenSource(f"{base}/transaction", f"https://{uuid.uuid4()}.example", None, url)
    client = ProvisioningClient(url, tokens, CallLimits(0, 0))
    yield client
    client.close()


def pupil(number: int, **changes: object) -> Person:
    return Person.model_validate(
        {
            "id": uuid.uuid4(),
            "given_name": "Åsa",
            "family_name": "Öberg",
            "edu_person_principal_names": [f"{uuid.uuid4()}@edu.example"],
            "civic_no": CivicNo(value=f"20090101TF{number:02d}"),
            "enrolments": [Enrolment(enroled_at=Reference(id=UNIT), school_type="GR", school_year=6)],
            **changes,
        }
    )


def wait_for(client: ProvisioningClient, kind: Kind, posted: Posted) -> None:
    for _ in range(100):
        if client.is_completed(kind, posted.job_id):
            return
        time.sleep(0.05)
    pytest.fail("the job did not end")


def test_pupils_and_a_group(real_client: ProvisioningClient) -> None:
    pupils = [pupil(number) for number in range(12, 15)]
    [batch] = pack([(each.id, each.to_json()) for each in pupils], 200_000)
    assert isinstance(batch, Packed)
    posted = real_client.post_bulk("persons", batch.body)
    assert posted.status_code == 202
    wait_for(real_client, "persons", posted)
    answer = real_client.job("persons", posted.job_id)
    assert [(item.object_id, item.status) for item in answer.items] == [(str(i), "Success") for i in batch.ids]
    assert json.loads(answer.raw)["jobId"] == posted.job_id

    stranger = uuid.uuid4()
    group = Group(
        id=uuid.uuid4(),
        display_name="6A matematik",
        group_type="Undervisning",
        school_type="GR",
        organisation=Reference(id=UNIT),
        group_memberships=[GroupMembership(person=Reference(id=i)) for i in (pupils[0].id, stranger)],
    )
    posted = real_client.post_bulk("groups", body_of([group.to_json()]))
    wait_for(real_client, "groups", posted)
    [item] = real_client.job("groups", posted.job_id).items
    assert item.status == "Warning"
    assert [entry.severity for entry in item.entries] == ["Warning"]

    found = real_client.lookup("persons", [pupils[0].id, stranger])
    assert [(each["id"], each["provisioningStatus"]) for each in found] == [(str(pupils[0].id), True)]

    posted = real_client.delete_bulk("persons", body_of(f'"{each.id}"'.encode() for each in pupils))
    wait_for(real_client, "persons", posted)
    assert real_client.lookup("persons", [each.id for each in pupils]) == []


def test_a_refused_pupil_beside_a_good_one(real_client: ProvisioningClient) -> None:
    good, bad = pupil(20), pupil(21, enrolments=[Enrolment(enroled_at=Reference(id=uuid.uuid4()), school_type="GR")])
    posted = real_client.post_bulk("persons", body_of([good.to_json(), bad.to_json()]))
    wait_for(real_client, "persons", posted)
    items = {item.object_id: item for item in real_client.job("persons", posted.job_id).items}
    assert items[str(good.id)].status == "Success"
    assert items[str(bad.id)].status == "Error"
    assert all(entry.code and entry.message for entry in items[str(bad.id)].entries)
    assert items[str(bad.id)].entries


def test_too_large_unknown_and_malformed(real_client: ProvisioningClient) -> None:
    with pytest.raises(PayloadTooLarge):
        real_client.post_bulk("persons", body_of([b'"' + b"x" * 200_001 + b'"']))
    with pytest.raises(UnknownJob):
        real_client.job("persons", str(uuid.uuid4()))
    with pytest.raises(Refused) as caught:
        real_client.lookup("persons", ["inte-ett-uuid"])
    assert [entry.code for entry in caught.value.entries] == ["2010"]
    assert real_client.alive() is True


def test_a_token_that_ended_at_the_server_is_renewed(base: str, start_simulator: Callable[..., str]) -> None:
    short = start_simulator("--token-life", "2")
    url = f"{short}/provisioning/v1"
    tokens = TokenSource(f"{short}/transaction", "https://kort.example", None, url)
    client = ProvisioningClient(url, tokens, CallLimits())
    client.lookup("persons", [])
    tokens._good_until = time.monotonic() + 3600  # as if the server had promised more than it keeps
    time.sleep(2.2)
    assert client.lookup("persons", []) == []


def test_a_token_meant_for_something_else_is_no_use(base: str) -> None:
    class Stubborn(TokenSource):
        def token(self) -> str:
            return "eyJ.not.ours"

    url = f"{base}/provisioning/v1"
    client = ProvisioningClient(url, Stubborn(f"{base}/transaction", "x", None, url), CallLimits(0, 0))
    with pytest.raises(NotAuthorised):
        client.lookup("persons", [])
