"""What Skolverket's messages and our own findings about one object come to, in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from provsluss.rules.explanations import Explanation, explain
from provsluss.rules.who import Who


@dataclass(frozen=True, slots=True)
class ToMend:
    """The columns of a list that somebody works from."""

    what: str
    who: str
    where: str
    how: str


def explanation_of(message: Mapping[str, Any], text: str, kind: str, role: str) -> Explanation:
    """The explanation of one stored message, whose masked wording is `text`, about an object of `kind`."""
    return explain(
        str(message.get("code") or ""),
        text,
        attribute=str(message.get("attribute") or ""),
        message_type=str(message.get("message_type") or ""),
        kind=kind,
        role=role if kind == "persons" else "",
    )


def to_mend(explanations: Iterable[Explanation], findings: Iterable[Mapping[str, Any]]) -> ToMend:
    """Everything about one object on one row; what is said twice stands once."""
    rows = [(f"{one.title.rstrip('.')}. {one.meaning}", str(one.who), one.where, one.how) for one in explanations]
    rows += [
        (
            str(finding.get("sentence") or ""),
            Who(finding["who"]).label if finding.get("who") else "",
            str(finding.get("where") or ""),
            str(finding.get("how") or ""),
        )
        for finding in findings
    ]
    what, who, where, how = ([row[place] for row in rows] for place in range(4))
    return ToMend(_once(what), _once(who, ", "), _once(where), _once(how))


def _once(texts: Iterable[str], between: str = " ") -> str:
    return between.join(dict.fromkeys(text for text in texts if text))
