"""Where a camera's pictures go: to its card, to the computer, or to both."""

from __future__ import annotations

from groundglass.camera.dialects.habits import BUFFER
from groundglass.camera.dialects.labels import CARD_AND_COMPUTER
from groundglass.model.camera import RemoteFile
from groundglass.model.setting import Choice, Setting

_BOTH_TARGETS = "card+sdram"


def card_choice(setting: Setting) -> Choice | None:
    """Return the capture target that keeps a copy on the card and lets the computer have one."""
    both = [one for one in setting.choices if one.label == CARD_AND_COMPUTER]
    return next((one for one in (*both, *setting.choices) if "card" in one.label.lower()), None)


def is_out_of_reach(target: Setting | None) -> bool:
    """Tell whether pictures go where the computer cannot get them: to a Sony's card alone."""
    if target is None or target.current is None:
        return False
    has_both = any(one.raw.lower() == _BOTH_TARGETS for one in target.choices)
    return has_both and target.current.raw.lower() == "card"


def is_card_unseen(file: RemoteFile, target: Setting | None) -> bool:
    """Tell whether the body may have put a copy of a file on a card that it does not show.

    A Sony that is to use both does; a Fujifilm does as its own menu says.
    """
    if file.folder == BUFFER:
        return True
    return file.is_in_ram and passes_memory(target) and not is_in_memory_only(target)


def passes_memory(target: Setting | None) -> bool:
    """Tell whether the computer gets pictures out of the body's memory, wherever else they go."""
    return target is not None and target.current is not None and "computer" in target.current.label.lower()


def is_in_memory_only(target: Setting | None) -> bool:
    """Tell whether a picture is gone when the body loses power before the computer has it."""
    return passes_memory(target) and target is not None and "card" not in target.label.lower()
