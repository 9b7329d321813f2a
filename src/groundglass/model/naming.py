"""Names for shots: a template with tokens, checked once, rendered for every shot.

A template is text with tokens in braces; `/` makes sub-folders:

    {session} {camera} {serial} {original}    as they are
    {subject}                                 what is being shot now, as the photographer names it
    {date} {date:%Y%m%d} {time} {time:%H%M}   when the shot was taken
    {counter} {counter:04}                    the shot's number, with leading zeros

Nothing in a template is ever evaluated: tokens are looked up in a fixed table.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from string import Formatter

from msgspec import Struct

from groundglass.errors import TemplateError

DEFAULT_TEMPLATE = "{session}_{counter:04}"

# File systems take 255 bytes a name (ext4, exFAT, APFS); the rest is left for an ending and " (99)".
_STEM_BYTES = 232
_LITERAL_BYTES = 120

_TEXT_TOKENS = ("session", "subject", "camera", "serial", "original")
_TIME_TOKENS = {"date": "%Y-%m-%d", "time": "%H%M%S"}
# In the order in which they are offered.
TOKENS = ("{session}", "{subject}", "{date}", "{time}", "{counter:04}", "{camera}", "{serial}", "{original}")
_ALL_TOKENS = "{session} {subject} {date} {time} {counter} {camera} {serial} {original}"
# Numbers only: names of months and days change with the language of the computer.
_TIME_DIRECTIVE = re.compile(r"%[YymdHMSfjGVu]")
_FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029]')
# Windows cannot open these, with any ending; a session may well be read there one day.
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[1-9]|lpt[1-9])(?=\.|$)")


class NamingFields(Struct, frozen=True):
    """What a name can be made of."""

    session: str
    taken_at: datetime
    counter: int
    camera: str = ""
    serial: str = ""
    original: str = ""  # the camera's own name, without its ending
    subject: str = ""


def holds_subject(template: str) -> bool:
    """Tell whether what is shot now is part of the names that a template gives."""
    return "{subject}" in template


def with_subject(template: str) -> str:
    """Return a template that names what is shot now, too: before the counter."""
    before, counter, after = template.rpartition("{counter")
    return f"{before}{{subject}}_{counter}{after}"


class _Token(Struct, frozen=True):
    name: str
    format: str  # of times: a strftime format; of the counter: its width in digits


_Part = tuple[str | _Token, ...]


class NamingTemplate(Struct, frozen=True):
    """A checked naming template."""

    text: str
    _parts: tuple[_Part, ...]  # one for each folder, the last one for the name

    @classmethod
    def parse(cls, text: str) -> NamingTemplate:
        """Check a template; raise TemplateError with the reason if it could lose or confuse names."""
        pieces = _pieces(text)
        if not any(isinstance(one, _Token) and one.name == "counter" for one in pieces):
            raise TemplateError(
                f"The naming template “{text}” has no {{counter}}, so two shots could get the same name.",
                "Add {counter:04}. {original} and {time} can repeat: cameras start their numbers again.",
            )
        return cls(text, _split(text, pieces))

    def render(self, fields: NamingFields) -> str:
        """Return the name of a shot: a relative path with forward slashes, without an ending."""
        return "/".join(_render_part(part, fields) for part in self._parts)


def _pieces(text: str) -> list[str | _Token]:
    try:
        parsed = list(Formatter().parse(text))
    except ValueError as err:
        raise TemplateError(
            f"The naming template “{text}” has a brace too many or too few.",
            "Tokens are written as {counter}; {{ and }} stand for braces.",
        ) from err
    pieces: list[str | _Token] = []
    for literal, name, spec, conversion in parsed:
        if literal:
            pieces.append(literal)
        if name is not None:
            pieces.append(_token(name, spec or "", conversion))
    return pieces


def _token(name: str, spec: str, conversion: str | None) -> _Token:
    if conversion:
        raise TemplateError(f"“{{{name}!{conversion}}}” is not a token.", f"Write it as {{{name}}}.")
    if name == "counter":
        if spec and not re.fullmatch(r"0[1-9]", spec):
            raise TemplateError(
                f"“{spec}” is no format for {{counter}}.", "Write {counter:04} for four digits: 0001."
            )
        return _Token(name, spec)
    if name in _TIME_TOKENS:
        rest = _TIME_DIRECTIVE.sub("", spec)
        if "%" in rest or "{" in rest or _FORBIDDEN.search(rest):
            raise TemplateError(
                f"“{spec}” is no format for {{{name}}}.",
                "Use %Y %m %d %H %M %S; for sub-folders write {date:%Y}/{date:%m}.",
            )
        return _Token(name, spec or _TIME_TOKENS[name])
    if name not in _TEXT_TOKENS:
        raise TemplateError(f"“{{{name}}}” is not a token.", f"There are {_ALL_TOKENS}.")
    if spec:
        raise TemplateError(f"{{{name}}} takes no format.", f"Write it as {{{name}}}.")
    return _Token(name, "")


def _split(text: str, pieces: list[str | _Token]) -> tuple[_Part, ...]:
    """Cut the pieces at the slashes; refuse parts that are no safe folder or file name."""
    parts: list[list[str | _Token]] = [[]]
    for piece in pieces:
        if isinstance(piece, _Token):
            parts[-1].append(piece)
            continue
        first, *others = piece.split("/")
        for index, literal in enumerate((first, *others)):
            if index:
                parts.append([])
            if literal:
                parts[-1].append(literal)
    if text.startswith("/"):
        raise _refused(text, "is an absolute path", "Names are relative to the session folder.")
    if not parts[-1]:
        raise _refused(text, "ends with “/”, so it names a folder", "Add the name after the last “/”.")
    for part in parts:
        _check_part(text, part)
    return tuple(tuple(part) for part in parts)


def _check_part(text: str, part: list[str | _Token]) -> None:
    if not part:
        raise _refused(text, "has an empty folder name", "Write one “/” between folders.")
    literal = "".join(one for one in part if isinstance(one, str))
    if isinstance(part[0], str) and part[0].startswith("."):
        if literal == ".." and len(part) == 1:
            raise _refused(text, "leaves the session folder with “..”", "Leave the “..” out.")
        raise _refused(text, "has a name that starts with a dot", "Such files are hidden; leave the dot out.")
    if found := _FORBIDDEN.search(literal):
        raise _refused(
            text,
            f"contains {found[0]!a}, which not every disk takes in a name",
            "Use letters, digits, spaces, - and _.",
        )
    if len(literal.encode(errors="replace")) > _LITERAL_BYTES:
        raise _refused(text, "is too long", "Leave room for the tokens.")
    if not _clean(literal) and all(isinstance(one, str) for one in part):
        raise _refused(text, "has a name of blanks or dots only", "Use letters or digits.")


def _refused(text: str, reason: str, hint: str) -> TemplateError:
    return TemplateError(f"The naming template “{text}” {reason}.", hint)


def _render_part(part: _Part, fields: NamingFields) -> str:
    # Only free text is shortened, never the counter: a cut counter would make names equal.
    rendered = [one if isinstance(one, str) else _value(one, fields) for one in part]
    texts = [i for i, one in enumerate(part) if isinstance(one, _Token) and one.name in _TEXT_TOKENS]
    excess = sum(len(one.encode()) for one in rendered) - _STEM_BYTES
    for index in sorted(texts, key=lambda i: len(rendered[i].encode()), reverse=True):
        if excess <= 0:
            break
        share = max(_STEM_BYTES // (2 * len(texts)), len(rendered[index].encode()) - excess)
        shorter = _cut(rendered[index], share)
        excess -= len(rendered[index].encode()) - len(shorter.encode())
        rendered[index] = shorter
    name = "".join(rendered).lstrip(". ").rstrip(". ") or "_"
    return _DEVICE.sub(lambda match: f"_{match[0]}", name, count=1) if _DEVICE.match(name) else name


def _value(token: _Token, fields: NamingFields) -> str:
    if token.name == "counter":
        return f"{fields.counter:{token.format or 'd'}}"
    if token.name in _TIME_TOKENS:
        return _clean(fields.taken_at.strftime(token.format))
    values = {
        "session": fields.session,
        "camera": fields.camera,
        "serial": fields.serial,
        "original": fields.original,
        "subject": fields.subject,
    }
    return _clean(values[token.name]) or "unknown"


def _clean(text: str) -> str:
    """Make a text safe inside a name on every file system."""
    whole = text.encode("utf-8", errors="replace").decode()  # no lone surrogates
    safe = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", whole))
    return safe.lstrip(". ").rstrip(". ")


def _cut(text: str, size_bytes: int) -> str:
    return text.encode()[:size_bytes].decode(errors="ignore").rstrip(". ")
