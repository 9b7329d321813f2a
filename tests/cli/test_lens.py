"""A lens without electronics, from the command line to the sidecar; exiftool as a witness where it is."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from groundglass.cli.shooting import shoot
from groundglass.errors import SessionError
from groundglass.session import sidecar
from groundglass.session.sidecar import Sidecar, sidecar_path
from program import command, home, run, run_json
from virtual_camera import VirtualCamera

HELIOS = "Helios 44-2 58 mm f/2"
IN_SIDECAR = Sidecar(lens="Helios 44-2", focal_mm=58.0, aperture=2.0)
_PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


def test_the_lens_arrives_beside_every_shot_and_the_session_stays_clean(
    tmp_path: Path, camera: VirtualCamera
) -> None:
    session = tmp_path / "S"

    document = run_json(
        tmp_path, "shoot", "--camera", camera.address, "--session", str(session), "-n", "2",
        "--set", "image_format=raw+jpeg", "--lens", HELIOS,
    )  # fmt: skip

    for shot in document["shots"]:
        (beside,) = {sidecar_path(Path(file["path"])) for file in shot["files"]}
        assert sidecar.read(beside) == IN_SIDECAR
    report = run_json(tmp_path, "session", "check", str(session))
    assert report["clean"] is True
    assert report["unknown"] == []


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_finds_the_lens(tmp_path: Path, camera: VirtualCamera) -> None:
    document = run_json(
        tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "S"), "--lens", HELIOS
    )

    beside = sidecar_path(Path(document["shots"][0]["files"][0]["path"]))
    told = subprocess.run(
        ["exiftool", "-j", "-n", "-G1", "-XMP:all", str(beside)], capture_output=True, check=True
    )
    xmp = json.loads(told.stdout)[0]
    assert xmp["XMP-aux:Lens"] == xmp["XMP-exifEX:LensModel"] == "Helios 44-2"
    assert (xmp["XMP-exif:FocalLength"], xmp["XMP-exif:FNumber"]) == (58, 2)


def test_watch_writes_the_lens_of_what_is_shot_on_the_body(tmp_path: Path, camera: VirtualCamera) -> None:
    run(tmp_path, "set", "image_format=jpeg", "--camera", camera.address)
    watch = subprocess.Popen(
        command("watch", "--json", "--camera", camera.address, "--session", str(tmp_path / "S"),
                "--count", "1", "--lens", HELIOS),
        env=home(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watch.stderr is not None
    watch.stderr.readline()

    camera.do("shutter")
    out, _ = watch.communicate(timeout=_PATIENCE_S)

    picture = Path(json.loads(out)["shots"][0]["files"][0]["path"])
    assert sidecar.read(sidecar_path(picture)) == IN_SIDECAR


def test_without_a_lens_no_sidecar_is_written(tmp_path: Path, camera: VirtualCamera) -> None:
    run_json(tmp_path, "shoot", "--camera", camera.address, "--session", str(tmp_path / "S"))

    assert list((tmp_path / "S").glob("*.xmp")) == []


def test_a_lens_that_makes_no_sense_is_refused_before_anything_is_shot(
    tmp_path: Path, camera: VirtualCamera
) -> None:
    session = tmp_path / "S"

    done = run(
        tmp_path, "shoot", "--camera", camera.address, "--session", str(session), "--lens", "the old one"
    )

    assert done.returncode == 2
    assert "Helios 44-2 58 mm f/2" in done.stderr
    assert not session.exists()


def test_a_sidecar_that_can_not_be_written_is_told_and_the_shot_stands(
    tmp_path: Path, camera: VirtualCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, _change: object) -> None:
        raise SessionError(f"The disk refused {path.name}.", "Check it.")

    monkeypatch.setattr(sidecar, "amend", refuse)

    done = CliRunner(env=home(tmp_path)).invoke(
        shoot, ["--camera", camera.address, "--session", str(tmp_path / "S"), "--lens", HELIOS, "--json"]
    )

    assert done.exit_code == 0
    assert len(json.loads(done.stdout)["shots"]) == 1
    assert done.stderr == "Error: The disk refused S_0001.xmp. Check it.\n"
