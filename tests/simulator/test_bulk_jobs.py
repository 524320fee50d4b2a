"""Bulk calls are accepted at once and carried out later (rules.md T5, T8, T12, T13)."""

import uuid

import pytest

from tests.simulator.huvudman import PROVISIONING, Huvudman, activity, codes, duty, group, person, staff


def test_an_accepted_call_names_its_job_and_where_to_ask(huvudman: Huvudman) -> None:
    accepted = huvudman.post("persons", person())
    assert accepted.status_code == 202
    job_id = accepted.json()["jobId"]
    assert accepted.headers["location"].endswith(f"{PROVISIONING}/persons/bulk/jobs/{job_id}")
    assert accepted.json()["message"].startswith("Anropet har tagits emot.")


def test_a_job_is_pending_until_its_delay_has_passed(huvudman: Huvudman) -> None:
    pupil = person()
    huvudman.http.post("/faults", json={"delay": 0.5})
    accepted = huvudman.post("persons", pupil)
    huvudman.http.post("/faults", json={"delay": 0.05})
    place = accepted.headers["location"]
    assert huvudman.http.get(f"{place}/isCompleted").json() is False
    [item] = huvudman.http.get(place).json()["responses"]
    assert (item["id"], item["response"]) == (pupil["id"], {"status": "Pending"})
    assert huvudman.get(f"/persons/{pupil['id']}").status_code == 404
    [item] = huvudman.finished(accepted)
    assert item["response"]["status"] == "Success"
    assert huvudman.get(f"/persons/{pupil['id']}").json()["id"] == pupil["id"]


def test_all_four_kinds_can_be_sent_read_and_removed(huvudman: Huvudman) -> None:
    pupil, teacher = person(), staff()
    role, team = duty(teacher), group(pupil)
    lesson = activity(team, teachers=[{"duty": {"id": role["id"]}}])
    for kind, objects in (
        ("persons", [pupil, teacher]),
        ("duties", [role]),
        ("groups", [team]),
        ("activities", [lesson]),
    ):
        for wanted, response in zip(objects, huvudman.sent(kind, *objects), strict=True):
            assert (response["status"], response["statusCode"]) == ("Success", 201)
            assert response["location"].endswith(f"{PROVISIONING}/{kind}/{wanted['id']}")
            kept = huvudman.get(f"/{kind}/{wanted['id']}").json()
            assert {name: kept[name] for name in wanted} == wanted
            assert set(kept) - set(wanted) == {"meta", "provisioningStatus"}
    for kind, wanted in (("activities", lesson), ("groups", team), ("duties", role), ("persons", pupil)):
        assert [response["status"] for response in huvudman.delete(kind, wanted)] == ["Success"]
        assert huvudman.get(f"/{kind}/{wanted['id']}").status_code == 404


def test_an_existing_object_is_refused_or_updated_as_the_call_says(huvudman: Huvudman) -> None:
    pupil = person()
    assert huvudman.sent("persons", pupil, update=False)[0]["statusCode"] == 201
    [again] = huvudman.sent("persons", pupil, update=False)
    assert (again["status"], codes(again)) == ("Error", ["3050"])
    [updated] = huvudman.sent("persons", pupil | {"middleName": "Ylva"})
    assert (updated["status"], updated["statusCode"]) == ("Success", 200)
    assert "location" not in updated
    assert huvudman.get(f"/persons/{pupil['id']}").json()["middleName"] == "Ylva"


def test_put_updates_what_exists_and_nothing_else(huvudman: Huvudman) -> None:
    pupil = person()
    [refused] = huvudman.put("persons", pupil)
    assert (refused["status"], refused["statusCode"], codes(refused)) == ("Error", 404, ["4003"])
    huvudman.sent("persons", pupil)
    [updated] = huvudman.put("persons", pupil | {"givenName": "Ylva"})
    assert (updated["status"], updated["statusCode"]) == ("Success", 200)


def test_one_bad_object_does_not_stop_the_others(huvudman: Huvudman) -> None:
    good, bad, last = person(), person(civicNo={"value": "1"}), person()
    assert [each["status"] for each in huvudman.sent("persons", good, bad, last)] == ["Success", "Error", "Success"]


def test_show_only_error_hides_everything_but_errors(huvudman: Huvudman) -> None:
    named = person(familyName="Karlsson", eduPersonPrincipalNames=[f"karlsson.{uuid.uuid4()}@edu.exempel.se"])
    bad = person(civicNo={"value": "1"})
    accepted = huvudman.post("persons", person(), named, bad)
    assert [item["response"]["status"] for item in huvudman.finished(accepted)] == ["Success", "Warning", "Error"]
    only = huvudman.http.get(accepted.headers["location"], params={"showOnlyError": "true"}).json()["responses"]
    assert [item["id"] for item in only] == [bad["id"]]


def test_removing_a_person_takes_it_out_of_its_groups(huvudman: Huvudman) -> None:
    leaving, staying = person(), person()
    team = group(leaving, staying)
    huvudman.sent("persons", leaving, staying)
    huvudman.sent("groups", team)
    huvudman.delete("persons", leaving)
    members = huvudman.get(f"/groups/{team['id']}").json()["groupMemberships"]
    assert members == [{"person": {"id": staying["id"]}}]


@pytest.mark.parametrize("kind", ["persons", "duties", "groups", "activities"])
def test_removing_what_is_not_there_is_no_error(huvudman: Huvudman, kind: str) -> None:
    assert [each["status"] for each in huvudman.delete(kind, {"id": str(uuid.uuid4())})] == ["Success"]


def test_a_job_belongs_to_its_sender_and_kind(huvudman: Huvudman, quick_simulator: str) -> None:
    job_id = huvudman.post("persons", person()).json()["jobId"]
    assert huvudman.get(f"/duties/bulk/jobs/{job_id}").status_code == 404
    answer = Huvudman(quick_simulator).get(f"/persons/bulk/jobs/{job_id}/isCompleted")
    assert (answer.status_code, answer.json()[0]["id"]) == (404, "4001")


def test_what_one_huvudman_stores_another_cannot_read(huvudman: Huvudman, quick_simulator: str) -> None:
    pupil = person()
    huvudman.sent("persons", pupil)
    other = Huvudman(quick_simulator)
    assert other.get(f"/persons/{pupil['id']}").status_code == 404
    assert other.get("/persons").json() == {"data": [], "pageToken": None}
