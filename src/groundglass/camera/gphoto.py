"""The only module that speaks to libgphoto2. Every call blocks; use it in a camera's own process.

The process must run without Qt and under LC_ALL=C: libgphoto2 answers in the language of the
locale, and stores wrong values when it reads numbers in it. Longer than other modules: every call of
libgphoto2, every type and every error code of it is here, and nothing that can be said without them.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence

import gphoto2 as gp
from gphoto2 import _widget

from groundglass.camera.dialects import habits, release
from groundglass.camera.dialects.focus import AUTOFOCUS
from groundglass.camera.driver import text_of
from groundglass.camera.focusing import NEARER, at_the_end
from groundglass.camera.shutter_button import focus_missed
from groundglass.camera.widget import CameraEvent, Widget, WidgetKind
from groundglass.errors import (
    CameraBusyError,
    CameraError,
    CameraHeldError,
    CameraLostError,
    CaptureError,
    CardFileGoneError,
    CardFullError,
    NoCameraError,
    UnsupportedError,
)
from groundglass.model.camera import CameraInfo, RemoteFile

_log = logging.getLogger(__name__)

# For tests alone: the folder of port libraries to use instead of the wheel's. `import gphoto2` overwrites
# IOLIBS, and libgphoto2 looks at it when it first lists its ports.
if "GROUNDGLASS_IOLIBS" in os.environ:
    os.environ["IOLIBS"] = os.environ["GROUNDGLASS_IOLIBS"]

BLOCK_BYTES = 1 << 20
_FOLDER_DEPTH = 5  # /store_00010001/DCIM/100NIKON, and some makers' own

# get_value() of python-gphoto2 ends the process when a text has no current value (python-gphoto2#203),
# so texts are read through the C function that it wraps.
_gp_widget_get_value = ctypes.CDLL(_widget.__file__).gp_widget_get_value
_gp_widget_get_value.argtypes = (ctypes.c_void_p, ctypes.POINTER(ctypes.c_char_p))
_gp_widget_get_value.restype = ctypes.c_int

_KINDS = {
    gp.GP_WIDGET_TEXT: WidgetKind.TEXT,
    gp.GP_WIDGET_RANGE: WidgetKind.RANGE,
    gp.GP_WIDGET_TOGGLE: WidgetKind.TOGGLE,
    gp.GP_WIDGET_RADIO: WidgetKind.RADIO,
    gp.GP_WIDGET_MENU: WidgetKind.MENU,
    gp.GP_WIDGET_BUTTON: WidgetKind.BUTTON,
    gp.GP_WIDGET_DATE: WidgetKind.DATE,
}
_WITH_CHOICES = (WidgetKind.RADIO, WidgetKind.MENU)
_LOST = (
    gp.GP_ERROR_IO_USB_FIND,
    gp.GP_ERROR_IO,
    gp.GP_ERROR_TIMEOUT,
    gp.GP_ERROR_IO_READ,
    gp.GP_ERROR_IO_WRITE,
)
_ABSENT = (gp.GP_ERROR_MODEL_NOT_FOUND, gp.GP_ERROR_IO_USB_FIND, gp.GP_ERROR_UNKNOWN_PORT)
_BUSY = (gp.GP_ERROR_CAMERA_BUSY, gp.GP_ERROR_IO_LOCK)


def camera_error(action: str, code: int, texts: tuple[str, ...] = ()) -> CameraError:
    """Return our error for a libgphoto2 code; the true reason is often only in the context's texts."""
    lowered = " ".join(texts).lower()
    reason = f" ({texts[0].rstrip('.')})" if texts else ""
    if code == gp.GP_ERROR_IO_USB_CLAIM:
        return CameraHeldError(
            "Another program holds the camera.",
            "Quit Photos and Image Capture, then run killall ptpcamerad."
            if sys.platform == "darwin"
            else "Close it, or free the camera with gio mount -s gphoto2.",
        )
    if "store full" in lowered or "0x200c" in lowered or code == gp.GP_ERROR_NO_SPACE:
        return CardFullError(
            "The memory card is full.", "Put in another card, or capture to the computer only."
        )
    if "at limit" in lowered:
        return at_the_end(is_near=action == NEARER)
    if "only in liveview" in lowered:
        return UnsupportedError(
            "The focus moves only while the live view runs.", "Start the live view first."
        )
    is_focusing = action in ("release", "focus", "expose in bulb")
    if "0xa002" in lowered or "out of focus" in lowered or ("focus" in lowered and is_focusing):
        return focus_missed(action)
    if code in (*_ABSENT, *_LOST) and action == "connect":
        return NoCameraError(
            "No camera answers there.", "Check the cable and that the camera is switched on."
        )
    if code == gp.GP_ERROR and action == "connect" and not texts:
        return CameraHeldError(
            "The camera refuses the connection.",
            "Another program may be connected to it; close that, or switch the camera off and on.",
        )
    if code in (gp.GP_ERROR_FILE_NOT_FOUND, gp.GP_ERROR_DIRECTORY_NOT_FOUND):
        return CardFileGoneError(
            f"The camera has no such file any more: it was asked to {action}.", "Look at the card."
        )
    if code == gp.GP_ERROR_NO_MEMORY:
        return CameraLostError(
            f"There was no memory left to {action}.", "Close other programs; the camera is connected again."
        )
    if code in _LOST:
        doing = "" if action == "report" else f" while it was asked to {action}"
        return CameraLostError(f"The camera stopped answering{doing}.", "Check the cable and the battery.")
    if code in _BUSY or "busy" in lowered or "0x2019" in lowered:
        return CameraBusyError(f"The camera was too busy to {action}.", "Try again in a moment.")
    if code == gp.GP_ERROR_NOT_SUPPORTED:
        return UnsupportedError(
            f"This camera cannot {action}{reason}.", "Look for it in the camera's own menu."
        )
    if action == "release" and not texts:
        return CaptureError("The camera did not release and gives no reason.", "Look at its display.")
    return CameraError(
        f"The camera refused to {action}{reason}.", "Check the camera's display, then try again."
    )


