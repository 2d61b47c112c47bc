"""Zip archives of others, of which no more is unpacked than is asked for."""

import contextlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

# Others are unpacked whole by `zipfile`, however little of them is asked for: memory has no bound.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class MethodError(ValueError):
    """A file in an archive that is packed by a method that has no bound."""


@contextlib.contextmanager
def opened(source: Path | io.BytesIO, packed: bool = False) -> Iterator[zipfile.ZipFile]:
    """Yield an archive of which no file is longer, unpacked, than was asked for.

    What is not packed is as long as it lies there. Of what is, that holds only where a number of
    bytes is asked for: without one, even a deflated file is unpacked far beyond what it says.

    Args:
        source: a regular file, or the content of one.
        packed: whether its files may be deflated.

    Raises:
        OSError, ValueError: it cannot be read, or is no archive.
        MethodError: a file in it is packed by another method.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ValueError(str(error)) from None
    with archive:
        for entry in archive.infolist():
            if (method := entry.compress_type) not in (_METHODS if packed else _METHODS[:1]):
                kind = getattr(zipfile, "compressor_names", {}).get(method, method)
                raise MethodError(f"{entry.filename[:80]}, packed by {kind}")
        yield archive
