"""How a maker codes one setting: the table between its codes and physical units."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from groundglass.virtual.ptp import Type, Value


class Dial(Struct, frozen=True):
    """How one setting is coded: each choice's code in the order that the camera lists them."""

    code: int
    kind: Type
    setting: str
    codes: tuple[tuple[Value, Any], ...] = ()
    limits: tuple[int, int, int] | None = None

    def encode(self, value: Any) -> Value:
        """Return the code of a value."""
        if self.limits is not None:
            return int(value)
        return next(code for code, choice in self.codes if choice == value)

    def decode(self, code: Value, current: Any) -> Any:
        """Return the value of a code; where two share one, the current value wins."""
        if self.limits is not None:
            return code
        found = [choice for known, choice in self.codes if known == code]
        return current if current in found else found[0]
