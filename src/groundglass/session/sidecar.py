"""XMP sidecars: what people say about a picture, beside it, as Lightroom, Capture One and darktable read it.

What other programs wrote stays: only the properties whose values change are touched, and the new text is
compared with the old one before it takes its place. A sidecar that cannot be understood is never written.
It is long because each program spells the same few words in its own way, read here and written here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

from msgspec import Struct

from groundglass import xmp_toolkit
from groundglass.errors import SessionError, UsageError
from groundglass.model.review import MOST_STARS, REJECTED, ColorLabel
from groundglass.session.companions import SIDECAR
from groundglass.session.disk import Disk

_RATING = "Xmp.xmp.Rating"
_LABEL = "Xmp.xmp.Label"
_KEYWORDS = "Xmp.dc.subject"
# Lightroom and darktable keep each keyword's branch too, and believe that one where the two differ.
_BRANCHES = "Xmp.lr.hierarchicalSubject"
# darktable keeps its labels by number, in this order. A label in words would win over these, and stay in its
# sidecars when it is changed there.
_DARKTABLE_LABELS = "Xmp.darktable.colorlabels"
_DARKTABLE_OWN = "Xmp.darktable.xmp_version"  # in every sidecar of darktable's own
_IN_DARKTABLE = tuple(ColorLabel)
_CREATOR = "Xmp.dc.creator"
_COPYRIGHT = "Xmp.dc.rights"
# Lightroom writes the first, the EXIF standard in XMP has the second; programs read one or the other.
_LENS = ("Xmp.aux.Lens", "Xmp.exifEX.LensModel")
_FOCAL = "Xmp.exif.FocalLength"
_APERTURE = "Xmp.exif.FNumber"
_JOB = "Xmp.photoshop.TransmissionReference"  # IPTC's job identifier
_KEYS: dict[str, tuple[str, ...]] = {
    "rating": (_RATING,),
    "label": (_LABEL,),
    "keywords": (_KEYWORDS,),
    "creator": (_CREATOR,),
    "copyright": (_COPYRIGHT,),
    "job": (_JOB,),
    "lens": _LENS,
    "focal_mm": (_FOCAL,),
    "aperture": (_APERTURE,),
}

_DEFAULT_LANGUAGE = "x-default"
_BETWEEN = " "  # expat's, between a namespace and a name: no URI holds a space
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# What frames the properties, and may be written in several ways that mean the same.
_FRAME = (f"{_RDF}{_BETWEEN}", f"adobe:ns:meta/{_BETWEEN}", f"http://www.w3.org/XML/1998/namespace{_BETWEEN}")

_EMPTY = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}"/></x:xmpmeta>\n'


class Sidecar(Struct, frozen=True):
    """What a sidecar says of a picture; None or empty: it says nothing. Raises UsageError."""

    rating: int | None = None  # stars 0 to 5, or REJECTED
    label: str | None = None  # a colour label in words, as the programs spell it: "Red"
    keywords: tuple[str, ...] = ()
    creator: str | None = None  # several: with "; " between them
    copyright: str | None = None
    lens: str | None = None  # its name
    focal_mm: float | None = None
    aperture: float | None = None  # the f-number
    job: str | None = None  # which order the picture belongs to

    def __post_init__(self) -> None:
        if self.rating is not None and not REJECTED <= self.rating <= MOST_STARS:
            raise UsageError(f"{self.rating} is not a rating.", "Give 0 to 5 stars, or -1 to reject.")
        if any(number is not None and not number > 0 for number in (self.focal_mm, self.aperture)):
            raise UsageError("A focal length and an aperture are above 0.", "Write them as 58 and 2.8.")


def sidecar_path(picture: Path) -> Path:
    """Return where the sidecar of a picture is; RAW and JPEG of one shot share it."""
    return picture.with_suffix(SIDECAR)


def read(path: Path, disk: Disk | None = None) -> Sidecar:
    """Read a sidecar; all of it is empty if there is none. Raises SessionError. Any thread."""
    with xmp_toolkit.LOCK:
        return _told(_opened(path, disk or Disk())[0])


def write(path: Path, sidecar: Sidecar, disk: Disk | None = None) -> None:
    """Make a sidecar say this, whole or not at all, durably. Raises SessionError. Any thread."""
    amend(path, lambda _before: sidecar, disk)


def amend(path: Path, change: Callable[[Sidecar], Sidecar], disk: Disk | None = None) -> None:
    """Change what a sidecar says, with no other change of ours between; else as `write`."""
    disk = disk or Disk()
    with xmp_toolkit.LOCK:
        properties, text = _opened(path, disk)
        before = _told(properties)
        after = change(before)
        changed = [one for one in _KEYS if getattr(before, one) != getattr(after, one)]
        if not changed:
            return
        if not _words(text) <= _words(_encoded(properties)):
            raise SessionError(
                f"“{path.name}” holds entries of another program that would be lost, so it was left.",
                "Change it in the program that wrote it.",
            )
        for name in changed:
            _put(properties, name, getattr(after, name))
        _replace(path, _encoded(properties), disk)


# ---- the file


def _opened(path: Path, disk: Disk) -> tuple[Any, bytes]:
    """Return exiv2's XmpData of a sidecar and the text it was read from; empty if there is none."""
    exiv2 = _exiv2()
    if not disk.exists(path):
        return exiv2.XmpData(), b""
    text = disk.read(path)
    try:
        image = exiv2.ImageFactory.open(text)
        image.readMetadata()
        properties = image.xmpData()
        # exiv2 only logs that a packet is broken, and gives no properties.
        is_understood = bool(_words(text)) == bool(properties.count())
    except (exiv2.Exiv2Error, expat.ExpatError) as err:
        raise _broken(path) from err
    if not is_understood:
        raise _broken(path)
    return properties, text


