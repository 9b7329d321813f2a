"""What could stop a shoot: the libraries, the cameras on the bus, who holds them, their links, the disk.

Longer than most modules, as each look stands beside the judgement on what it found.
"""

from __future__ import annotations

import importlib.metadata
import logging
import os
import platform
import shutil
import tempfile
import time
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from groundglass import __version__
from groundglass.camera import hub
from groundglass.camera.bus import Computer, Holder
from groundglass.errors import CameraError, CameraHeldError
from groundglass.imaging.versions import library_versions
from groundglass.model.camera import CameraInfo
from groundglass.session.disk import Disk
from groundglass.studio.link import USB1_MBIT, USB3_MBIT
from groundglass.studio.virtual_camera import PREFIX, VirtualCameraProcess

_log = logging.getLogger(__name__)

_WINDOW_PACKAGE = "PySide6-Essentials"
_PROBE_BYTES = 8_000_000
_STOP_FREE_BYTES = 1_000_000_000  # a few frames
_NOTE_FREE_BYTES = 20_000_000_000  # a morning's RAW files
_NOTE_SPEED = 30_000_000  # bytes a second: a RAW file takes longer to store than to shoot


class Verdict(StrEnum):
    """What a finding means for the shoot."""

    GOOD = "good"
    NOTE = "note"  # worth knowing
    STOP = "stop"  # nothing goes until it is mended


class Finding(Struct, frozen=True):
    """One thing that was looked at."""

    item: str
    verdict: Verdict
    told: str
    hint: str = ""
    command: str = ""  # does what the hint says


class CameraCheck(Struct, frozen=True):
    """One camera and its cable."""

    info: CameraInfo
    error: CameraError | None  # why it could not be opened
    may_use: bool | None  # None: not known here
    speed_mbit: float | None
    holders: tuple[Holder, ...] = ()


class DiskCheck(Struct, frozen=True):
    """The disk that the session lies on."""

    folder: Path  # the session's, or the nearest above it that is there
    free_bytes: int | None = None
    bytes_per_second: float | None = None  # None: it cannot be written
    error: str = ""


class Report(Struct, frozen=True):
    """All that was found."""

    versions: dict[str, str]
    cameras: tuple[CameraCheck, ...]
    disk: DiskCheck
    findings: tuple[Finding, ...]

    @property
    def is_fit(self) -> bool:
        """Tell whether a shoot can begin."""
        return all(one.verdict is not Verdict.STOP for one in self.findings)


def examine(driver_settings: Path, session: Path, computer: Computer, wanted: str | None = None) -> Report:
    """Look at everything; blocks for some seconds. Changes nothing that lasts.

    session: the folder to shoot into; it need not be there yet.  wanted: one camera instead of all on the
    bus, by address, serial number or part of its model; `virtual:` starts a private one.
    """
    versions, driver = _versions(driver_settings)
    cameras, bus = _cameras(driver_settings, computer, wanted)
    disk = check_disk(session)
    findings = (
        *driver,
        *judge_libraries(versions),
        *bus,
        *(finding for camera in cameras for finding in judge_camera(camera)),
        *judge_disk(disk),
    )
    return Report(versions, cameras, disk, findings)


def examine_computer(driver_settings: Path, session: Path) -> Report:
    """Look at all but the cameras, which a running program has open itself; blocks for a second."""
    versions, driver = _versions(driver_settings)
    disk = check_disk(session)
    return Report(versions, (), disk, (*driver, *judge_libraries(versions), *judge_disk(disk)))


# ---- the libraries


