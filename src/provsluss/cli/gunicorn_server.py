"""gunicorn, started from our own command, with the worker inside when asked for."""

import gc
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from provsluss.cli.patient_worker import PatientWorker
from provsluss.installation.trouble_log import TroubleFilter
from provsluss.ss12000.log_filter import PersonalDataFilter

if TYPE_CHECKING:
    from provsluss.operations.worker import EmbeddedWorker


class MaskedLogger(Logger):  # type: ignore[misc]
    """gunicorn's own log, through our filter: it holds the tracebacks of what nobody caught."""

    def setup(self, cfg: Config) -> None:
        """As gunicorn does it, and the filter on each handler."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(TroubleFilter())
            handler.addFilter(PersonalDataFilter())

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """A visitor who is too slow is no fault of ours, and is not told of in the log."""
        if not isinstance(sys.exc_info()[1], TimeoutError):
            super().exception(msg, *args, **kwargs)


class GunicornServer(BaseApplication):  # type: ignore[misc]
    """Serves the web on the socket `listener` until it is told to stop.

    With `with_worker`, each process is also the worker; it is launched after the fork, because DBOS must never be
    launched before one, so `processes` must then be 1.
    """

    def __init__(
        self, listener: socket.socket, processes: int, with_worker: bool, when_ready: Callable[[], None]
    ) -> None:
        self._bind = f"fd://{listener.detach()}"  # gunicorn closes it
        self._processes = processes
        self._with_worker = with_worker
        self._when_ready = when_ready
        self._worker: EmbeddedWorker | None = None
        super().__init__()

    def load_config(self) -> None:
        """Our settings of gunicorn; nothing is read from files or the environment."""
        settings: dict[str, Any] = {
            "bind": self._bind,
            "workers": self._processes,
            "worker_class": PatientWorker,
            "keepalive": 0,
            "threads": 8,
            "timeout": 120,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "logger_class": MaskedLogger,
            "control_socket_disable": True,
            # By itself gunicorn believes whatever calls from this computer, as a proxy does with its visitors' headers:
            # SCRIPT_NAME and PATH_INFO would be another address than the one that was asked for. What a proxy says is
            # read by Django alone, as the settings say.
            "forwarder_headers": "",
            "forwarded_allow_ips": "",
            "when_ready": lambda _arbiter: self._when_ready(),
        }
        settings["post_worker_init"] = lambda _process: self._begin()
        if self._with_worker:
            settings["worker_exit"] = lambda _arbiter, _process: self._end_worker()
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application, loaded in each process after the fork."""
        from provsluss.web.wsgi import application

        return application

    def _begin(self) -> None:
        # What has been loaded stays. Looked through again by each garbage collection, it slows large pages by a fifth.
        gc.collect()
        gc.freeze()
        if self._with_worker:
            from provsluss.operations.worker import start_embedded

            self._worker = start_embedded()

    def _end_worker(self) -> None:
        if self._worker:
            self._worker.end()
