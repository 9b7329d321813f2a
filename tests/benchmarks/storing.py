"""Measure what storing costs over a plain copy with sha256 and fsync of the same bytes.

    .venv/bin/python tests/benchmarks/storing.py [FOLDER]

FOLDER: on the disk to try. Both ways run in turn, so a busy machine shows in both; medians are compared.
Also opens a session of 20,000 shots.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from groundglass.session.journal import line
from groundglass.session.record import Layout
from groundglass.session.store import SessionStore

_RUNS = 41
_SIZES_MB = (12, 25, 50)
_LIMIT = 15
_BLOCK = 1 << 20
_SHOTS = 20_000


def main(where: Path | None) -> None:
    with tempfile.TemporaryDirectory(dir=where) as made:
        folder = Path(made)
        for size_mb in _SIZES_MB:
            content = os.urandom(size_mb * 1_000_000)
            store = SessionStore.open(folder / f"S{size_mb}")
            plain, stored = [], []
            for run in range(_RUNS):
                # Each goes first in turn: disks have moods.
                for is_ours in (run % 2 == 0, run % 2 == 1):
                    begun = time.perf_counter()
                    if is_ours:
                        _store(store, run, content)
                    else:
                        _write(folder / f"plain-{size_mb}-{run}", content)
                    (stored if is_ours else plain).append(time.perf_counter() - begun)
            store.close()
            ours, theirs = statistics.median(stored) * 1000, statistics.median(plain) * 1000
            more = statistics.median(one / other - 1 for one, other in zip(stored, plain, strict=True))
            print(
                f"{size_mb} MB: plain {theirs:.1f} ms, stored {ours:.1f} ms: "
                f"{(ours / theirs - 1) * 100:+.1f} % by medians, {more * 100:+.1f} % by pairs, "
                f"limit {_LIMIT} %"
            )
        for files in (1, 2):
            session = folder / f"big{files}"
            _make(session, files)
            took = []
            for _ in range(5):
                begun = time.perf_counter()
                SessionStore.open(session).close()
                took.append(time.perf_counter() - begun)
            print(
                f"open {_SHOTS} shots of {files} file(s): median {statistics.median(took):.2f} s, "
                f"best {min(took):.2f} s, limit 1 s"
            )


def _write(path: Path, content: bytes) -> str:
    """Copy, hash and sync: what any program must do."""
    digest = hashlib.sha256()
    view = memoryview(content)
    with path.open("xb", buffering=0) as out:
        for at in range(0, len(content), _BLOCK):
            digest.update(view[at : at + _BLOCK])
            out.write(view[at : at + _BLOCK])
        os.fsync(out.fileno())
    return digest.hexdigest()


def _store(store: SessionStore, run: int, content: bytes) -> None:
    incoming = store.incoming / f"7-{run:06}-A.NEF"
    part = incoming.with_name(f"{incoming.name}.part")
    digest = _write(part, content)
    part.rename(incoming)
    number = store.begin_shot(datetime.now(UTC), camera="Z 6", serial="600")
    store.commit(
        incoming, number=number, original="A.NEF", sha256=digest, size_bytes=len(content), is_synced=True
    )


def _make(session: Path, files: int) -> None:
    """Write a session's journal and its files, empty, as fast as can be."""
    layout = Layout(session)
    layout.incoming.mkdir(parents=True)
    taken = datetime.now(UTC).isoformat()
    empty = hashlib.sha256(b"").hexdigest()
    lines = [line({"do": "session", "version": 1, "template": "{session}_{counter:04}", "id": "1"})]
    for number in range(1, _SHOTS + 1):
        shot = {"number": number, "taken_at": taken, "camera": "Nikon Z 6", "serial": "600"}
        lines.append(line({"do": "shot", **shot}))
        for ending, role in (("nef", "raw"), ("jpg", "jpeg"))[:files]:
            original = f"DSC_{number % 10000:04}.{ending.upper()}"
            incoming, path = f"7-{number:06}-{original}", f"S_{number:04}.{ending}"
            file = {"path": path, "size_bytes": 0, "sha256": empty, "role": role, "original": original}
            card = {"card_path": f"/store_00010001/DCIM/100NZ6_1/{original}"}
            lines.append(line({"do": "store", "incoming": incoming, **shot, **file, **card}))
            lines.append(line({"do": "stored", "incoming": incoming}))
            (session / path).touch()
    layout.journal.write_bytes(b"".join(lines))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
