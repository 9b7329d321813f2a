"""Which files an image format gives, and its one label."""

from __future__ import annotations

import re

from groundglass.model.shot import FileRole


def image_roles(raw: str) -> tuple[FileRole, ...]:
    """Tell which files one exposure gives, from the camera's text for its image format."""
    text = raw.lower()
    has_raw = bool(re.search(r"\b[cmsl]?raw|nef|nrw|cr[23w]|arw|raf|rw2|orf", text))
    parts = [part.strip() for part in text.split("+")]
    has_jpeg = "jpeg" in text or "jpg" in text or not has_raw or (len(parts) > 1 and "tiff" not in text)
    picture = FileRole.HEIF if "heif" in text else FileRole.JPEG
    return ((FileRole.RAW,) if has_raw else ()) + ((picture,) if has_jpeg else ())


_QUALITIES = {
    "norm": "normal",
    "x.fine": "extra fine",
    "std": "standard",
    "sfine": "super fine",
    "superfine": "super fine",
}


# Canon since libgphoto2 2.5.31: `L`, `cM`, `S1`; c is the coarser of two qualities.
_CANON_SIZES = {"l": "large", "m": "medium", "s": "small"}
_CANON_CODE = re.compile(r"(c?)([lms])([1-3]?)")


def format_label(text: str) -> str:
    """Return RAW, JPEG fine, RAW + JPEG fine for all the ways to write them; sizes stay in front."""
    roles = image_roles(text)
    raw = re.search(r"(?i)\b([cmsl])raw\b", text)
    raw_label = f"{raw[1]}RAW" if raw else "RAW"
    kind = next((one for one in ("HEIF", "TIFF") if one in text.upper()), "JPEG")
    if text.lower() == "undefined":
        return "Not told"
    rest = re.sub(r"(?i)\b(jpe?g|heif|tiff|nef|crw|[cmsl]?raw|image)\b|[()+]", " ", text)
    words = [_QUALITIES.get(word, word) for word in rest.lower().split()]
    quality = " ".join(words)
    if canon := _CANON_CODE.fullmatch(quality):
        coarse, size, number = canon.groups()
        quality = f"{_CANON_SIZES[size]}{number and ' ' + number} {'normal' if coarse else 'fine'}"
    if roles == (FileRole.RAW,):
        return f"{raw_label} {quality}".strip() if quality and quality != "raw" else raw_label
    # Canon writes the codes of its display behind: `Small Fine JPEG (S1 Fine)`.
    code = re.fullmatch(r"(.+?) s[123](?: (?:fine|normal))?", quality)
    jpeg = f"{kind} {'RGB' if quality == 'rgb' else code[1] if code else quality}".strip()
    return f"{raw_label} + {jpeg}" if FileRole.RAW in roles else jpeg
