"""Taking away the lines of ruled and squared paper, which run across all of it, evenly apart."""

import numpy as np

STRIPS = 16  # into which a picture is cut; a line runs through nearly all of them
SLANTS = np.linspace(-0.08, 0.08, 33)  # pixels down for each across
FEWEST = 4  # lines; a digit has three strokes across at most
FAINTEST = 4  # grey levels
EVENLY = 0.3  # of their distance, by which the distances of lines may vary


def without_lines(levels: np.ndarray) -> np.ndarray:
    """Return how far ink stands out from paper, (h, w), about 0 on paper, now also on its lines."""
    for _ in range(2):
        levels = _without_rows(levels).T
    return levels


def _without_rows(levels: np.ndarray) -> np.ndarray:
    height, width = levels.shape
    if min(height, width) < 4 * STRIPS:
        return levels
    broad = width // STRIPS
    strips = levels[:, : broad * STRIPS].reshape(height, STRIPS, broad).mean(2)
    middles = (np.arange(STRIPS) + 0.5) * broad - width / 2
    rows = np.arange(height)[:, None]
    best, least, slant, places = -1.0, rows, 0.0, rows
    for each in SLANTS:
        along = (rows + np.rint(each * middles).astype(int)).clip(0, height - 1)
        found = np.partition(strips[along, np.arange(STRIPS)], STRIPS // 4, 1)[:, STRIPS // 4]
        found = found - np.median(found)
        score = (found.clip(0) ** 2).sum()
        if score > best:
            best, least, slant, places = score, found, each, along
    is_line = least > FAINTEST
    starts = np.flatnonzero(np.diff(is_line.astype(int), prepend=0) == 1)
    apart = np.diff(starts)
    if len(starts) < FEWEST or apart.std() > EVENLY * apart.mean():
        return levels
    along = strips[places, np.arange(STRIPS)]
    usual = np.median(along, 1) - np.median(along)
    # A row more on either side, where the line is no longer dark in all strips.
    wide = np.convolve(is_line, np.ones(5), "same") > 0
    taken = np.where(wide, usual, 0).clip(0)
    taken = np.maximum(taken, np.maximum(np.roll(taken, 1), np.roll(taken, -1)))
    places = rows - np.rint(slant * (np.arange(width) - width / 2)).astype(int)
    line = taken[places.clip(0, height - 1)].astype(np.float32)
    # What is much darker is ink on the line, and the line is not seen through it.
    return np.where(levels > 2 * line, levels, np.maximum(levels - line, np.minimum(levels, 0)))
