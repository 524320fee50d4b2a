"""Pages that ask Skolverket, or a source: few at a time, and none waits long, however slow the answer is.

The question goes on in a thread beside the web's when the page has given it up; what it stores is there afterwards.
"""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from typing import TypeVar

from django.conf import settings
from django.db import connections

Answer = TypeVar("Answer")


class NoAnswer(Exception):
    """The question is not answered in time. Says so in Swedish; the question itself goes on."""


class AllAreAsking(NoAnswer):
    """The question has not been asked, since others still wait for their answers."""


def ask(question: Callable[[], Answer], whom: str = "Skolverket") -> Answer:
    """What `question` to `whom` returns or raises, at the latest after settings.QUESTION_SECONDS. Raises NoAnswer.

    With settings.QUESTIONS_AT_ONCE 0 it is asked in this thread, and waited for.
    """
    if not settings.QUESTIONS_AT_ONCE:
        return question()
    places = _places(settings.QUESTIONS_AT_ONCE)
    if not places.acquire(blocking=False):
        raise AllAreAsking(f"{whom} svarar långsamt, och andra väntar redan på svar. Försök igen om en stund.")
    answer: Future[Answer] = Future()
    # The organisation's scope comes along. A thread of its own, for one that is given up must not keep us from ending.
    in_our_context = contextvars.copy_context().run
    arguments = (answer, question, places)
    threading.Thread(target=in_our_context, args=(_answer, *arguments), name="question", daemon=True).start()
    try:
        return answer.result(timeout=settings.QUESTION_SECONDS)
    except TimeoutError:
        if answer.done():  # its own
            raise
        raise NoAnswer(
            f"{whom} svarade inte inom {settings.QUESTION_SECONDS:.0f} sekunder. Försök igen om en stund."
        ) from None


def _answer(answer: "Future[Answer]", question: Callable[[], Answer], places: threading.BoundedSemaphore) -> None:
    try:
        answer.set_result(question())
    except BaseException as problem:  # noqa: BLE001 - it is raised where the answer is waited for
        answer.set_exception(problem)
    finally:
        connections.close_all()
        places.release()


@lru_cache(maxsize=1)
def _places(number: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(number)
