from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from dng_samples import BAYERS, dng
from groundglass.cli import output
from groundglass.cli.histogram import histogram
from groundglass.imaging.decode import decode_jpeg
from jpeg_samples import jpeg, scene

SAMPLES = Path(__file__).parents[3] / "shared" / "raw-samples"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = scene()
    image[:20] = 255
    (tmp_path / "a.jpg").write_bytes(jpeg(image, quality=100, subsampling="4:4:4"))
    return tmp_path / "a.jpg"


def test_json_holds_every_count_of_a_jpeg(picture: Path) -> None:
    result = CliRunner().invoke(histogram, [str(picture), "--json"])

    (told,) = json.loads(result.stdout)["files"]
    image = decode_jpeg(picture.read_bytes())
    assert result.exit_code == 0
    assert (told["path"], told["width"], told["height"], told["source"]) == (str(picture), 320, 200, "jpeg")
    for channel, name in enumerate(("blue", "green", "red")):
        assert told["histogram"][name] == np.bincount(image[..., channel].ravel(), minlength=256).tolist()
        assert told["mean"][name] == pytest.approx(image[..., channel].mean(), abs=0.001)
        assert told["clipped"]["highlights"][name] == (image[..., channel] == 255).mean()
        assert told["clipped"]["shadows"][name] == (image[..., channel] == 0).mean()
    assert sum(told["histogram"]["luma"]) == 320 * 200
    assert told["clipped"]["highlights"]["red"] >= 0.05


def test_one_broken_file_does_not_stop_the_others(picture: Path, tmp_path: Path) -> None:
    broken = tmp_path / "cut.jpg"
    broken.write_bytes(picture.read_bytes()[:-100])

    result = CliRunner().invoke(histogram, ["--json", str(broken), str(tmp_path / "none.jpg"), str(picture)])

    told = json.loads(result.stdout)["files"]
    assert result.exit_code == 1
    assert [set(one) >= {"error", "hint"} for one in told] == [True, True, False]
    assert result.stderr.count("Error: ") == 2
    assert "cut off" in result.stderr


def test_a_pipe_gets_plain_text(picture: Path) -> None:
    result = CliRunner().invoke(histogram, [str(picture)])

    lines = result.stdout.splitlines()
    assert lines[0] == f"{picture}  320 x 200"
    assert lines[1].split() == ["Channel", "Mean", "Black", "White"]
    assert [line.split()[0] for line in lines[2:]] == ["red", "green", "blue", "luma"]
    assert result.stdout.isascii()


def test_a_terminal_gets_bars(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (output, __import__("groundglass.cli.histogram", fromlist=["x"])):
        monkeypatch.setattr(module, "is_terminal", lambda: True)

    result = CliRunner().invoke(histogram, [str(picture)])

    assert set("▁▂▃▄▅▆▇█") & set(result.stdout)


def test_no_file_is_wrong_usage() -> None:
    assert CliRunner().invoke(histogram, []).exit_code == 2


def test_a_raw_tells_what_the_sensor_saw() -> None:
    path = SAMPLES / "imagemeta_CRW.CRW"
    if not path.is_file():
        pytest.skip("the sample is not here")

    result = CliRunner().invoke(histogram, [str(path), "--json"])
    plain = CliRunner().invoke(histogram, [str(path)])

    (told,) = json.loads(result.stdout)["files"]
    channels = told["raw"]["channels"]
    assert list(channels) == ["red", "green 1", "green 2", "blue"]
    assert all(sum(one["counts"]) == one["pixels"] == 2176 * 1448 / 4 for one in channels.values())
    assert told["source"] == "raw-preview"
    assert "green 2" in plain.stdout


def test_a_raw_that_can_not_be_read_is_counted_by_its_preview_and_says_so() -> None:
    path = SAMPLES / "Canon-R6-pruned.CR3"
    if not path.is_file():
        pytest.skip("the sample is not here")

    result = CliRunner().invoke(histogram, [str(path), "--json"])

    (told,) = json.loads(result.stdout)["files"]
    assert result.exit_code == 0
    assert told["raw"] is None
    assert "cannot be read" in told["raw_error"]
    assert sum(told["histogram"]["luma"]) == 1620 * 1080


def test_a_raw_tells_its_headroom_in_figures_and_words(tmp_path: Path) -> None:
    values = np.full((200, 300), 512 + 3583 // 4)  # two stops below saturation
    values[::2, ::2] = 512 + 3583 // 1024  # red: ten
    (tmp_path / "a.dng").write_bytes(dng(values, BAYERS["RGGB"]))

    result = CliRunner().invoke(histogram, [str(tmp_path / "a.dng"), "--json"])
    plain = CliRunner().invoke(histogram, [str(tmp_path / "a.dng"), "--floor", "12"])

    (told,) = json.loads(result.stdout)["files"]
    red, green = (told["raw"]["channels"][name] for name in ("red", "green 1"))
    assert told["raw"]["headroom"]["words"] == "+2.0 EV before green clips"
    assert told["raw"]["headroom"]["ev"] == pytest.approx(2, abs=0.002)
    assert (red["below_floor"], green["below_floor"], green["saturated"]) == (1, 0, 0)
    stops = green["stops_below_saturation"]
    assert sum(stops["counts"]) + stops["saturated"] + stops["below"] == green["pixels"]
    assert [at for at, count in enumerate(stops["counts"]) if count] == [20]
    assert "Headroom: +2.0 EV before green clips." in plain.stdout
    assert "Below -12 EV" in plain.stdout


def test_the_share_that_may_clip_is_settable(tmp_path: Path) -> None:
    values = np.full((200, 300), 512 + 3583 // 8)
    values[:10] = 4095  # 5 %
    (tmp_path / "a.dng").write_bytes(dng(values, BAYERS["RGGB"]))

    told = [
        CliRunner().invoke(histogram, [str(tmp_path / "a.dng"), "--clip-share", share]).stdout
        for share in ("1", "6")
    ]

    assert "is clipped in 5.0 %" in told[0]
    assert "Headroom: +3.0 EV before" in told[1]


def test_a_black_raw_has_no_headroom_to_tell(tmp_path: Path) -> None:
    (tmp_path / "a.dng").write_bytes(dng(np.full((200, 300), 500), BAYERS["RGGB"]))

    result = CliRunner().invoke(histogram, [str(tmp_path / "a.dng"), "--json"])

    (told,) = json.loads(result.stdout)["files"]
    assert told["raw"]["headroom"]["ev"] is None
    assert told["raw"]["headroom"]["words"] == "No light on the sensor"


def test_the_profile_of_a_picture_is_told(picture: Path) -> None:
    result = CliRunner().invoke(histogram, [str(picture), "--json"])

    assert json.loads(result.stdout)["files"][0]["profile"] == {"name": "sRGB", "assumed": True}
