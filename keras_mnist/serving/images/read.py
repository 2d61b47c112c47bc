"""Reading one picture, without trusting its header and within bounded memory."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from keras_mnist.base.errors import DataError
from keras_mnist.data.still import has_16_bits, still_picture

LONGEST_SIDE = 1024  # pixels; what is larger is reduced while it is read


def read_image(source: Path | str | bytes, name: str) -> np.ndarray:
    """Read a picture as it is meant to be seen: upright, transparent parts filled, in grey.

    Transparent parts become white where what is visible is dark, else black, so that the ink
    stands out.

    Args:
        source: the path of an image file, or the content of one.
        name: what messages call it.

    Returns:
        float32 (h, w), 0-255, at least 1 x 1 and at most `LONGEST_SIDE` on either side. Levels in
        16 bits are scaled by the range of as many of them as are used: 8, 10, 12, 14 or all.

    Raises:
        DataError: it cannot be read, is no image, damaged, animated, of more than `LARGEST`
            pixels (by its header, before any is decoded) or of 32 bits a level.
    """
    return _read(source, name, _grey_levels)


def read_as(
    source: Path | str | bytes, name: str, shape: tuple[int, ...], as_is: bool = False
) -> np.ndarray:
    """Read a picture upright as images of a shape are: its channels, resized where it is larger.

    Args:
        source, name: as in `read_image`.
        shape: (height, width), grey, or (height, width, channels): 1 to 4, grey or in colours, 2
            and 4 with opacity.
        as_is: whether it must have that height and width.

    Returns:
        uint8 of that shape, 0-255; resized bilinear, antialiased, without regard to proportions.

    Raises:
        DataError: as in `read_image`; or it has another size and is to be taken as it is.
    """
    height, width, *channels = shape
    mode = ("L", "L", "LA", "RGB", "RGBA")[channels[0] if channels else 0]

    def decode(image):
        if not as_is:
            image.draft(mode, (width, height))
        image.load()
        if has_16_bits(image):
            largest = _largest_level(image)
            levels = np.asarray(image.convert("F"), np.float32) * np.float32(255 / largest)
            image = Image.fromarray(np.rint(levels).clip(0, 255).astype(np.uint8))
        image = _upright(image).convert(mode)
        if image.size != (width, height):
            if as_is:
                raise DataError(
                    f"{name} must be {width} pixels wide and {height} high to be taken as it is",
                    f"{image.width} x {image.height} pixels",
                    "Resize it, or leave --as-is out",
                )
            image = image.resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(image).reshape(shape)

    return _read(source, name, decode)


def _read(source, name: str, decode):
    """Return what `decode` makes of a picture that has been checked."""
    with still_picture(source, name) as image:
        return decode(image)


def _largest_level(image: Image.Image) -> int:
    """Return the greatest level that a picture in 16 bits can have.

    Cameras and scanners store their 10, 12 or 14 bits in 16: of these it is the least that
    holds all levels of the picture, which would else be all but black.
    """
    greatest = np.asarray(image).max()
    return next(2**bits - 1 for bits in (8, 10, 12, 14, 16) if greatest < 2**bits)


def _grey_levels(image: Image.Image) -> np.ndarray:
    """Decode a checked image; see `read_image`."""
    scale = min(1, LONGEST_SIDE / max(image.size))
    # JPEG can be decoded in grey and at 1/2, 1/4 or 1/8; other formats ignore this.
    width, height = (max(1, round(side * scale)) for side in image.size)
    image.draft("L", (width, height))
    image.load()
    if has_16_bits(image):
        image, largest = image.convert("F"), _largest_level(image)
    else:
        image, largest = image.convert("LA" if image.has_transparency_data else "L"), 255
    # The box filter antialiases; in `LA` Pillow weighs the levels with their alpha.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    levels = np.asarray(_upright(image), np.float32) * np.float32(255 / largest)
    return levels if levels.ndim == 2 else _on_paper(levels[..., 0], levels[..., 1] / 255)


def _upright(image: Image.Image) -> Image.Image:
    """Turn it as its EXIF data say, if they can be read."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF data are no reason to refuse the picture
        return image


def _on_paper(levels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Lay a picture (h, w), 0-255, with opacity (h, w), 0-1, on what makes its ink visible."""
    visible = alpha.sum()
    dark = visible > 0 and (levels * alpha).sum() / visible < 127.5
    return levels * alpha + np.float32(255 if dark else 0) * (1 - alpha)
