from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from arrivals import shoot
from groundglass.session.store import SessionStore

PATH = "/store_00010001/DCIM/100NZ6_1/DSC_0001.NEF"
TAKEN = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with_raw = SessionStore.open(tmp_path / "S")
    shoot(with_raw, "DSC_0001.NEF", b"raw", card_path=PATH, card_modified_at=TAKEN)
    yield with_raw
    with_raw.close()


def test_a_file_is_known_by_name_size_body_and_time(store: SessionStore) -> None:
    assert store.has_card_file("0600", PATH, 3, TAKEN)


@pytest.mark.parametrize(
    ("serial", "path", "size_bytes", "modified_at"),
    [
        ("600", PATH, 3, TAKEN),  # one driver tells leading zeros, another does not
        ("", PATH, 3, TAKEN),
        ("0600", PATH.replace("store_00010001", "store_00020001"), 3, TAKEN),
        ("0600", PATH.lower(), 3, TAKEN),
        ("0600", "DSC_0001.NEF", 3, TAKEN),
        ("0600", PATH, 3, None),
        ("0600", PATH, 3, TAKEN + timedelta(seconds=2)),
        ("0600", PATH, 3, TAKEN + timedelta(hours=5, minutes=45)),  # the computer's zone was changed
    ],
)
def test_what_a_connection_tells_in_another_way_is_the_same_file(
    store: SessionStore, serial: str, path: str, size_bytes: int, modified_at: datetime | None
) -> None:
    assert store.has_card_file(serial, path, size_bytes, modified_at)


@pytest.mark.parametrize(
    ("serial", "path", "size_bytes", "modified_at"),
    [
        ("601", PATH, 3, TAKEN),
        ("0600", PATH.replace("100NZ6", "101NZ6"), 3, TAKEN),
        ("0600", PATH.replace("0001", "0002"), 3, TAKEN),
        ("0600", PATH, 4, TAKEN),
        ("0600", PATH, 3, TAKEN + timedelta(seconds=40)),
        ("0600", PATH, 3, TAKEN + timedelta(days=30)),
    ],
)
def test_another_file_of_the_same_name_is_not_taken_for_it(
    store: SessionStore, serial: str, path: str, size_bytes: int, modified_at: datetime
) -> None:
    assert not store.has_card_file(serial, path, size_bytes, modified_at)


def test_what_is_stored_later_is_known_too(store: SessionStore) -> None:
    path = PATH.replace("0001", "0002")
    before = store.has_card_file("0600", path, 5, TAKEN)

    shoot(store, "DSC_0002.NEF", b"later", card_path=path, card_modified_at=TAKEN)

    assert not before
    assert store.has_card_file("0600", path, 5, TAKEN)


def test_the_time_on_the_card_outlives_the_program(store: SessionStore) -> None:
    store.close()

    again = SessionStore.open(store.path)

    assert again.has_card_file("0600", PATH, 3, TAKEN)
    assert not again.has_card_file("0600", PATH, 3, TAKEN + timedelta(seconds=40))
    again.close()


def test_a_frame_that_never_was_on_a_card_hides_none_that_is(store: SessionStore) -> None:
    shoot(store, "DSC_0003.NEF", b"from memory")

    assert not store.has_card_file("0600", PATH.replace("0001", "0003"), len(b"from memory"), TAKEN)


def test_a_frame_of_unknown_origin_accounts_for_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "S/.groundglass/incoming").mkdir(parents=True)
    (tmp_path / "S/.groundglass/incoming/5-000001-DSC_0001.NEF").write_bytes(b"raw")
    store = SessionStore.open(tmp_path / "S")

    answers = [store.has_card_file(serial, PATH, 3, TAKEN) for serial in ("600", "600", "601")]
    store.close()

    assert answers == [True, True, False]
