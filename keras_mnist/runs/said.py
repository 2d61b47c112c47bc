"""What a network said of each test image, in a few hundred letters of a record.

Kept is how far the class that was said lies beyond the right one, around all classes: zero where it
is right. So which images are right needs no data set, and what was said instead its labels alone.
"""

import base64
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

LARGEST = 1 << 24  # images; far more than a record should hold
_KINDS = {1: "u1", 2: "<u2"}  # by bytes a class takes


def packed(said, labels, classes: int) -> str:
    """Return the text that `unpacked` reads.

    Args:
        said: class of each test image, whole numbers (n,) from 0.
        labels: the right ones, likewise.
        classes: how many there are.
    """
    import numpy as np

    beyond = (np.asarray(said, np.int64) - np.asarray(labels, np.int64)) % classes
    size = 1 if classes <= 256 else 2
    content = bytes([size]) + beyond.astype(_KINDS[size]).tobytes()
    return base64.b85encode(zlib.compress(content, 9)).decode("ascii")


def unpacked(text: str) -> "np.ndarray":
    """Return how far what was said lies beyond the right class, uint16 (n,); zero: it is right.

    Args:
        text: as from `packed`.

    Raises:
        ValueError: it is no such text, or one of more images than any.
    """
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(base64.b85decode(text), 2 * LARGEST + 1)
    except (ValueError, zlib.error):
        content = b""
    size = content[0] if content and reader.eof else 0
    if size not in _KINDS or (len(content) - 1) % size:
        raise ValueError("what was said of the test images is no packed text")
    import numpy as np

    return np.frombuffer(content, _KINDS[size], offset=1).astype(np.uint16)
