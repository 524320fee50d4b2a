"""Skolverket's Provisioning API 1.3.2 as a client sees it. Thread-safe; one for each organisation and environment."""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from provsluss.provtjanst.answer_time import AnswerTime
from provsluss.provtjanst.answers import JobAnswer, job_items
from provsluss.provtjanst.call_window import CallKind
from provsluss.provtjanst.calls import Answer, Sending, call, new_http
from provsluss.provtjanst.errors import ProvtjanstError, Refused, TemporaryTrouble, UnknownJob
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.refusals import error_of
from provsluss.provtjanst.tokens import TokenSource
from provsluss.ss12000.code_lists import Kind

SERVER = "Skolverkets provtjänst"
_JOB_ID = re.compile(r"[0-9A-Za-z_-]{1,60}")


@dataclass(frozen=True, slots=True)
class Posted:
    """A bulk call that Skolverket took. The outcome is the job's; this is only the receipt."""

    job_id: str
    status_code: int
    body: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class ProvisioningClient:
    """Bulk calls, jobs and lookups. Every method may raise the errors of errors.py; those named below are its own."""

    def __init__(
        self, base_url: str, tokens: TokenSource, limits: CallLimits, http: httpx2.Client | None = None
    ) -> None:
        """`base_url` without a slash at the end. `http` is closed by whoever made it, or by `close`."""
        self._base_url = base_url
        self._tokens = tokens
        self._limits = limits
        self._http = http or new_http()
        self.seen: dict[CallKind, Mapping[str, str]] = {}
        """The headers of the latest answer of each kind: for those who check clock and limits."""
        self._answer_time = AnswerTime()

    @property
    def answer_seconds(self) -> float:
        """How long Skolverket usually takes to answer one call, smoothed: from its place under the limit to its whole
        answer. 0 before the first."""
        return self._answer_time.seconds

    def authorise(self) -> None:
        """Have a token that can be used, or raise why there is none: before a call is noted as made."""
        self._tokens.token()

    def post_bulk(self, kind: Kind, body: bytes) -> Posted:
        """Create or update the objects in `body` (made by packing.pack). Repeating it is harmless (rules.md T8)."""
        return self._bulk(f"/{kind}/bulk?updateIfExists=true", body)

    def delete_bulk(self, kind: Kind, body: bytes) -> Posted:
        """Remove the objects whose ids are in `body` (rules.md X1)."""
        return self._bulk(f"/{kind}/bulk/delete", body)

    def is_completed(self, kind: Kind, job_id: str) -> bool:
        """Whether a job has ended. Raises UnknownJob."""
        answer = self._job_call(kind, job_id, "/isCompleted")
        document = answer.json()
        if not isinstance(document, bool):
            raise _unreadable(answer)
        return document

    def job(self, kind: Kind, job_id: str) -> JobAnswer:
        """A job's whole answer, all statuses (rules.md T13). Raises UnknownJob."""
        answer = self._job_call(kind, job_id, "")
        items = job_items(answer.json())
        if items is None:
            raise _unreadable(answer)
        return JobAnswer(answer.body, items)

    def lookup(self, kind: Kind, ids: Iterable[object]) -> list[dict[str, Any]]:
        """The objects with these ids as Skolverket has them, `provisioningStatus` included; unknown ids are left out.

        One call, so the caller keeps the number of ids reasonable (the highest number is not published).
        """
        listed = ",".join(f'"{object_id}"' for object_id in ids)
        answer = self._call("read", "POST", f"/{kind}/lookup", f'{{"ids":[{listed}]}}'.encode())
        document = answer.json()
        if not isinstance(document, list):
            raise _unreadable(answer)
        return [found for found in document if isinstance(found, dict)]

    def alive(self) -> bool:
        """Whether the service answers (rules.md T18). Never raises for trouble on the way; that is a no.

        It is asked without a token, so that its answer says nothing of ours. A gateway that wants one here too, and
        says so, has answered.
        """
        try:
            answer = self._limited("read", "GET", "/alive", None, {})
        except ProvtjanstError:
            return False
        return answer.status_code in (200, 401, 403)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _bulk(self, path: str, body: bytes) -> Posted:
        answer = self._call("transfer", "POST", path, body)
        document = answer.json()
        job_id = str(document.get("jobId") or "") if isinstance(document, dict) else ""
        # The id can also be read from Location, whose host may be out of date (rules.md section 2): only its last part.
        job_id = job_id or answer.headers.get("location", "").rstrip("/").rpartition("/")[2]
        if not _JOB_ID.fullmatch(job_id):
            raise _unreadable(answer)
        headers = {name: value for name, value in answer.headers.items() if name.lower() != "set-cookie"}
        return Posted(job_id, answer.status_code, answer.text, answer.url, headers)

    def _job_call(self, kind: Kind, job_id: str, ending: str) -> Answer:
        if not _JOB_ID.fullmatch(job_id):
            raise ValueError("not a job id")
        try:
            return self._call("transfer", "GET", f"/{kind}/bulk/jobs/{job_id}{ending}")
        except Refused as problem:
            if problem.status_code != 404:
                raise
            raise UnknownJob(
                "Skolverket känner inte längre till jobbet.",
                status_code=404,
                body=problem.body,
                entries=problem.entries,
            ) from problem

    def _call(self, limit: CallKind, method: str, path: str, content: bytes | None = None) -> Answer:
        """One call with a token; on 403 once more with a fresh one. Raises what the answer means."""
        token = self._tokens.token()
        answer = self._limited(limit, method, path, content, _bearer(token))
        if answer.status_code in (401, 403):
            self._tokens.forget(token)
            answer = self._limited(limit, method, path, content, _bearer(self._tokens.token()))
        error: ProvtjanstError | None = error_of(answer)
        if error is not None:
            raise error
        return answer

    def _limited(
        self, limit: CallKind, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> Answer:
        """One call within the limits, whatever its answer."""
        if content is not None:
            headers = {**headers, "Content-Type": "application/json"}
        self._limits.wait(limit)
        seen: Mapping[str, str] | None = None
        refused, begun, sending = False, time.monotonic(), Sending()
        try:
            answer = call(
                self._http,
                method,
                self._base_url + path,
                server=SERVER,
                headers=headers,
                content=content,
                sending=sending,
            )
            self.seen[limit] = seen = answer.headers
            self._answer_time.answered_after(time.monotonic() - begun)
            refused = answer.status_code == 429
            return answer
        except TemporaryTrouble:
            if sending.ended_at is not None:
                self._answer_time.broken_after(time.monotonic() - begun)
            raise
        finally:
            self._limits.observe(limit, seen, refused, sending.ended_at)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _unreadable(answer: Answer) -> TemporaryTrouble:
    return TemporaryTrouble(
        f"Svaret från Skolverket gick inte att läsa (status {answer.status_code}).",
        status_code=answer.status_code,
        body=answer.text,
    )
