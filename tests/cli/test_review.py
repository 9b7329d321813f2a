"""`groundglass session rate`, `trash`, `restore` and `empty-trash`, as they are typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from groundglass.cli.main import build
from groundglass.session.store import SessionStore


@pytest.fixture
def session(tmp_path: Path) -> Path:
    store = SessionStore.open(tmp_path / "S", "{session}_{counter:04}")
    for number in (1, 2):
        content = b"picture %d" % number
        incoming = store.incoming / f"7-{number:06}-D.JPG"
        incoming.write_bytes(content)
        taken = store.begin_shot(datetime(2026, 3, 1, tzinfo=UTC))
        digest = sha256(content).hexdigest()
        store.commit(incoming, number=taken, original="D.JPG", sha256=digest, size_bytes=len(content))
    store.close()
    return tmp_path / "S"


def run(*words: object) -> Result:
    return CliRunner().invoke(build(lambda **_: 0), ["session", *map(str, words)])


def told(*words: object) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.output)
    return document


def test_rate_says_it_in_the_sidecar_and_without_options_tells_it(session: Path) -> None:
    run("rate", session, "S_0001", "2", "--stars", "4", "--label", "red", "--keyword", "brass")

    said = told("rate", session, "1")["shots"][0]

    assert (said["stars"], said["label"], said["keywords"]) == (4, "Red", ["brass"])
    assert (session / "S_0002.xmp").exists()
    assert "4 stars, Red, brass" in run("rate", session, "S_0002.jpg").output


@pytest.mark.parametrize("numbers", ["1-2", "1,2", "2-9,1"])
def test_shots_are_named_by_ranges_and_lists_of_numbers(session: Path, numbers: str) -> None:
    assert {one["number"] for one in told("rate", session, numbers, "--stars", "3")["shots"]} == {1, 2}


@pytest.mark.parametrize("numbers", ["3-4", "2-1", "1,3", "1,", "1-", "x-y", "1-0002", "0001-2"])
def test_numbers_of_no_shot_are_refused_and_nothing_is_said(session: Path, numbers: str) -> None:
    result = run("rate", session, numbers, "--stars", "3")

    assert "There is no shot" in result.output
    assert not list(session.glob("*.xmp"))


def test_rate_takes_a_label_and_a_keyword_away(session: Path) -> None:
    run("rate", session, "1", "--reject", "--label", "blue", "--keyword", "brass")

    said = told("rate", session, "1", "--label", "none", "--without", "brass")["shots"][0]

    assert (said["rejected"], said["label"], said["keywords"]) == (True, "", [])


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("9", "--stars", "1"), "session list"),
        (("1", "--label", "pink"), "Purple"),
        (("1", "--stars", "2", "--reject"), "--reject"),
    ],
)
def test_wrong_words_are_refused_with_a_hint(session: Path, words: tuple[str, ...], hint: str) -> None:
    result = run("rate", session, *words)

    assert result.exit_code == 2
    assert hint in result.output
    assert not list(session.glob("*.xmp"))


def test_trash_restore_and_empty(session: Path) -> None:
    assert told("trash", session, "1")["shots"][0]["files"] == ["S_0001.jpg"]
    assert told("check", session)["in_trash"] == 1
    assert told("restore", session)["shots"][0]["number"] == 1
    run("trash", session, "1", "2")

    refused = run("empty-trash", session)

    assert (refused.exit_code, "--yes" in refused.output) == (2, True)
    assert told("empty-trash", session, "--yes") == {"deleted_shots": 2}
    assert told("check", session)["clean"]
