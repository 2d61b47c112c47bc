"""How the benchmarks print figures measured in several rounds."""

import statistics


def spread(values: list[float], form: str) -> str:
    """Return the median and the range, each in the format `form`."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"