def _replace(path: Path, text: bytes, disk: Disk) -> None:
    is_there = disk.exists(path)
    if is_there and disk.is_protected(path):
        raise SessionError(
            f"“{path.name}” may not be written, so it was left as it is.",
            "Give leave to write it in its properties, if it is to be changed.",
        )
    # Of its own, not longer: the longest name that a disk takes has no room for more.
    scratch = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    try:
        disk.append(scratch, text)
        if is_there:
            disk.copy_permissions(path, scratch)
        disk.sync(scratch)
        disk.replace(scratch, path)
    except SessionError as err:
        if disk.exists(scratch):
            disk.remove(scratch)
        # Nobody knows the scratch file's name.
        raise type(err)(err.message.replace(scratch.name, path.name), err.hint) from err
    disk.sync_folder(path.parent)


def _encoded(properties: Any) -> bytes:
    # Not by exiv2's own writing of sidecars: that puts the EXIF values it once read over ours.
    formats = _exiv2().XmpParser.XmpFormatFlags
    code, text = _exiv2().XmpParser.encode(properties, formats.omitPacketWrapper | formats.useCompactFormat)
    if code != 0:
        raise SessionError("The sidecar could not be put into words.", "This is a fault of Groundglass.")
    # It spells no properties at all as no text, which would be a broken file.
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + (str(text) or _EMPTY).encode()


def _words(text: bytes) -> frozenset[str]:
    """Return every name and every value in a sidecar, however it is laid out; raise ExpatError."""
    found: set[str] = set()

    def element(name: str, attributes: dict[str, str]) -> None:
        names = (name, *attributes)
        found.update(one for one in names if _BETWEEN in one and not one.startswith(_FRAME))
        found.update(value for key, value in attributes.items() if not key.startswith(_FRAME))

    def doctype(*_named: object) -> None:
        raise expat.ExpatError("a sidecar has no document type")

    parser = expat.ParserCreate(namespace_separator=_BETWEEN)
    parser.buffer_text = True
    parser.StartElementHandler = element
    parser.EndElementHandler = lambda _name: None  # ends a text, so that each is a word of its own
    parser.CharacterDataHandler = found.add
    parser.StartDoctypeDeclHandler = doctype
    if text:
        parser.Parse(text, True)
    return frozenset(word for word in found if word.strip())


def _broken(path: Path) -> SessionError:
    return SessionError(
        f"The sidecar “{path.name}” is broken, so it was left as it is.",
        "Open it in the program that wrote it, or move it away; Groundglass then begins a new one.",
    )


@cache
def _exiv2() -> Any:
    import exiv2  # 40 ms

    exiv2.LogMsg.setLevel(exiv2.LogMsg.Level.mute)  # else it writes to stderr
    exiv2.XmpParser.initialize()
    # A key of an unknown name space ends the process.
    exiv2.XmpProperties.registerNs("http://darktable.sf.net/", "darktable")
    return exiv2


# ---- the properties


