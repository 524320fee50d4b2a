"""The web's worker with little patience, serving one word: `python -m tests.cli.impatient_web PORT`."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.app.base import BaseApplication

from provsluss.cli.patient_worker import PatientWorker


class ImpatientWorker(PatientWorker):
    HEAD_SECONDS = 1.0
    MOST_WAITING = 5
    LEAVING_SECONDS = 0.5


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Body", str(len(body)))])
    return [b"svar"]


class Web(BaseApplication):
    def load_config(self) -> None:
        for name, value in {
            "bind": f"127.0.0.1:{sys.argv[1]}", "worker_class": ImpatientWorker, "threads": 2, "keepalive": 0,
            "graceful_timeout": 10, "control_socket_disable": True,
        }.items():  # fmt: skip
            self.cfg.set(name, value)

    def load(self) -> Any:
        return application


if __name__ == "__main__":
    Web().run()
