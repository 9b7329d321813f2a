"""Which key does what in this window: the table's own keys, and what the photographer has changed of them."""

from __future__ import annotations

import logging
from collections import Counter

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import ACTIONS, Action, ActionId, action, key_label
from groundglass.studio.preferences import Pairs

_log = logging.getLogger(__name__)

# With these every control is worked; as shortcuts they would work none.
RESERVED = ("Return", "Enter", "Up", "Down", "Shift+Up", "Shift+Down")
_WORDS, _ACTION, _MORE = "keyWords", "keyAction", "keyMore"
_NAMES = frozenset(one.value for one in ActionId)
_OWN = {one.id: one.key for one in ACTIONS}


class Keys(QObject):
    """The keys of one window. User-interface thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys = dict(_OWN)
        self._foreign: dict[str, str] = {}

    @property
    def changes(self) -> dict[str, str]:
        """Return what differs from the table, as the preferences keep it; an empty key is none."""
        mine = {one.value: key for one, key in self._keys.items() if key != _OWN[one]}
        return {**self._foreign, **mine}

    @property
    def foreign(self) -> dict[str, str]:
        """Return the changes that only another version understands; they stay as they are."""
        return dict(self._foreign)

    def key(self, action_id: ActionId) -> str:
        """Return a key as Qt spells it; empty if there is none."""
        return self._keys[action_id]

    def label(self, action_id: ActionId) -> str:
        """Return a key as it is shown; a dash if there is none."""
        return key_label(self._keys[action_id]) or "\N{EN DASH}"

    def with_key(self, words: str, action_id: ActionId) -> str:
        """Return a tooltip's words with the shortcut named, if there is one."""
        key = key_label(self._keys[action_id])
        return f"{words}  ({key})" if key else words

    def holder(self, key: str) -> Action | None:
        """Return the action that has a key now."""
        wanted = canonical(key)
        return next((action(one) for one, held in self._keys.items() if held == wanted), None)

    def use(self, changes: Pairs) -> None:
        """Take the table's keys with these changes; what makes no sense is logged and passed over."""
        keys = dict(_OWN)
        self._foreign = {name: key for name, key in changes if name not in _NAMES}
        for name, key in changes:
            if name in self._foreign:
                _log.warning("The key of “%s” was passed over: this version knows no such action", name)
            elif key and not canonical(key):
                _log.warning("The key “%s” of “%s” was passed over: it is none", key, name)
            elif canonical(key) in RESERVED:
                _log.warning("The key “%s” of “%s” was passed over: it works the controls", key, name)
            else:
                keys[ActionId(name)] = canonical(key)
        while twice := [key for key, times in Counter(filter(None, keys.values())).items() if times > 1]:
            for one in [one for one, key in keys.items() if key == twice[0] and key != _OWN[one]]:
                _log.warning("The key “%s” of “%s” was passed over: it does something else", keys[one], one)
                keys[one] = _OWN[one]
        if keys != self._keys:
            self._keys = keys
            self.changed.emit()

    def name_all(self, window: QWidget) -> None:
        """Bring the tooltips of all widgets that `tell_key` named in line with the keys."""
        for widget in window.findChildren(QWidget):
            name = widget.property(_ACTION)
            if name is not None:
                words = self.with_key(str(widget.property(_WORDS)), ActionId(name))
                widget.setToolTip(f"{words}{widget.property(_MORE)}")


def tell_key(widget: QWidget, words: str, action_id: ActionId, more: str = "") -> None:
    """Give a widget a tooltip that names a shortcut, also after that was changed."""
    widget.setProperty(_WORDS, words)
    widget.setProperty(_ACTION, action_id.value)
    widget.setProperty(_MORE, more)
    widget.setToolTip(f"{words}  ({key_label(_OWN[action_id])}){more}")


def canonical(key: str) -> str:
    """Return a key as Qt spells it; empty if it is none, or more than one after the other."""
    sequence = QKeySequence(key)
    return sequence.toString(QKeySequence.SequenceFormat.PortableText) if sequence.count() == 1 else ""
