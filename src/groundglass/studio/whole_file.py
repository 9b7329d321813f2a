"""Small JSON files that are whole or as they were before."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document, whole or not at all; its folder must be there. Raises OSError. Blocks on the disk."""
    scratch: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=path.name, delete=False, encoding="utf-8"
        ) as out:
            scratch = Path(out.name)
            json.dump(document, out, indent=2, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(path)
    except OSError:
        if scratch is not None:
            scratch.unlink(missing_ok=True)
        raise
