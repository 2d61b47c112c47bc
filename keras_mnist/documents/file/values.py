"""Values of a file as the rest of the package takes them."""

from decimal import Decimal
from typing import Any


def plain_value(value: Any) -> Any:
    """Return a value with reals in place of decimals, and tuples in place of lists."""
    if isinstance(value, list):
        return tuple(map(plain_value, value))
    return float(value) if isinstance(value, Decimal) else value