def _told(properties: Any) -> Sidecar:
    rating = _number(_text(properties, _RATING))
    return Sidecar(
        rating=int(rating) if rating is not None and REJECTED <= rating <= MOST_STARS else None,
        label=_darktable_label(properties) or _text(properties, _LABEL),
        keywords=_texts(properties, _KEYWORDS),
        creator="; ".join(_texts(properties, _CREATOR)) or None,
        copyright=_text(properties, _COPYRIGHT),
        lens=next((found for key in _LENS if (found := _text(properties, key))), None),
        focal_mm=_above_zero(_number(_text(properties, _FOCAL))),
        aperture=_above_zero(_number(_text(properties, _APERTURE))),
        job=_text(properties, _JOB),
    )


def _texts(properties: Any, key: str) -> tuple[str, ...]:
    exiv2 = _exiv2()
    if key not in properties:
        return ()
    if languages := _languages(properties, key):
        return (languages.get(_DEFAULT_LANGUAGE) or next(iter(languages.values()), ""),)
    value = properties[key].value()
    return tuple(map(str, value)) if isinstance(value, exiv2.XmpArrayValue) else (str(value),)


def _darktable_label(properties: Any) -> str | None:
    """Return the first of darktable's labels in words; None if it has none."""
    numbers = [int(one) for one in _texts(properties, _DARKTABLE_LABELS) if one.isdecimal()]
    return next((_IN_DARKTABLE[one].value for one in numbers if one < len(_IN_DARKTABLE)), None)


def _put_darktable_label(properties: Any, label: object) -> bool:
    """Bring darktable's own labels in line, where it has a say; tell whether they say all of it."""
    is_own = _DARKTABLE_OWN in properties
    if _DARKTABLE_LABELS in properties:
        del properties[_DARKTABLE_LABELS]
    elif not is_own:
        return False
    numbers = [str(number) for number, one in enumerate(_IN_DARKTABLE) if one.value == label]
    if numbers:
        kind = _exiv2().TypeId.xmpSeq
        properties[_DARKTABLE_LABELS] = _exiv2().XmpArrayValue(numbers, kind)
    return is_own and bool(numbers)


def _put_branches(properties: Any, keywords: tuple[str, ...]) -> None:
    """Bring the branches of keywords in line, where another program has written any."""
    if _BRANCHES not in properties:
        return
    kept = [one for one in _texts(properties, _BRANCHES) if one.rpartition("|")[2] in keywords]
    known = {part for one in kept for part in one.split("|")}
    kept += [one for one in keywords if one not in known]
    del properties[_BRANCHES]
    if kept:
        properties[_BRANCHES] = _exiv2().XmpArrayValue(kept, _exiv2().TypeId.xmpBag)


def _text(properties: Any, key: str) -> str | None:
    return next(iter(_texts(properties, key)), None) or None


def _number(text: str | None) -> float | None:
    """Read `58`, `2.8` or `28/10`; None for anything else."""
    try:
        return float(Fraction(text)) if text else None
    except (ValueError, ZeroDivisionError):
        return None


def _above_zero(number: float | None) -> float | None:
    return number if number is not None and number > 0 else None


def _put(properties: Any, name: str, value: object) -> None:
    exiv2 = _exiv2()
    if name == "label":
        value = None if _put_darktable_label(properties, value) else value
    elif name == "keywords" and isinstance(value, tuple):
        _put_branches(properties, value)
    for key in _KEYS[name]:
        languages = _languages(properties, key)
        if key in properties:
            # Nothing of exiv2's may point to it now: reading a value of a deleted property crashes.
            del properties[key]
        if value is None or value in ("", ()):
            continue
        if key == _COPYRIGHT:
            properties[key] = exiv2.LangAltValue({**languages, _DEFAULT_LANGUAGE: str(value)})
        elif key == _KEYWORDS and isinstance(value, tuple):
            properties[key] = exiv2.XmpArrayValue(list(value), exiv2.TypeId.xmpBag)
        elif key == _CREATOR:
            properties[key] = exiv2.XmpArrayValue(str(value).split("; "), exiv2.TypeId.xmpSeq)
        elif isinstance(value, float):
            exact = Fraction(value).limit_denominator(1000)
            properties[key] = f"{exact.numerator}/{exact.denominator}"
        else:
            properties[key] = str(value)


def _languages(properties: Any, key: str) -> dict[str, str]:
    """Return a text in each of its languages; empty for what has none."""
    if key not in properties:
        return {}
    value = properties[key].value()
    if not isinstance(value, _exiv2().LangAltValue):
        return {}
    return {str(language): str(text) for language, text in dict(value).items()}
