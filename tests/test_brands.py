"""What belongs to one brand stands in the dialects and in the virtual bodies alone."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

_SOURCE = Path(__file__).resolve().parent.parent / "src" / "groundglass"
_BRANDS = re.compile(
    r"nikon|canon(?!ical)|\beos|sony|fuji|panasonic|lumix|olympus|pentax|ricoh|leica|sigma_fp|samsung|kodak|gopro|casio",
    re.IGNORECASE,
)
_AT_HOME = ("camera/dialects/", "virtual/")
# Which virtual body is started is a matter of its name.
_NAMES_OF_VIRTUAL_BODIES = ("studio/virtual_camera.py", "cli/virtual.py", "cli/main.py", "cli/options.py")


def _code(source: str) -> list[str]:
    """Return the names and texts of a module, without comments and docstrings."""
    found: list[str] = []
    is_statement_new = True
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT):
            is_statement_new = True
            continue
        is_docstring = token.type == tokenize.STRING and is_statement_new and token.string.startswith('"""')
        if token.type in (tokenize.NAME, tokenize.STRING) and not is_docstring:
            found.append(token.string)
        is_statement_new = False
    return found


def _brand_words(source: str) -> list[str]:
    return [word for word in _code(source) if _BRANDS.search(word)]


def _modules() -> list[Path]:
    names = [path.relative_to(_SOURCE) for path in sorted(_SOURCE.rglob("*.py"))]
    return [one for one in names if not one.as_posix().startswith((*_AT_HOME, *_NAMES_OF_VIRTUAL_BODIES))]


@pytest.mark.parametrize("module", _modules(), ids=str)
def test_no_module_knows_a_brand(module: Path) -> None:
    assert _brand_words((_SOURCE / module).read_text("utf-8")) == []


def test_a_brand_in_code_would_be_seen_and_one_in_prose_not() -> None:
    assert _brand_words('if maker == "Nikon Corporation": pass') == ['"Nikon Corporation"']
    assert _brand_words("is_canon = True") == ["is_canon"]
    assert _brand_words('"""As a Sony does."""\n# and a Fuji\nx = 1\n') == []
