"""The styles hold what the pages use: no class that is not used, and none that is not defined."""

import re
from pathlib import Path

import provsluss.web

WEB = Path(provsluss.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STYLES = sorted((WEB / "static").glob("*.css"))
PROGRAMS = [*WEB.rglob("*.py"), *(WEB / "static").glob("*.js")]
FROM_DJANGO = {"errorlist", "nonfield"}  # Django's own error lists


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def defined_classes() -> set[str]:
    """The classes that a selector of ours names, without those of Designsystemet."""
    selectors = (
        part for css in STYLES for part in re.findall(r"([^{};]*)\{", without_comments(css.read_text("utf-8")))
    )
    found = {name for part in selectors for name in re.findall(r"\.([a-zA-Z_][\w-]*)", re.sub(r"\[[^]]*\]", "", part))}
    return {name for name in found if not name.startswith("ds-")}


def used_classes() -> set[str]:
    """The classes that a template or a drawing in Python puts on an element, Django's tags taken away."""
    found: set[str] = set()
    for path in [*TEMPLATES, *PROGRAMS]:
        source = path.read_text("utf-8")
        found |= set(re.findall(r'\bcss="([\w-]+)"', source))  # what a tag of ours puts on its element
        text = re.sub(r"\{[%{#].*?[%}#]\}", " ", source)
        for value in re.findall(r"""\bclass=\\?["']([\w\- ]*)""", text):
            found |= set(value.split())
    return {name for name in found if not name.startswith("ds-")}


def test_no_class_is_styled_that_nothing_uses() -> None:
    assert defined_classes() - used_classes() - FROM_DJANGO == set()


def test_no_class_is_used_that_nothing_styles() -> None:
    scripts = "\n".join(path.read_text("utf-8") for path in (WEB / "static").glob("*.js"))
    unknown = {name for name in used_classes() - defined_classes() if f".{name}" not in scripts}
    assert unknown == set()
