"""Read the text of `gphoto2 --list-all-config`, as people attach it to bug reports.

Survives text around and between, cut ends, forms of older versions (no END, no Readonly), and trees that were
recorded in another language.
"""

from __future__ import annotations

import gettext
import importlib.util
import logging
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from msgspec import Struct, field

from groundglass.camera.widget import Widget, WidgetKind

_log = logging.getLogger(__name__)

_PATH = re.compile(r"\s*(/main(?:/[^/\s]+)+)\s*$")
_LINE = re.compile(r"\s*(Label|Readonly|Type|Current|Choice|Bottom|Top|Step|Printable|Help):\s?(.*?)\s*$")
# Of `--summary`, of `--auto-detect`, and what gphoto2 says before it lists.
_MODELS = (
    re.compile(r"\s*(?:Model|Modell|Modèle|Modelo|Modello):\s*(\S.*?)\s*$"),
    re.compile(r"\s*([^\s:][^:]*?)\s+(?:usb:[\d,]*|(?:ptpip|serial|disk):\S+)\s*$"),
    re.compile(r"\s*Detected a '(\S.*?)(?: \((?:normal|PTP) mode\))?'\.?\s*$"),
)


class Dump(Struct, frozen=True):
    """A camera's tree, in the order of the text."""

    model: str | None
    widgets: tuple[Widget, ...]


class _Node(Struct):
    path: str
    label: str = ""
    kind: str = ""
    current: str | None = None
    read_only: bool = False
    choices: list[str] = field(default_factory=list)
    span: dict[str, float] = field(default_factory=dict)

    def widget(self) -> Widget | None:
        """Return the node; None if the text names the path alone."""
        if not self.kind and self.current is None and not self.choices:
            return None
        try:
            kind = WidgetKind(self.kind)
        except ValueError:
            kind = WidgetKind.RADIO if self.choices else WidgetKind.TEXT
        span = [self.span.get(name) for name in ("Bottom", "Top", "Step")]
        low, high, step = span
        return Widget(
            name=self.path.rsplit("/", 1)[-1],
            kind=kind,
            value=self.current,
            choices=tuple(self.choices),
            range=(low, high, step) if low is not None and high is not None and step is not None else None,
            read_only=self.read_only,
            label=self.label,
            path=self.path,
        )


def decoded(content: bytes) -> str:
    """Return the text of a file that came from any computer: UTF-8, UTF-16 as PowerShell writes it, Latin-1.

    Line by line, because people paste several outputs into one file. Never fails.
    """
    sample = content[:4096]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding, empty in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(empty) > 8 and empty.count(0) > 0.6 * len(empty) and sample.count(0) < 0.7 * len(sample):
            return content.decode(encoding, "replace")
    return "\n".join(_decoded_line(line) for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"))


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def read_dump(text: str) -> Dump:
    """Find the widgets in a text; one that has none gives an empty tree."""
    nodes: list[_Node] = []
    model: str | None = None
    node: _Node | None = None
    for line in text.splitlines():
        path = _PATH.match(line)
        if path:
            node = _Node(path[1])
            nodes.append(node)
            continue
        if model is None:
            model = next((named[1].replace(":", " ") for one in _MODELS if (named := one.match(line))), None)
        told = _LINE.match(line)
        if told and node is not None:
            _take(node, told[1], told[2])
        elif line.strip() == "END":
            node = None
    widgets = tuple(widget for one in nodes if (widget := one.widget()) is not None)
    named_model = next((one.value for one in widgets if one.name == "cameramodel" and one.value), None)
    return Dump(named_model or model, widgets)


def _take(node: _Node, key: str, value: str) -> None:
    match key:
        case "Label":
            node.label = value
        case "Type":
            node.kind = value
        case "Readonly":
            node.read_only = value == "1"
        case "Current":
            # Older versions print a missing text as C does.
            node.current = None if value == "(null)" else value
        case "Choice":
            position = re.match(r"\d+ ?(.*)$", value)
            if position:
                node.choices.append(position[1])
        case "Bottom" | "Top" | "Step":
            number = value.replace(",", ".")
            if re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", number, re.IGNORECASE):
                node.span[key] = float(number)


@cache
def to_english() -> Callable[[str], str]:
    """Return a function that turns libgphoto2's texts of any language into its English ones.

    It reads the catalogues that come with python-gphoto2; without them texts stay as they are.
    """
    known: dict[str, str] = {}
    unknown_forms: set[str] = set()
    for catalogue in _catalogues():
        try:
            with catalogue.open("rb") as file:
                texts = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        except (OSError, UnicodeDecodeError) as err:
            _log.info("The catalogue %s cannot be read: %s", catalogue, err)
            continue
        for original, translated in texts.items():
            if not isinstance(original, str) or not isinstance(translated, str) or not translated:
                continue
            if re.fullmatch(r"Unknown value (0x)?%04x", original):
                unknown_forms.add(re.escape(translated).replace("%04x", "([0-9a-fA-F]+)"))
            known.setdefault(translated.strip(), original)
    unknown = re.compile("|".join(unknown_forms) or r"(?!)")

    def english(text: str) -> str:
        stripped = text.strip()
        if found := unknown.fullmatch(stripped):
            return f"Unknown value {next(one for one in found.groups() if one is not None)}"
        # Sony: a number with a translated remark behind it.
        if (remark := re.fullmatch(r"(\d+) (.+)", stripped)) and remark[2] in known:
            return f"{remark[1]} {known[remark[2]]}"
        return known.get(stripped, text)

    return english


def _catalogues() -> list[Path]:
    spec = importlib.util.find_spec("gphoto2")
    if spec is None or not spec.submodule_search_locations:
        return []
    folder = Path(next(iter(spec.submodule_search_locations))) / "libgphoto2" / "locale"
    return sorted(folder.glob("*/LC_MESSAGES/libgphoto2*.mo"))
