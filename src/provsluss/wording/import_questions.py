"""What an import asks before it is stored, in words: the question, what a yes and what silence means."""

from dataclasses import dataclass

from provsluss.register.imports.questions import asked, unanswered
from provsluss.register.models import Import
from provsluss.register.questions import Question
from provsluss.wording.counting import counted


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """One question about rows. `yes` is what somebody says who answers it."""

    question: Question
    title: str
    text: str
    yes: str


_TEXTS = {
    Question.IDENTITY: (
        "som stämmer dåligt med vem personen är i registret.",
        "Ett id, ett inloggningsnamn (EPPN) eller ett personnummer har gått över till någon annan, eller många har "
        "fått nya id. Det händer när en kolumn har sorterats för sig. Utan ett ja lämnas de raderna utanför, och "
        "personerna behåller vad registret har.",
        "Ja, läs in de raderna som de står",
    ),
    Question.PROTECTION: (
        "som skulle göra en skyddad person oskyddad.",
        "Utan ett ja behåller personen sin skyddsmarkering. Resten av raden läses in.",
        "Ja, de ska inte vara skyddade längre",
    ),
}


def questions_in_words(import_run: Import) -> list[QuestionWords]:
    """The questions about rows that a previewed import asks; the one about a mass ending has words of its own."""
    return [
        QuestionWords(one.question, f"{counted(one.rows, 'rad', 'rader')} {title}", text, yes)
        for one in asked(import_run)
        if one.question in _TEXTS
        for title, text, yes in [_TEXTS[one.question]]
    ]


def unanswered_in_words(import_run: Import) -> list[str]:
    """A sentence for each question that nobody said yes to, of an import that has been stored."""
    sentences = {
        Question.IDENTITY: "lämnades utanför, eftersom ingen har svarat ja till att personerna byter uppgifter",
        Question.PROTECTION: "lästes in, men personen är fortfarande skyddad, eftersom ingen har svarat ja till annat",
    }
    return [
        f"{counted(number, 'rad', 'rader')} {sentences[question]}."
        for question, number in unanswered(import_run).items()
        if question in sentences
    ]
