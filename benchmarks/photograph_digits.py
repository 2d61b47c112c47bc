"""Digits for made-up photographs: MNIST's own as ink of any size and width, and those of fonts."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
# Fonts that look written by hand, by how their files' names begin; the reader was made with those
# on the left, and is measured with those on the right.
HANDS = {
    "train": ("BecauseWeBuild", "BecauseWeCreate", "BecauseWeMentor", "ComicNeue", "Kristi"),
    "test": ("BecauseWeConnect", "BecauseWeLearn", "BecauseWeOrganize", "DancingScript", "dkg"),
}
HANDS["train"] += ("breip", "Caveat", "Kalam")
HANDS["test"] += ("Humor-Sans", "Amatic", "PatrickHand")
LOOPS = {"0": 1, "6": 1, "8": 2, "9": 1}


class Digits:
    """Draws digits as ink.

    Args:
        images: uint8 (n, 28, 28), MNIST's.
        labels: whole numbers (n,).
        fonts: files of fonts, of which every fifth digit is where there are any.
        chance: that decides which.
    """

    def __init__(self, images, labels, fonts: list[Path], chance: np.random.Generator):
        self._images, self._labels, self._fonts, self._chance = images, labels, fonts, chance
        self._drawn = 0

    def __call__(self, extent: int, width: float | None = None, turn: float = 6):
        """Draw the next digit.

        Args:
            extent: pixels of its longer side, about.
            width: of its strokes, as a share of that; as written if `None`.
            turn: degrees by which it may be turned, either way.

        Returns:
            float32 (h, w), 0-1, where there is ink, cropped; its label, a text.
        """
        self._drawn += 1
        by_font = self._fonts and self._drawn % 5 == 0
        ink, label = self._of_font() if by_font else self._of_mnist()
        if width:
            thin = _with_strokes(ink, width)
            # Nobody could read an 8 whose loops have run together.
            while _loops(thin) != LOOPS.get(label, _loops(thin)):
                ink, label = self._of_mnist()
                thin = _with_strokes(ink, width)
            ink = thin
        large = Image.fromarray((255 * ink).astype(np.uint8))
        large = large.rotate(self._chance.uniform(-turn, turn), Image.Resampling.BICUBIC)
        large = large.crop(large.point(lambda level: 255 * (level > 60)).getbbox())
        scale = extent / max(large.size)
        size = [max(1, round(side * scale)) for side in large.size]
        return np.asarray(large.resize(size, Image.Resampling.LANCZOS), np.float32) / 255, label

    def _of_mnist(self):
        place = self._chance.integers(len(self._images))
        image = ndimage.zoom(self._images[place].astype(np.float32) / 255, 8, order=3)
        soft = ndimage.gaussian_filter(image, 1.5)
        return np.pad((0.5 + 4 * (soft - 0.45)).clip(0, 1), 20), str(self._labels[place])

    def _of_font(self):
        label = str(self._chance.integers(10))
        font = ImageFont.truetype(str(self._fonts[self._chance.integers(len(self._fonts))]), 260)
        page = Image.new("L", (600, 600))
        ImageDraw.Draw(page).text((150, 100), label, fill=255, font=font)
        left, top, right, bottom = page.getbbox()
        page = page.crop((left - 60, top - 60, right + 60, bottom + 60))
        return np.asarray(page, np.float32) / 255, label


def fonts_like_handwriting(source: str, folder: Path | None = None) -> list[Path]:
    """Return the fonts of this machine, or of a folder, that look written by hand."""
    folders = [folder] if folder else [Path(name).expanduser() for name in FOLDERS]
    files = [file for one in folders for file in one.rglob("*.[ot]tf")]
    return sorted(file for file in files if file.name.startswith(HANDS[source]))


def _with_strokes(ink: np.ndarray, width: float) -> np.ndarray:
    """Draw along the middle of the strokes with a pen of that width."""
    solid = ink > 0.5
    extent = max(np.ptp(np.flatnonzero(solid.any(axis))) + 1 for axis in (0, 1))
    distance = ndimage.distance_transform_edt(~_thinned(solid))
    return (0.5 + (width * extent / 2 - distance)).clip(0, 1).astype(np.float32)


def _loops(ink: np.ndarray) -> int:
    return ndimage.label(np.pad(ink < 0.5, 1, constant_values=True))[1] - 1


def _thinned(solid: np.ndarray) -> np.ndarray:
    """Return the middle line of strokes, by Zhang and Suen's rule."""
    solid = solid.copy()
    while True:
        before = solid.sum()
        for first in (True, False):
            ring = [
                np.roll(solid, (-dy, -dx), (0, 1))
                for dy, dx in ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
            ]
            count = sum(side.astype(int) for side in ring)
            turns = sum(
                (~a & b).astype(int) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
            )
            north, east, south, west = ring[0], ring[2], ring[4], ring[6]
            if first:
                ends = ~(north & east & south) & ~(east & south & west)
            else:
                ends = ~(north & east & west) & ~(north & south & west)
            solid &= ~((count >= 2) & (count <= 6) & (turns == 1) & ends)
        if solid.sum() == before:
            return solid
