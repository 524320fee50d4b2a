"""Which part a part refers to (Open Packaging Conventions, ECMA-376 part 2): names are the writing program's choice."""

from typing import NamedTuple

from provsluss.register.sources.xlsx.xml_events import Attributes, parse
from provsluss.register.sources.xlsx.zip_parts import Parts


class Relation(NamedTuple):
    """A reference: its id, its kind ("worksheet", "sharedStrings" …) and the part's name."""

    id: str
    kind: str
    part: str


def relations_of(parts: Parts, part: str = "") -> list[Relation]:
    """What the part refers to; with no part, what the whole file does. None where it says nothing."""
    folder, _, name = part.rpartition("/")
    said_in = f"{folder}/_rels/{name}.rels"
    found: list[Relation] = []

    def start(element: str, attributes: Attributes) -> None:
        if element == "Relationship" and attributes.get("TargetMode", "Internal") == "Internal":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found.append(Relation(attributes.get("Id", ""), kind, _resolved(folder, attributes.get("Target", ""))))

    if said_in in parts:
        parse(parts.content(said_in), start)
    return found


def _resolved(folder: str, target: str) -> str:
    """The part's name from the root. A target is relative to the folder of the part that has it, or absolute."""
    target = target.replace("\\", "/")
    steps = [] if target.startswith("/") else folder.split("/")
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(step for step in steps if step)