def driver_versions() -> tuple[tuple[str, str], ...]:
    """Return the names and versions of what drives the camera."""
    return (
        ("libgphoto2", gp.gp_library_version(gp.GP_VERSION_SHORT)[0]),
        ("python-gphoto2", gp.__version__),
    )


def find_cameras() -> tuple[CameraInfo, ...]:
    """List the cameras on the bus without opening them: model and address, no serial number."""
    with _errors("look for cameras", ()):
        found = gp.Camera.autodetect()
        pairs = [(found.get_name(i), found.get_value(i)) for i in range(found.count())]
    return tuple(CameraInfo(address=address, model=model) for model, address in pairs)


@contextlib.contextmanager
def _errors(action: str, texts: Sequence[str]) -> Iterator[None]:
    try:
        yield
    except gp.GPhoto2Error as err:
        raise camera_error(action, err.code, tuple(texts)) from err


class GphotoCamera:
    """One opened body. Single-user: only one thread may ever call it."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._context = gp.Context()
        # The callbacks live as long as these references.
        self._callback = self._context.set_error_func(self._on_error, None)
        self._camera: gp.Camera | None = None
        self._needs_priority = False
        self._shows_live_view = False

    def _on_error(self, _context: object, text: bytes | str, _data: object) -> None:
        self._texts.append(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)

    @contextlib.contextmanager
    def _calling(self, action: str) -> Iterator[gp.Camera]:
        if self._camera is None:
            raise CameraLostError("The camera is not open.", "Connect it first.")
        self._texts.clear()
        with _errors(action, self._texts):
            yield self._camera

    @property
    def is_open(self) -> bool:
        return self._camera is not None

    def open(self, address: str) -> CameraInfo:
        """Claim the camera at `usb:001,004` or `ptpip:IP:CMDPORT:EVENTPORT`; raise CameraError."""
        self._texts.clear()
        with _errors("connect", self._texts):
            ports = gp.PortInfoList()
            ports.load()
            # The list stays referenced until the camera has copied the entry: it dangles otherwise.
            port = ports[ports.lookup_path(address)]
            abilities = gp.CameraAbilitiesList()
            abilities.load()
            camera = gp.Camera()
            camera.set_port_info(port)
            if address.startswith("ptpip:"):
                camera.set_abilities(abilities[abilities.lookup_model("PTP/IP Camera")])
            else:
                detected = abilities.detect(ports)
                models = {detected.get_value(i): detected.get_name(i) for i in range(detected.count())}
                if address not in models:
                    raise NoCameraError(
                        f"No camera is at {address} any more.", "Check the cable and that it is switched on."
                    )
                camera.set_abilities(abilities[abilities.lookup_model(models[address])])
            camera.init(self._context)
        self._camera = camera
        return CameraInfo(
            address=address,
            model=text_of(self, "cameramodel"),
            serial=habits.serial_of(text_of(self, "serialnumber")),
            maker=text_of(self, "manufacturer"),
            firmware=text_of(self, "deviceversion"),
        )

    def close(self) -> None:
        """Let the camera go. Never call it on a body that stopped answering: end the process instead."""
        camera, self._camera = self._camera, None
        if camera is None:
            return
        with contextlib.suppress(gp.GPhoto2Error):
            camera.exit(self._context)
        _reopen_stdin()

    def widget_names(self) -> frozenset[str]:
        """Return the names of all settings, without reading their values."""
        with self._calling("list its settings") as camera:
            found = camera.list_config(self._context)
            names = frozenset(found.get_name(i) for i in range(found.count()))
        name, choice = habits.PRIORITY
        self._needs_priority = name in names and choice in self.read_widget(name).choices
        return names

    def read_widget(self, name: str) -> Widget:
        """Read one setting, as the camera has it now."""
        with self._calling(f"read {name}") as camera:
            return _widget_of(camera.get_single_config(name, self._context))

    def write_widget(self, name: str, value: str, action: str = "") -> None:
        """Set a setting to a text of its own list, or to a number if it is stepless; action as for press."""
        self.take_control(ends_live_view=name not in habits.LEAVES_LIVE_VIEW)
        self.press(name, value, action or ("focus" if name == AUTOFOCUS else f"set {name}"))

    def take_control(self, *, ends_live_view: bool = True) -> None:
        """Make a body obey that else goes by its own dials: see habits.PRIORITY."""
        if not self._needs_priority:
            return
        if ends_live_view and self._shows_live_view:
            self.press(habits.LIVE_SWITCH, "0", "end its live view")
            self._shows_live_view = False
        self.press(*habits.PRIORITY, "obey the computer")

    def press(self, name: str, value: str, action: str) -> None:
        """Set a widget as it is, without taking control first; the action is for the words of a refusal."""
        with self._calling(action) as camera:
            widget = camera.get_single_config(name, self._context)
            kind = _KINDS.get(widget.get_type(), WidgetKind.TEXT)
            if kind is WidgetKind.RANGE:
                widget.set_value(float(value))
            elif kind in (WidgetKind.TOGGLE, WidgetKind.DATE):
                widget.set_value(int(value))
            else:
                widget.set_value(value)
            camera.set_single_config(name, widget, self._context)

    def trigger(self) -> None:
        """Fire the shutter. Blocks until the exposure ends on some brands; files come as events.

        Never Camera.capture(): it returns one file and throws events away.
        """
        with self._calling("release") as camera:
            camera.trigger_capture(self._context)

    def next_event(self) -> CameraEvent | None:
        """Return the next thing that the camera reports, or None when there is nothing; never waits."""
        with self._calling("report") as camera:
            kind, content = camera.wait_for_event(0, self._context)
        if kind == gp.GP_EVENT_TIMEOUT:
            return None
        if kind == gp.GP_EVENT_FILE_ADDED:
            return CameraEvent(file=RemoteFile(content.folder, content.name))
        if kind == gp.GP_EVENT_CAPTURE_COMPLETE:
            return CameraEvent(is_complete=True)
        text = content if isinstance(content, str) else ""
        if text == release.BODY_BUSY:
            return CameraEvent(is_begun=True)
        return CameraEvent(text=text, is_complete=text.startswith(release.CAPTURED))

    def preview(self) -> bytes:
        """Return the next live frame as a JPEG; blocks until the camera has one."""
        with self._calling("show a live picture") as camera:
            frame = camera.capture_preview(None, self._context)
            # A copy: the view dies with the file object.
            jpeg = bytes(frame.get_data_and_size())
        self._shows_live_view = True
        if not jpeg:
            raise CameraBusyError("The camera shows no live picture now.", "Try again in a moment.")
        return jpeg

    def describe(self, file: RemoteFile) -> RemoteFile:
        """Return a file with its size and time; 0 for what the camera does not tell before the transfer."""
        if file.is_in_ram:
            return file
        with self._calling(f"describe {file.name}") as camera:
            return _described(file, camera.file_get_info(file.folder, file.name, self._context).file)

    def read_file(self, file: RemoteFile, size_bytes: int, write: Callable[[memoryview], None]) -> None:
        """Pass a file's bytes in order to `write`, in blocks where the camera can; raise CameraError."""
        if file.is_in_ram or size_bytes == 0 or file.folder == habits.BUFFER:
            self._read_whole(file, write)
            return
        block = bytearray(BLOCK_BYTES)
        done = 0
        while done < size_bytes:
            try:
                count = self._read_block(file, done, block)
            except UnsupportedError:
                if done:
                    raise
                self._read_whole(file, write)  # a body without partial transfers
                return
            if count <= 0:
                raise CameraLostError(
                    f"The camera sent only {done} of {size_bytes} bytes of {file.name}.",
                    "It is still on the card.",
                )
            write(memoryview(block)[: min(count, size_bytes - done)])
            done += count

    def _read_block(self, file: RemoteFile, start: int, block: bytearray) -> int:
        with self._calling(f"transfer {file.name}") as camera:
            count: int = camera.file_read(
                file.folder, file.name, gp.GP_FILE_TYPE_NORMAL, start, block, self._context
            )
        return count

    def read_head(self, file: RemoteFile, size_bytes: int) -> bytes:
        """Return a file's first bytes as the camera has them now; nothing of it comes out of a memory."""
        head = bytearray(size_bytes)
        try:
            return bytes(head[: self._read_block(file, 0, head)])
        except UnsupportedError:  # a body without partial transfers
            whole = bytearray()
            self._read_whole(file, whole.extend)
            return bytes(whole[:size_bytes])

    def card_rooms(self) -> tuple[int | None, ...]:
        """Return for how many more frames each card has room, None where it is not told; empty: no card."""
        with self._calling("tell the room on its card") as camera:
            return tuple(_frames_left(one) for one in camera.get_storageinfo(self._context))

    def list_card(self) -> tuple[RemoteFile, ...]:
        """List the files on all cards, with size and time. Asks for each file: some ms apiece on a cable."""
        with self._calling("list the card") as camera:
            return tuple(self._files_below(camera, "/", _FOLDER_DEPTH))

    def _files_below(self, camera: gp.Camera, folder: str, depth: int) -> Iterator[RemoteFile]:
        files = camera.folder_list_files(folder, self._context)
        # At the root libgphoto2 shows what was in the body's memory and cannot be described.
        names = [files.get_name(i) for i in range(files.count())] if folder != "/" else []
        for name in names:
            info = camera.file_get_info(folder, name, self._context).file
            yield _described(RemoteFile(folder, name), info)
        folders = camera.folder_list_folders(folder, self._context)
        for name in (folders.get_name(i) for i in range(folders.count()) if depth):
            yield from self._files_below(camera, f"{folder.rstrip('/')}/{name}", depth - 1)

    def _read_whole(self, file: RemoteFile, write: Callable[[memoryview], None]) -> None:
        """Read a file in one: libgphoto2 has it already, or the body does not send parts."""
        with self._calling(f"transfer {file.name}") as camera:
            whole = camera.file_get(file.folder, file.name, gp.GP_FILE_TYPE_NORMAL, None, self._context)
            view = whole.get_data_and_size()
            for start in range(0, len(view), BLOCK_BYTES):
                write(view[start : start + BLOCK_BYTES])
            view.release()

    def waiting(self) -> tuple[RemoteFile, ...]:
        """Return what lies in the body's buffer, oldest first."""
        if not self._needs_priority:
            return ()
        with self._calling("list its buffer") as camera:
            found = camera.folder_list_files(habits.BUFFER, self._context)
            return tuple(RemoteFile(habits.BUFFER, found.get_name(i)) for i in range(found.count()))

    def forget(self, file: RemoteFile) -> None:
        """Make room in the body's buffer once a file is safe; on a card it stays."""
        if not self._needs_priority or file.folder != habits.BUFFER:
            return
        try:
            self.delete(file)
        except CameraLostError:
            raise
        except CameraError as err:
            _log.warning("%s stays in the camera's buffer: %s", file.name, err)

    def delete(self, file: RemoteFile) -> None:
        """Delete a file on the camera."""
        with self._calling(f"delete {file.name}") as camera:
            camera.file_delete(file.folder, file.name, self._context)


