"""The `groundglass` program: the command line, and the desktop as its default command."""

from __future__ import annotations

from groundglass.cli.main import build


def main() -> None:
    """Run the command line; without a command it opens the desktop."""
    build(_open_desktop)()


def _open_desktop(**options: object) -> int:
    # Qt is loaded for the window alone: it changes the locale of the process and costs 0.2 s.
    from groundglass.desktop.bindings import load_bindings

    load_bindings()
    from groundglass.desktop.app import open_desktop

    return open_desktop(**options)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
