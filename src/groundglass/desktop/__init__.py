"""The window: PySide6 widgets that render what the studio says, and hold no logic of their own."""
