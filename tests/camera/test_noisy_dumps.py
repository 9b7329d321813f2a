"""Trees as they come: cut, out of order, doubled, in other languages and encodings, or no trees at all."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from groundglass.camera.dialects.settings import understand
from groundglass.camera.dump import read_dump, to_english
from groundglass.model.setting import SettingId
from program import run

_BLOCKS = (
    "/main/status/cameramodel\nLabel: Camera Model\nReadonly: 1\nType: TEXT\nCurrent: Testcam 1\nEND",
    "/main/imgsettings/iso\nLabel: ISO Speed\nReadonly: 0\nType: RADIO\nCurrent: 400\nChoice: 0 Auto\n"
    "Choice: 1 100\nChoice: 2 400\nChoice: 3 Unknown value 1234\nEND",
    "/main/capturesettings/f-number\nLabel: F-Number\nReadonly: 0\nType: RADIO\nCurrent: f/2.8\n"
    "Choice: 0 f/2.8\nChoice: 1 f/4\nEND",
    "/main/capturesettings/shutterspeed\nLabel: Shutter Speed\nReadonly: 1\nType: RADIO\nCurrent: 0.0080s\n"
    "Choice: 0 0.0080s\nChoice: 1 0.0166s\nChoice: 2 1.0000s\nEND",
    "/main/capturesettings/exposurecompensation\nLabel: Exposure\nReadonly: 0\nType: RADIO\nCurrent: 0\n"
    "Choice: 0 -0.333\nChoice: 1 0\nChoice: 2 0.333\nEND",
    "/main/other/d001\nLabel: PTP Property 0xd001\nReadonly: 0\nType: MENU\nCurrent: 1\nChoice: 0 1\nEND",
)
_TREE = "\n".join(_BLOCKS) + "\n"


def _numbers(text: str) -> dict[SettingId, float | None]:
    known = understand(read_dump(text).widgets, to_english())
    return {one.id: one.current.number if one.current else None for one in known.settings}


_WHOLE = {
    SettingId.ISO: 400.0,
    SettingId.APERTURE: 2.8,
    SettingId.SHUTTER: 1 / 125,
    SettingId.EXPOSURE_COMPENSATION: 0.0,
}


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_tree_does_not_matter(seed: int) -> None:
    blocks = list(_BLOCKS)
    random.Random(seed).shuffle(blocks)

    assert _numbers("\n".join(blocks)) == pytest.approx(_WHOLE)


@pytest.mark.parametrize("cut", range(0, len(_TREE), 7))
def test_a_tree_may_be_cut_anywhere(cut: int) -> None:
    found = _numbers(_TREE[:cut])

    for setting_id, number in found.items():
        whole = number is None or number == pytest.approx(_WHOLE[setting_id])
        assert whole or cut < len(_TREE) - 1, (setting_id, number)
    assert set(found) <= set(_WHOLE)


@pytest.mark.parametrize("seed", range(20))
def test_other_output_between_the_lines_is_passed_over(seed: int) -> None:
    chance = random.Random(seed)
    noise = (
        "",
        "*** Error ***",
        "0.123456 gp_port_read (3): Read 12",
        "\x07\x00 garbage",
        "> quoted",
        "END END",
    )
    lines = [
        part for line in _TREE.splitlines() for part in (line, *chance.choices(noise, k=chance.randint(0, 2)))
    ]

    assert _numbers("\n".join(lines)) == pytest.approx(_WHOLE)


def test_a_tree_that_comes_twice_is_understood_once() -> None:
    assert _numbers(_TREE + _TREE) == pytest.approx(_WHOLE)


def test_decimal_commas_and_windows_lines_change_nothing() -> None:
    local = _TREE.replace("f/2.8", "f/2,8").replace("0.0080s", "0,0080s").replace("0.0166s", "0,0166s")

    assert _numbers(local.replace("\n", "\r\n")) == pytest.approx(_WHOLE)


@pytest.mark.parametrize("seed", range(30))
def test_binary_rubbish_in_a_tree_raises_nothing(seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray(_TREE.encode())
    for _ in range(60):
        raw[chance.randrange(len(raw))] = chance.randrange(256)

    known = understand(read_dump(raw.decode("utf-8", "replace")).widgets, to_english())

    assert all(isinstance(one.label, str) for one in known.settings)


def _dump(folder: Path, content: bytes, *options: str) -> tuple[int, str, str]:
    path = folder / "camera.txt"
    path.write_bytes(content)
    done = run(folder, "settings", "--dump", str(path), *options)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le"])
def test_the_command_reads_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    code, out, _ = _dump(tmp_path, _TREE.replace("Exposure\n", "Belichtung für\n").encode(encoding), "--json")

    assert code == 0
    document = json.loads(out)
    assert document["model"] == "Testcam 1"
    assert document["settings"]["iso"]["current"]["value"] == 400


def test_the_form_of_the_document_is_the_promised_one(tmp_path: Path) -> None:
    _, out, _ = _dump(tmp_path, _TREE.encode(), "--json")

    document = json.loads(out)
    assert set(document) == {"model", "settings", "unrecognised", "other"}
    iso = document["settings"]["iso"]
    assert iso["widget"] == "/main/imgsettings/iso"
    assert iso["read_only"] is False
    assert iso["current"] == {"raw": "400", "label": "ISO 400", "value": 400.0, "special": None}
    assert iso["choices"][0] == {"raw": "Auto", "label": "Auto ISO", "value": None, "special": "auto"}
    assert document["settings"]["shutter"]["read_only"] is True
    assert document["unrecognised"] == [{"setting": "iso", "raw": "Unknown value 1234"}]
    assert "/main/other/d001" in document["other"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\xff\xfe\x01" * 500, b"no tree at all\n"])
def test_what_holds_no_tree_ends_with_one_sentence(tmp_path: Path, content: bytes) -> None:
    code, out, err = _dump(tmp_path, content, "--json")

    assert (code, out) == (2, "")
    assert "holds no settings" in err
    assert "Traceback" not in err