def _frames_left(card: gp.CameraStorageInformation) -> int | None:
    if card.fields & gp.GP_STORAGEINFO_FREESPACEIMAGES:
        return int(card.freeimages)
    is_full = card.fields & gp.GP_STORAGEINFO_FREESPACEKBYTES and card.freekbytes == 0
    return 0 if is_full else None


def _described(file: RemoteFile, info: gp.CameraFileInfoFile) -> RemoteFile:
    return RemoteFile(
        file.folder,
        file.name,
        int(info.size) if info.fields & gp.GP_FILE_INFO_SIZE else file.size_bytes,
        # A date of nothing but zeros comes out as one before the year 1.
        max(0.0, float(info.mtime)) if info.fields & gp.GP_FILE_INFO_MTIME else file.modified_s,
    )


def _text_value(widget: int) -> str | None:
    """Return the text of the widget at this address; None if it has no current value."""
    text = ctypes.c_char_p()
    _gp_widget_get_value(widget, ctypes.byref(text))
    return None if text.value is None else text.value.decode("utf-8", "replace")


def _widget_of(node: object) -> Widget:
    """Copy a libgphoto2 widget: one child keeps the whole tree alive."""
    assert isinstance(node, gp.CameraWidget)
    kind = _KINDS.get(node.get_type(), WidgetKind.SECTION)
    value: str | None
    if kind is WidgetKind.RANGE:
        value = f"{node.get_value():g}"
    elif kind in (WidgetKind.TOGGLE, WidgetKind.DATE):
        value = str(node.get_value())
    elif kind in (WidgetKind.SECTION, WidgetKind.BUTTON):
        value = None
    else:
        value = _text_value(int(node.this))
    choices = tuple(node.get_choices()) if kind in _WITH_CHOICES else ()
    return Widget(
        name=node.get_name(),
        kind=kind,
        value=value,
        choices=tuple(choice for choice in choices if choice is not None),
        range=tuple(node.get_range()) if kind is WidgetKind.RANGE else None,
        read_only=bool(node.get_readonly()),
        label=node.get_label(),
    )


def _reopen_stdin() -> None:
    """Give file descriptor 0 back: over PTP/IP every exit() closes it (libgphoto2 PR #1287)."""
    try:
        os.fstat(0)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)
        if null != 0:
            os.dup2(null, 0)
            os.close(null)
