"""One picture's header, checked before anything is decoded: for data sets and for what is asked."""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from keras_mnist.base.errors import DataError
from keras_mnist.base.reading import regular
from keras_mnist.data.foreign import BEGINNING, conversion
from keras_mnist.data.memory import want_of_memory_told

# Not everything Pillow knows, whatever a file is called: some of its readers start other programs.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
LARGEST = 64_000_000  # pixels; four bytes each once decoded
LARGEST_FILE = 2**28  # bytes

_MODES = {"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr"}

# Without any handler Python prints a library's log to the terminal.
logging.getLogger("PIL").addHandler(logging.NullHandler())


@contextlib.contextmanager
def still_picture(source: Path | str | bytes, name: str) -> Iterator[Image.Image]:
    """Yield a picture of which the header has been read and found to be one that is taken.

    Args:
        source: the path of an image file, or the content of one.
        name: what messages call it.

    Raises:
        DataError: it cannot be read, is no image, animated, of more than `LARGEST` pixels or of 32
            bits a level; or what is done with it meanwhile finds it damaged.
    """
    with _opened(source, name) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Pillow warns of is refused or harmless
        try:
            with want_of_memory_told(name):
                image = _recognized(file, name)
                _check_still(image, name)
                yield image
        except DataError:
            raise
        except Exception as error:  # a damaged file makes Pillow raise a dozen kinds
            reason = str(error) or type(error).__name__
            raise DataError(
                f"{name} must be a whole, undamaged image", reason, "Fetch or save it anew"
            ) from None


_CHECK = "Check the path; - is standard input"


def _opened(source: Path | str | bytes, name: str) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return open(regular(source, LARGEST_FILE), "rb")
    except (OSError, ValueError) as error:  # a null character is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{name} must be a readable file", reason, _CHECK) from None


def _recognized(file: BinaryIO, name: str) -> Image.Image:
    """Return the image with its header read, or say that it is none or too large."""
    try:
        image = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        file.seek(0)
        start = file.read(BEGINNING)
        raise DataError(
            f"{name} must be a whole image, one of {', '.join(FORMATS)}",
            f"a file that begins with {start[:8]!r}" if start else "an empty file",
            f"Save the picture as PNG or JPEG{conversion(name, start)}",
        ) from None
    except Image.DecompressionBombError as error:  # Pillow's own limit, which comes first
        pixels = str(error).split(" exceeds")[0]
    else:
        width, height = image.size
        if width * height <= LARGEST:
            return image
        pixels = f"{width} x {height}"
    raise DataError(
        f"{name} must have at most {LARGEST:,} pixels",
        f"{pixels} by its header",
        "Save a smaller picture",
    )


def _check_still(image: Image.Image, name: str) -> None:
    """Refuse moving pictures, several pages, and levels whose range nobody knows."""
    frames = getattr(image, "n_frames", 1)
    # Phones add previews and depth maps to a JPEG, which Pillow counts and calls MPO.
    if frames > 1 and image.format != "MPO":
        raise DataError(
            f"{name} must be a single picture",
            f"{frames} frames or pages",
            "Save the one that is meant",
        )
    if image.mode not in _MODES and not has_16_bits(image):
        raise DataError(
            f"{name} must have levels of 8 or 16 bits, grey or in colour",
            f"Pillow's mode {image.mode}",
            "Save it as an 8-bit PNG",
        )


def has_16_bits(image: Image.Image) -> bool:
    """Return whether a picture has levels in 16 bits."""
    return image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM")
