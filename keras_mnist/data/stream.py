"""Files of others, of which not a byte is trusted.

No more memory is used than a header may honestly ask for: sizes are checked before an array is
made, so a lying header or a compressed bomb ends in a message.
"""

import contextlib
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from keras_mnist.base.errors import DataError
from keras_mnist.base.reading import regular
from keras_mnist.data.memory import require_room, room, want_of_memory_told

UNPACK = "Unpack it and name the folder with --data; a workbook: save it as CSV"
_GZIP = b"\x1f\x8b"
_DENSEST = 1032  # bytes that gzip packs into one, at most
_PIECE = 2**22  # bytes that are read at once
_NESTED = 3  # times a file may be compressed; a browser and a person make two


@contextlib.contextmanager
def whole(path: Path | str, form: str, remedy: str = "Fetch the file anew"):
    """Turn whatever a damaged file makes the standard library and NumPy raise into a DataError.

    That is a dozen exceptions, `tokenize.TokenError` among them: any but our own, and one that
    says that memory is short, means that the file is not what it should be.
    """
    try:
        with want_of_memory_told(path):
            yield
    except DataError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise DataError(f"{path} must be {form}", reason, remedy) from None


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[io.BufferedReader]:
    """Yield a file's content, unpacked where its bytes, not its name, say that it is gzipped."""
    with contextlib.ExitStack() as opened:
        stream = opened.enter_context(path.open("rb"))
        for _ in range(_NESTED):
            if stream.peek(2)[:2] != _GZIP:
                break
            inner: Any = gzip.GzipFile("", "rb", fileobj=stream)
            stream = opened.enter_context(io.BufferedReader(inner))
        yield stream


def start_of(path: Path, count: int = 512) -> bytes:
    """Return the first bytes of a file, unpacked; nothing where that cannot be read."""
    try:
        with unpacked(path) as stream:
            return stream.read(count)
    except (OSError, EOFError, ValueError):
        return b""
    except Exception:  # zlib's own
        return b""


def seekable(path: Path) -> Path | io.BytesIO:
    """Return what readers take that jump in a file: it or, where it is gzipped, its content."""
    with regular(path).open("rb") as stream:
        packed = stream.read(len(_GZIP)) == _GZIP
    return io.BytesIO(read_all(path)) if packed else path


def same_bytes(one: IO[bytes], other: IO[bytes], size: int) -> bool:
    """Return whether the next `size` bytes of two streams are the same."""
    while size > 0:
        piece = one.read(min(size, _PIECE))
        if not piece or piece != other.read(len(piece)):
            return False
        size -= len(piece)
    return True


def read_exactly(stream, size: int, name, to_the_end: bool = True) -> bytes:
    """Read `size` bytes in pieces, so that memory grows with what is there, not with a claim."""
    pieces, missing = [], size
    while missing and (piece := stream.read(min(missing, _PIECE))):
        pieces.append(piece)
        missing -= len(piece)
    if missing:
        raise DataError(
            f"{name} must hold the {size:,} bytes its header names",
            f"{size - missing:,} bytes",
            "Fetch the file anew",
        )
    if to_the_end and stream.read(1):
        raise DataError(
            f"{name} must end after {size:,} bytes, as its header says",
            "more bytes",
            "Fetch the file anew; if by FTP, in binary mode",
        )
    return b"".join(pieces)


def read_all(path: Path) -> bytes:
    """Return a file's whole content, unpacked, as long as memory is free for it.

    Raises:
        DataError: it is too large, or damaged where it is packed.
    """
    require_room(path, path.stat().st_size, "as it lies there")
    content, most = io.BytesIO(), room()
    with whole(path, "a whole file, packed or not"), unpacked(path) as stream:
        # In pieces: a stream makes room at once for all that it is asked for.
        while piece := stream.read(min(_PIECE, most + 1 - content.tell())):
            content.write(piece)
    require_room(path, content.tell(), "unpacked", most)
    return content.getvalue()


def require_packed(path: Path, stream: io.BufferedReader, size: int) -> None:
    """Check that a file, if it is gzipped, is long enough for what its header claims.

    Args:
        path: of the file.
        stream: as `unpacked` yields it.
        size: claimed, in bytes.
    """
    most, raw = path.stat().st_size, stream.raw
    while isinstance(raw, gzip.GzipFile):
        most, raw = most * _DENSEST, getattr(raw.fileobj, "raw", None)
    if most > path.stat().st_size and size > most:
        raise DataError(
            f"{path} must hold the {size:,} bytes its header names",
            f"a file that holds at most {most:,}",
            "Fetch the file anew",
        )