def _versions(driver_settings: Path) -> tuple[dict[str, str], tuple[Finding, ...]]:
    versions = {
        "Groundglass": __version__,
        "Python": platform.python_version(),
        "System": f"{platform.system()} {platform.release()}",
        **library_versions(),
    }
    try:
        versions["PySide6"] = importlib.metadata.version(_WINDOW_PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        _log.info("%s is not installed", _WINDOW_PACKAGE)
    try:
        versions |= hub.driver_versions(driver_settings)
    except CameraError as err:
        told = f"libgphoto2 does not start. {err.message}"
        return versions, (Finding("Camera driver", Verdict.STOP, told, "Install Groundglass again."),)
    told = _named(versions, "libgphoto2", "python-gphoto2")
    return versions, (Finding("Camera driver", Verdict.GOOD, told),)


def judge_libraries(versions: dict[str, str]) -> tuple[Finding, ...]:
    """Judge what runs the program and decodes the pictures."""
    window = Finding("Window", Verdict.NOTE, "PySide6 is missing.", "Only the command line works without it.")
    if "PySide6" in versions:
        window = Finding("Window", Verdict.GOOD, _named(versions, "PySide6"))
    return (
        Finding("Program", Verdict.GOOD, _named(versions, "Groundglass", "Python", "System")),
        Finding("Pictures", Verdict.GOOD, _named(versions, "LibRaw", "OpenCV")),
        window,
    )


def _named(versions: dict[str, str], *names: str) -> str:
    words = (versions[name] if name == "System" else f"{name} {versions[name]}" for name in names)
    return ", ".join(words)


# ---- the cameras


def _cameras(
    driver_settings: Path, computer: Computer, wanted: str | None
) -> tuple[tuple[CameraCheck, ...], tuple[Finding, ...]]:
    try:
        if wanted is None:
            found = hub.examine_cameras(driver_settings)
        elif wanted.startswith(PREFIX):
            found = (_identify_virtual(driver_settings, wanted),)
        elif hub.is_address(wanted):
            found = (hub.identify(driver_settings, CameraInfo(hub.full_address(wanted), "Camera")),)
        else:
            found = hub.examine_named(driver_settings, wanted)
    except CameraError as err:
        return (), (Finding("Cameras", Verdict.STOP, err.message, err.hint),)
    if not found:
        told = "No camera is on the USB bus."
        hint = (
            "Plug it in, switch it on, and set its USB mode to PTP or PC Remote. "
            "One on the network is looked at with --camera ptpip:IP."
        )
        return (), (Finding("Cameras", Verdict.STOP, told, hint),)
    return tuple(_check_camera(computer, info, error) for info, error in found), ()


def _identify_virtual(driver_settings: Path, wanted: str) -> tuple[CameraInfo, CameraError | None]:
    virtual = VirtualCameraProcess(wanted)
    try:
        return hub.identify(driver_settings, CameraInfo(virtual.address, "Camera"))
    finally:
        virtual.stop()


def _check_camera(computer: Computer, info: CameraInfo, error: CameraError | None) -> CameraCheck:
    return CameraCheck(
        info,
        error,
        computer.may_use(info.address),
        computer.speed_mbit(info.address),
        computer.holders(info.address) if isinstance(error, CameraHeldError) else (),
    )


def judge_camera(camera: CameraCheck) -> tuple[Finding, ...]:
    """Judge one camera: may it be used, is it free, how fast is its link."""
    findings = [_judge_access(camera)]
    if camera.speed_mbit is not None:
        findings.append(_judge_speed(camera.speed_mbit))
    return tuple(findings)


def _judge_access(camera: CameraCheck) -> Finding:
    info, error = camera.info, camera.error
    item = f"{info.model}, {info.address}"
    if error is None:
        serial = f", serial number {info.serial}" if info.serial else ""
        return Finding(item, Verdict.GOOD, f"It answers{serial}.")
    if camera.may_use is False:
        return Finding(
            item,
            Verdict.STOP,
            "You may not use its device file.",
            "Install libgphoto2's udev rules (Debian and Ubuntu: the package libgphoto2-6), "
            "then plug the camera in again.",
        )
    if not isinstance(error, CameraHeldError):
        return Finding(item, Verdict.STOP, error.message, error.hint)
    holder = camera.holders[0] if camera.holders else None
    if holder is None:
        return Finding(item, Verdict.STOP, error.message, error.hint)
    certainty = "Held" if holder.is_certain else "Most likely held"
    command = " ".join(holder.freeing)
    hint = f"`{command}` frees it." if command else f"Quit it, process {holder.pid}."
    return Finding(item, Verdict.STOP, f"{certainty} by {holder.words}.", hint, command)


def _judge_speed(speed_mbit: float) -> Finding:
    if speed_mbit >= USB3_MBIT:
        return Finding("Link", Verdict.GOOD, f"USB 3, {speed_mbit:g} Mbit/s.")
    if speed_mbit <= USB1_MBIT:
        hint = "Use another cable, another port, no hub."
        return Finding("Link", Verdict.STOP, f"USB 1, {speed_mbit:g} Mbit/s: a picture takes minutes.", hint)
    hint = "If the camera has USB 3, use its own cable and a blue port, without a hub."
    return Finding(
        "Link", Verdict.NOTE, f"USB 2, {speed_mbit:g} Mbit/s: 50 MB of RAW take about 1.5 s.", hint
    )


# ---- the disk


def check_disk(session: Path) -> DiskCheck:
    """Measure the disk of a session folder with a file that is synced and removed again."""
    folder = nearest_folder(session)
    block = os.urandom(_PROBE_BYTES)  # a disk that compresses gains nothing
    try:
        free = shutil.disk_usage(folder).free
        with tempfile.TemporaryFile(dir=folder, prefix=".groundglass-") as probe:
            started = time.monotonic()
            probe.write(block)
            probe.flush()
            os.fsync(probe.fileno())
            took_s = time.monotonic() - started
    except OSError as err:
        return DiskCheck(folder, error=err.strerror or str(err))
    return DiskCheck(folder, free, len(block) / max(took_s, 1e-6))


def nearest_folder(path: Path) -> Path:
    """Return this folder, or the nearest above it that is there."""
    folder = path.absolute()
    while not Disk().is_folder(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def judge_disk(disk: DiskCheck) -> tuple[Finding, ...]:
    """Judge room and speed."""
    if disk.free_bytes is None or disk.bytes_per_second is None:
        told = f"{disk.folder} cannot be written: {disk.error}."
        return (Finding("Disk", Verdict.STOP, told, "Choose another session folder with --session."),)
    verdict, hint = Verdict.GOOD, ""
    if disk.free_bytes < _STOP_FREE_BYTES:
        verdict, hint = Verdict.STOP, "Make room, or choose another disk with --session."
    elif disk.free_bytes < _NOTE_FREE_BYTES:
        verdict, hint = Verdict.NOTE, "A long shoot may fill it."
    room = Finding("Disk", verdict, f"{disk.free_bytes / 1e9:.1f} GB free at {disk.folder}.", hint)
    verdict, hint = Verdict.GOOD, ""
    if disk.bytes_per_second < _NOTE_SPEED:
        verdict, hint = Verdict.NOTE, "Pictures wait for it. A disk inside the computer is faster."
    speed = Finding(
        "Disk speed", verdict, f"{disk.bytes_per_second / 1e6:.0f} MB/s written and synced.", hint
    )
    return room, speed
