"""Whose process this is: a command's, or that of a person's script, notebook or tests."""

_command = False


def is_command() -> bool:
    """Return whether a command of the package has begun here."""
    return _command


def begin_command() -> None:
    """Say that this process is a command's."""
    global _command
    _command = True
