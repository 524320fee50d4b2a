"""The federation's metadata kept near: fetched when its own cache time has passed, with the last good copy on disk.

Metadata that cannot be had, or is not what it should be, never stops anybody who has a good copy: the copy is used on,
and `problem` says so.
"""

import logging
import os
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from joserfc.jwk import KeySet

from provsluss.provtjanst.calls import call, new_http
from provsluss.provtjanst.errors import ProvtjanstError
from provsluss.provtjanst.moa_metadata import Metadata, read_metadata
from provsluss.provtjanst.moa_signature import MetadataProblem, read_keys

log = logging.getLogger(__name__)

# After a failed fetch the next try comes after this many seconds, or after the cache time if that is shorter.
RETRY_AFTER = 300.0


@dataclass(frozen=True, slots=True)
class KeptMetadata:
    """Metadata, since when we have it, and in Swedish why it is not as fresh as it should be ("" when it is)."""

    metadata: Metadata
    fetched_at: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class _Copy:
    metadata: Metadata
    fetched_at: float

    @property
    def fresh_until(self) -> float:
        return min(self.fetched_at + self.metadata.cache_ttl, self.metadata.expires_at.timestamp())


class MetadataKeeper:
    """The metadata of one federation. One for a process, thread-safe; processes share the copy on disk."""

    def __init__(self, url: str, keys_file: Path, copy_file: Path) -> None:
        """`keys_file` is the federation's JWKS, `copy_file` where the last good copy is kept."""
        self._url = url
        self._keys_file = keys_file
        self._copy_file = copy_file
        self._lock = threading.Lock()
        self._copy: _Copy | None = None
        self._problem = ""
        self._next_look = 0.0

    def current(self) -> KeptMetadata:
        """The metadata to go by now. Raises MetadataProblem when there is none and there never was."""
        with self._lock:
            if time.time() >= self._next_look:
                self._look()
            if self._copy is None:
                raise MetadataProblem(self._problem)
            return KeptMetadata(
                self._copy.metadata, datetime.fromtimestamp(self._copy.fetched_at, UTC), self._status(self._copy)
            )

    def _look(self) -> None:
        """Take what another process may have fetched; if that is not fresh, fetch."""
        now = time.time()
        try:
            keys = read_keys(self._keys_file)
            self._copy = self._copy_on_disk(keys) or self._copy
            if self._copy is None or now >= self._copy.fresh_until:
                signed = self._fetched()
                metadata = read_metadata(signed, keys)
                if metadata.expires_at.timestamp() <= now:
                    raise MetadataProblem(
                        f"Federationens metadata gick ut {metadata.expires_at.astimezone():%Y-%m-%d %H:%M}."
                    )
                self._copy = _Copy(metadata, now)
                self._keep(signed)
        except MetadataProblem as problem:
            self._problem = str(problem)
            pause = RETRY_AFTER if self._copy is None else min(RETRY_AFTER, self._copy.metadata.cache_ttl)
            self._next_look = now + pause
            log.warning("the federation's metadata is not fresh: %s", problem)
        else:
            self._problem = ""
            self._next_look = self._copy.fresh_until

    def _status(self, copy: _Copy) -> str:
        if not self._problem:
            return ""
        since = datetime.fromtimestamp(copy.fetched_at, UTC).astimezone()
        told = f"{self._problem} Provsluss går vidare med den senaste goda kopian, från {since:%Y-%m-%d %H:%M}."
        if copy.metadata.expires_at.timestamp() <= time.time():
            told += f" Även den har gått ut ({copy.metadata.expires_at.astimezone():%Y-%m-%d %H:%M})."
        return told

    def _fetched(self) -> bytes:
        """The signed metadata from the federation. Raises MetadataProblem."""
        try:
            with new_http() as http:
                headers = {"Accept": "application/jose+json, application/json, */*"}
                answer = call(http, "GET", self._url, server="Federationens metadataserver", headers=headers)
        except ProvtjanstError as problem:
            raise MetadataProblem(str(problem)) from problem
        if answer.status_code != 200:
            raise MetadataProblem(f"Federationens metadata gick inte att hämta (status {answer.status_code}).")
        return answer.body

    def _copy_on_disk(self, keys: KeySet) -> _Copy | None:
        """The copy, if there is one and it is signed as it should be. Its age is the file's."""
        try:
            signed = self._copy_file.read_bytes()
            fetched_at = self._copy_file.stat().st_mtime
        except FileNotFoundError:
            return None
        except OSError as problem:
            log.warning("the copy of the federation's metadata cannot be read: %s", type(problem).__name__)
            return None
        try:
            return _Copy(read_metadata(signed, keys), fetched_at)
        except MetadataProblem as problem:
            log.warning("the copy of the federation's metadata cannot be used: %s", problem)
            return None

    def _keep(self, signed: bytes) -> None:
        """Put the copy in its place at one stroke, readable by the owner only (which is how mkstemp makes files)."""
        try:
            handle, name = tempfile.mkstemp(dir=self._copy_file.parent, prefix=f".{self._copy_file.name}-")
            with os.fdopen(handle, "wb") as file:
                file.write(signed)
            Path(name).replace(self._copy_file)
        except OSError as problem:
            log.warning("the copy of the federation's metadata cannot be kept: %s", type(problem).__name__)
