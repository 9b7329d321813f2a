from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from arrivals import BROKEN, Refusing, shoot
from groundglass.errors import SessionError
from groundglass.session import journal as journal_module
from groundglass.session.disk import Disk
from groundglass.session.journal import Journal, line, parse
from groundglass.session.store import SessionStore

ENTRIES = [{"do": "shot", "number": number, "camera": "Fünf \udcff\n"} for number in range(5)]


def journal_of(path: Path, data: bytes = b"") -> Journal:
    path.write_bytes(data)
    return Journal(path, Disk())


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    journal = journal_of(tmp_path / "j")

    for entry in ENTRIES:
        journal.append(entry)

    text = journal.read()
    assert list(text.entries) == ENTRIES
    assert text.corrupt_lines == ()
    assert not text.is_torn


def test_a_journal_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert Journal(tmp_path / "none", Disk()).read().entries == ()


def test_a_journal_cut_at_any_byte_keeps_every_line_before_the_cut() -> None:
    data = b"".join(map(line, ENTRIES))
    ends = [data[:at].count(b"\n") for at in range(len(data) + 1)]

    for at in range(len(data) + 1):
        text = parse(data[:at])
        is_whole_but_for_its_end = data[at : at + 1] == b"\n"
        assert len(text.entries) == ends[at] + is_whole_but_for_its_end
        assert text.corrupt_lines == ()


def test_a_torn_line_is_sealed_at_any_byte_and_known_from_then_on(tmp_path: Path) -> None:
    data = b"".join(map(line, ENTRIES[:2]))
    start = data.index(b"\n") + 1

    for at in range(start, len(data) + 1):
        journal = journal_of(tmp_path / "j", data[:at])
        journal.append(ENTRIES[4])
        text = journal.read()
        assert [one for one in text.entries if one["do"] == "shot"][-1] == ENTRIES[4]
        assert text.corrupt_lines == ()
        assert not text.is_torn
        assert (tmp_path / "j").read_bytes().startswith(data[:at])


def test_a_line_torn_while_sealing_is_known_too(tmp_path: Path) -> None:
    sealed = line(ENTRIES[0]) + b'{"crc":"00\n{"crc":"0'
    journal = journal_of(tmp_path / "j", sealed)

    journal.append(ENTRIES[1])

    assert journal.read().corrupt_lines == ()
    assert [one for one in journal.read().entries if one["do"] == "shot"] == ENTRIES[:2]


@pytest.mark.parametrize("bit", range(8))
def test_every_flipped_bit_in_the_middle_is_reported_with_its_line(bit: int) -> None:
    lines = [line(entry) for entry in ENTRIES[:3]]
    middle = lines[1]

    for at in range(len(middle) - 1):
        damaged = bytearray(middle)
        damaged[at] ^= 1 << bit
        text = parse(lines[0] + bytes(damaged) + lines[2])
        assert text.corrupt_lines[0] == 2
        assert text.entries[0] == ENTRIES[0]
        assert text.entries[-1] == ENTRIES[2]
        assert ENTRIES[1] not in text.entries


def test_zeros_at_the_end_after_a_power_cut_are_sealed(tmp_path: Path) -> None:
    journal = journal_of(tmp_path / "j", line(ENTRIES[0]) + bytes(500))

    assert journal.read().is_torn
    journal.append(ENTRIES[1])

    assert [one for one in journal.read().entries if one["do"] == "shot"] == ENTRIES[:2]


def test_a_line_with_a_right_checksum_that_is_no_json_hides_no_other() -> None:
    body = b'"do":nonsense}'
    strange = b'{"crc":"%08x",%s\n' % (zlib.crc32(body), body)

    text = parse(line(ENTRIES[0]) + strange + line(ENTRIES[1]))

    assert [one for one in text.entries if one] == ENTRIES[:2]


def test_what_a_failed_sync_may_have_dropped_is_added_once_more(tmp_path: Path) -> None:
    disk = Refusing()
    journal = Journal(tmp_path / "j", disk)
    journal.append(ENTRIES[0])
    journal.append(ENTRIES[1], is_synced=False)
    disk.refused = {"sync": BROKEN}
    with pytest.raises(SessionError):
        journal.append(ENTRIES[2])
    disk.refused = {}

    journal.append(ENTRIES[3])
    journal.append(ENTRIES[4])

    assert list(journal.read().entries) == [*ENTRIES[:3], *ENTRIES[1:5]]


def test_an_entry_that_is_told_twice_counts_once(tmp_path: Path) -> None:
    store = SessionStore.open(tmp_path / "S")
    shoot(store, "A.NEF", b"raw")
    store.close()
    path = store.path / ".groundglass/journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)

    path.write_bytes(b"".join([*lines, *lines[1:]]))

    assert SessionStore.read(store.path).shots == store.shots


def test_damage_that_a_repair_has_noted_is_known_from_then_on() -> None:
    damaged = line(ENTRIES[0]) + b"#\n" + line(ENTRIES[1]) + b"#\n"

    text = parse(damaged + line({"do": "noted", "lines": [2]}))

    assert text.corrupt_lines == (4,)


@pytest.mark.parametrize("part_bytes", [0, 1, 150])
def test_a_journal_is_read_the_same_in_parts(monkeypatch: pytest.MonkeyPatch, part_bytes: int) -> None:
    sealed, noted = line({"do": "sealed"}), line({"do": "noted", "lines": [4]})
    text = b"".join([line(ENTRIES[0]), b"torn\n", sealed, b"#\n", line(ENTRIES[1]), b"#\n", noted, b'{"crc'])
    at_once = parse(text)

    monkeypatch.setattr(journal_module, "_PART_BYTES", part_bytes)

    assert parse(text) == at_once
    assert (at_once.corrupt_lines, at_once.is_torn) == ((6,), True)
