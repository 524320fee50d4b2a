"""Skolverket's open-data API: organisations, school units, programmes and national tests (rules.md 1.8). No token."""

import json
import time
from typing import TypeVar
from urllib.parse import quote

import httpx2
from pydantic import ValidationError

from provsluss.provtjanst.calls import Answer, Sending, call, new_http
from provsluss.provtjanst.errors import ProvtjanstError, Refused, TemporaryTrouble, TooManyCalls
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.open_data_shapes import NationalTest, OpenData, Organisation, Programme, SchoolUnit, readable
from provsluss.provtjanst.rate_headers import pause_asked_for

SERVER = "Skolverkets öppna data"
# A few quick tries; a longer outage is the next scheduled refresh's matter.
PAUSES = (0.5, 2.0)

T = TypeVar("T", bound=OpenData)


class OpenDataClient:
    """Reads the open data, with a few quick retries. Raises TemporaryTrouble or Refused. Thread-safe."""

    def __init__(
        self, base_url: str, limits: CallLimits, http: httpx2.Client | None = None, patient: bool = True
    ) -> None:
        """`base_url` without a slash at the end; `limits` of the same environment (its reading limit is used).

        Without `patient` nothing is tried again.
        """
        self._patient = patient
        self._base_url = base_url
        self._limits = limits
        self._http = http or new_http()

    def school_unit_by_code(self, code: str) -> SchoolUnit | None:
        """The school unit with this 8-digit code; None when Skolverket does not know it."""
        return self._one(SchoolUnit, f"/schoolUnits/code/{quote(code, safe='')}")

    def organisation_by_code(self, number: str, expand_school_units: bool = False) -> Organisation | None:
        """The organisation with this number (10 digits), with its school units if asked for; None when unknown."""
        path = f"/organisations/code/{quote(number, safe='')}"
        return self._one(Organisation, path + ("?expandSchoolUnits=true" if expand_school_units else ""))

    def programmes(self) -> list[Programme]:
        """All programmes; what cannot be read is left out."""
        return self._list(Programme, "/programmes")

    def national_tests(self) -> list[NationalTest]:
        """All national tests and bedömningsstöd; what cannot be read is left out."""
        return self._list(NationalTest, "/activities")

    def alive(self) -> bool:
        """Whether the service says that it is up. Trouble on the way is a no."""
        try:
            return self._once("/alive").status_code == 200
        except TemporaryTrouble:
            return False

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _one(self, shape: type[T], path: str) -> T | None:
        try:
            answer = self._get(path)
        except Refused as problem:
            if problem.status_code == 404:
                return None
            raise
        try:
            return shape.model_validate(answer.json())
        except ValidationError as problem:
            raise _unreadable(answer) from problem

    def _list(self, shape: type[T], path: str) -> list[T]:
        answer = self._get(path)
        document = answer.json()
        if not isinstance(document, list):
            raise _unreadable(answer)
        return readable(shape, document)

    def _get(self, path: str) -> Answer:
        """One reading, tried again after each of PAUSES while the trouble is temporary."""
        for pause in PAUSES if self._patient else ():
            try:
                return self._successful(path)
            except TemporaryTrouble as problem:
                time.sleep(min(max(pause, problem.retry_after or 0.0), 5.0))
        return self._successful(path)

    def _successful(self, path: str) -> Answer:
        answer = self._once(path)
        error = _error_of(answer)
        if error is not None:
            raise error
        return answer

    def _once(self, path: str) -> Answer:
        self._limits.wait("read")
        answer, sending = None, Sending()
        try:
            answer = call(self._http, "GET", self._base_url + path, server=SERVER, sending=sending)
            return answer
        finally:
            headers, refused = (answer.headers, answer.status_code == 429) if answer is not None else (None, False)
            self._limits.observe("read", headers, refused, sending.ended_at)


def _error_of(answer: Answer) -> ProvtjanstError | None:
    """What an answer means here; the error shape is {code, message, timeStamp} (rules.md O3)."""
    status = answer.status_code
    if status == 429:
        return TooManyCalls(
            "Skolverkets öppna data tar inte emot fler anrop just nu (429).",
            retry_after=pause_asked_for(answer.headers),
            status_code=status,
            body=answer.text,
        )
    if answer.is_html:
        return TemporaryTrouble(
            f"En webbsida kom i stället för svar från Skolverkets öppna data (status {status}).",
            status_code=status,
            body=answer.text,
        )
    if status in (408, 425) or status >= 500 or not (200 <= status < 300 or status >= 400):
        return TemporaryTrouble(
            f"Skolverkets öppna data är inte tillgängliga just nu ({status}).",
            retry_after=pause_asked_for(answer.headers),
            status_code=status,
            body=answer.text,
        )
    if status == 404 and not _is_their_own(answer):
        # A gateway's 404 must not look as if the school unit did not exist.
        return TemporaryTrouble(
            "Adressen till Skolverkets öppna data verkar ha ändrats (404).", status_code=status, body=answer.text
        )
    if status >= 400:
        return Refused(f"Skolverkets öppna data nekade anropet ({status}).", status_code=status, body=answer.text)
    return None


def _is_their_own(answer: Answer) -> bool:
    try:
        document = json.loads(answer.body)
    except ValueError:
        return False
    return isinstance(document, dict) and "code" in document and "message" in document


def _unreadable(answer: Answer) -> TemporaryTrouble:
    return TemporaryTrouble(
        "Svaret från Skolverkets öppna data gick inte att läsa.", status_code=answer.status_code, body=answer.text
    )
