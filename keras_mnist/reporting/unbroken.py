"""What stays in one line wherever a text is wrapped."""

import re

_NUMBER, _UNIT = r"[-+−<]?\d[\d.,:]*(?:e[-+]\d+)?", r"(?:%|(?:pp|s|h|min|KiB)\b)"
# An interval; so many of so many; a number with its spread and its unit.
_WHOLE = re.compile(
    rf"\[[-+−\d.,e ]+\]|{_NUMBER} of {_NUMBER}|{_NUMBER}(?: ± {_NUMBER})?(?: {_UNIT})?"
)


def unbroken(text: str, space: str) -> str:
    """Return a text in which an interval, a spread, or a number and its unit hold together.

    Args:
        text: to be wrapped.
        space: what stands for a space within these, at which no line ends.
    """
    return _WHOLE.sub(lambda found: found[0].replace(" ", space), text)
