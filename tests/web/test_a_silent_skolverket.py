"""Pages that ask Skolverket do not wait for ever, and few wait at the same time: the others have the web's threads."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import get_scope, scope

from provsluss.organisations.models import Organisation, User
from provsluss.provtjanst import open_data
from provsluss.web.frame.questions import AllAreAsking, NoAnswer, ask
from tests.web.transfers_made_by_hand import make_school

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def silent(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody who takes every call and never says a word."""
    monkeypatch.setattr(open_data, "PAUSES", ())
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        settings.SIMULATOR_URL = f"http://127.0.0.1:{server.getsockname()[1]}"
        settings.QUESTION_SECONDS = 0.2
        yield
    deadline = time.monotonic() + 30
    while any(one.name == "question" for one in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.02)  # until they have noticed that nobody is there any longer, and let the database go


def test_each_page_says_so_and_the_fourth_does_not_even_begin(
    silent: None, settings: Any, organisation: Organisation, user: User, client: Client
) -> None:
    settings.QUESTIONS_AT_ONCE = 3
    client.force_login(user)
    pupil = make_school(organisation).pupils[0]

    way = client.get(reverse("connection_outside"), headers={"HX-Request": "true"}).content.decode()
    person = client.post(reverse("person_lookup", args=[pupil.pk])).content.decode()
    fetched = client.post(reverse("catalogue_refresh"), follow=True).content.decode()
    one_more = client.get(reverse("connection_outside")).content.decode()

    assert "Skolverket svarade inte inom 0 sekunder" in way
    assert "Skolverket svarade inte inom 0 sekunder" in person
    assert "Hämtningen pågår; läs in sidan igen om en stund." in fetched
    assert "andra väntar redan på svar" in one_more
    assert "Nästa led" not in one_more


def test_a_question_has_its_scope_and_its_own_trouble(settings: Any, organisation: Organisation) -> None:
    settings.QUESTIONS_AT_ONCE = 1

    def fails() -> None:
        raise TimeoutError("my own")

    with scope(organisation=organisation):
        for _ in range(3):  # its place is free again
            assert _asked_in_peace(lambda: get_scope()["organisation"]) == organisation
    with pytest.raises(TimeoutError, match="my own"):
        _asked_in_peace(fails)


def test_the_one_that_takes_long_is_done_all_the_same(settings: Any) -> None:
    settings.QUESTIONS_AT_ONCE, settings.QUESTION_SECONDS = 1, 0.05
    may_go, done = threading.Event(), threading.Event()

    with pytest.raises(NoAnswer):
        ask(lambda: (may_go.wait(30), done.set()))
    with pytest.raises(AllAreAsking):
        ask(lambda: None)
    may_go.set()

    assert done.wait(30)
    assert _asked_in_peace(lambda: 7) == 7


def _asked_in_peace(question: object) -> object:
    """Asks when the one before has left its place, which is a moment after its answer."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return ask(question)  # type: ignore[arg-type]
        except AllAreAsking:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
