"""What an import asks before it is stored: each question is answered on its own, and silence is no yes.

Whoever stores says which questions have been answered with yes (`Import.accepted`), be it a page, a command or a
schedule. Where one has not been, its rows keep what the register has, and are listed among the import's problems.
"""

from django.db.models import TextChoices


class Question(TextChoices):
    """The kinds of questions."""

    ENDING = "ending", "Ovanligt mycket avslutas"
    IDENTITY = "identity", "Personer byter id, inloggningsnamn eller personnummer"
    PROTECTION = "protection", "Skyddade personer blir oskyddade"


def asked_before_storing() -> list[str]:
    """What is taken to be accepted from the start: whoever begins to store asks about a mass ending first."""
    return [Question.ENDING.value]
