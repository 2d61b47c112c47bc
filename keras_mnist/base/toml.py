"""TOML that anybody may have written: what Python's own reader would take too long over, refused.

For each key with n parts between dots it keeps n keys of up to n parts; and numbers that are
written in base 16 it reads at any length, though TOML has none beyond 64 bits.
"""

import re
import tomllib
from collections.abc import Callable
from typing import Any

LONGEST = 16  # parts of a key: `a.b` has two

# Texts, of three quotes and of one. One that is never closed goes on to the end, or to the line's:
# so that each letter is looked at once, whatever is wrong with what was written.
TEXTS = (
    r'"""(?:[^"\\]++|\\.?|"(?!""))*(?:"{3,5})?'
    r"|'''(?:[^']++|'(?!''))*(?:'{3,5})?"
    r'|"(?:[^"\\\n]++|\\[^\n]?)*"?'
    r"|'[^'\n]*+'?"
)
_PART = r"""(?:[A-Za-z0-9_-]++|(?!\"""|\'\'\')(?:"(?:[^"\\\n]++|\\[^\n])*"|'[^'\n]*+'))"""
_MORE = rf"(?:[ \t]*+\.[ \t]*+{_PART})"
_TOKEN = re.compile(
    rf"(?P<long>{_PART}{_MORE}{{{LONGEST}}})|{_PART}{_MORE}*|{TEXTS}|\#[^\n]*+", re.DOTALL
)


def parse_toml(text: str, number: Callable[[str], Any] = float) -> dict[str, Any]:
    """Return what a text of TOML says.

    Args:
        text: with whatever ends of lines.
        number: makes a number of what has a point or an exponent.

    Raises:
        ValueError: it is none, or what stands in it is beyond all measure. Where that is a key,
            its line is told as the parser tells it: `(at line 3, column 1)`.
        ArithmeticError: `number` cannot hold one.
        RecursionError: too many lists or tables are in one another.
    """
    for token in _TOKEN.finditer(text):
        if token["long"]:
            line = text.count("\n", 0, token.start()) + 1
            raise ValueError(
                f"A key of more than {LONGEST} parts between dots (at line {line}, column 1)"
            )
    content = tomllib.loads(text, parse_float=number)
    waiting: list[Any] = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (dict, list)):
            waiting += value.values() if isinstance(value, dict) else value
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError("A whole number of more than 64 bits, which TOML does not have")
    return content
