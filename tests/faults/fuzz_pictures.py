"""Pictures that anybody may have made: to be asked about, and as a data set's."""

import io
import random

import numpy as np
from fuzz_changes import changed_bytes
from fuzz_targets import Target
from PIL import Image

from keras_mnist.data.pictures import stacked
from keras_mnist.serving.images import read_as, read_image, to_mnist_form

# Of formats that Pillow knows and the package does not: some of their readers start programs.
OTHERS = (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\n", b"%PDF-1.4\n")
WORDS = (
    *(b"IHDR", b"IDAT", b"IEND", b"PLTE", b"tRNS", b"acTL", b"fcTL", b"zTXt", b"iCCP", b"eXIf"),
    *(b"\xff\xd8", b"\xff\xd9", b"\xff\xc0", b"\xff\xe1", b"Exif\0\0", b"GIF89a", b"RIFF", b"WEBP"),
    *(
        b"II*\0",
        b"MM\0*",
        b"BM",
        b"P5 ",
        b"P6\n",
        b"\xff\xff\xff\xff",
        b"\0\0\0\0",
        b"\x7f\xff\xff\xff",
    ),
    *(b"VP8L", b"VP8X", b"ANIM", b"65535", b"99999999", *OTHERS),
)


def drawn(form: str, mode: str, side: int = 20, **how) -> bytes:
    """Return a picture of a stroke in a file."""
    levels = np.full((side, side), 250, np.uint8)
    levels[side // 6 : -side // 6, side // 2 : side // 2 + 3] = 10
    image = Image.fromarray(levels)
    image = (
        Image.fromarray(levels.astype(np.uint16) * 257) if mode == "I;16" else image.convert(mode)
    )
    buffer = io.BytesIO()
    image.save(buffer, form, **how)
    return buffer.getvalue()


class Pictures(Target):
    """A picture: for a network of digits, for one of images, and in a folder of data."""

    forms, words, most_memory = 4, WORDS, 1024

    def __init__(self, folder):
        super().__init__(folder)
        self._path = folder / "a.png"
        exif = Image.Exif()
        exif[0x0112] = 6
        kept = [
            *(drawn("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
            *(drawn("JPEG", mode, exif=exif) for mode in ("L", "RGB", "CMYK")),
            *(drawn("TIFF", "L", compression=kind) for kind in ("raw", "tiff_lzw", "jpeg")),
            *(drawn(form, "L") for form in ("GIF", "BMP", "PPM")),
            *(drawn("WEBP", "RGB", lossless=whole) for whole in (True, False)),
            drawn("TIFF", "I;16"),
            drawn("PNG", "L", 300),
        ]
        self._sound = kept
        self.bases = tuple(bytes((form,)) + one for form in range(self.forms) for one in kept)

    def changed(self, numbers: random.Random) -> bytes:
        """Return as others, some with the checksums of PNG made right again."""
        base = numbers.choice(self.bases)
        data = base[1:] if numbers.random() < 0.05 else changed_bytes(numbers, base[1:], self.words)
        if numbers.random() < 0.03:
            data = numbers.choice(OTHERS) + data
        return base[:1] + (_mended(data) if data[:4] == b"\x89PNG" else data)

    def _read(self, form, data):
        if form == 0:
            found = to_mnist_form(read_image(data, "a picture"))
            assert (found.shape, found.dtype.name) == ((28, 28), "uint8")
        elif form < 3:
            shape = ((28, 28), (8, 8, 3))[form - 1]
            found = read_as(data, "a picture", shape)
            assert (found.shape, found.dtype.name) == (shape, "uint8")
        else:
            self._path.write_bytes(data)
            images, _ = stacked([("a.png", self._path), ("b.png", data)])
            assert len(images) == 2 and images.dtype == np.uint8
        return True


def _mended(data: bytes) -> bytes:
    """Return a PNG file whose parts have the checksums of their contents."""
    import zlib

    made, place = bytearray(data[:8]), 8
    while place + 12 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        part = data[place + 4 : place + 8 + size]
        made += data[place : place + 4] + part + zlib.crc32(part).to_bytes(4, "big")
        place += 12 + size
    return bytes(made + data[place:])
