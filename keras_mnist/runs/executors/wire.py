"""The driver's wire to a Dask scheduler, over which nothing comes but plain data.

Dask's client unpickles much of what workers send: results and their types, errors, warnings, and
any part of a message that its sender says is pickled. Unpickling runs whatever the sender wants.
On this wire a message is text, numbers and collections of them; of anything else no byte is passed
on, so that there is nothing to unpickle.
"""

import asyncio
import struct
from ssl import SSLError
from typing import Any

import msgpack
from distributed.comm.core import CommClosedError, FatalCommClosedError
from distributed.comm.registry import backends
from distributed.comm.tcp import (
    TCP,
    TLS,
    BaseTCPConnector,
    TCPBackend,
    TCPConnector,
    TLSBackend,
    TLSConnector,
    convert_stream_closed_error,
    read_bytes_rw,
)
from distributed.protocol.compression import decompress
from distributed.protocol.utils import msgpack_opts, unpack_frames
from tornado.iostream import IOStream, StreamClosedError

TIMEOUT = 10  # seconds for a scheduler to answer, and for a first worker to be there
PLAIN = "msgpack"  # of Dask's ways to write, the one that is text, numbers and collections
_WITHHELD = "(no plain data)"
_SIZE, _LARGEST = struct.Struct("Q"), 2**28  # bytes; what is no message may claim any size


def plain(frames: list):
    """Return the message that `frames` hold, as Dask writes it, with `_WITHHELD` for objects.

    Raises:
        Exception: of any kind, they are no message.
    """

    def unpacked(content: dict):
        place = content.get("__Serialized__")
        if place is not None:
            return _attachment(frames, place)
        if "__Pickled__" in content:
            return _WITHHELD
        if "exception_text" in content:  # what the client makes an error of
            content["exception"], content["traceback"] = content["exception_text"], None
        return content

    return _only_plain(_read(frames[0], object_hook=unpacked))


def _attachment(frames: list, place: int):
    header = _read(frames[place])
    if header.get("serializer") != PLAIN:
        return _WITHHELD
    parts = frames[place + 1 : place + 1 + header["num-sub-frames"]]
    return _read(b"".join(decompress(header, parts) if "compression" in header else parts))


def _read(frame, **options) -> Any:
    return msgpack.loads(frame, use_list=False, **options, **msgpack_opts)


def _only_plain(value):
    if isinstance(value, dict):
        return {_only_plain(key): _only_plain(content) for key, content in value.items()}
    if type(value) is tuple:
        return tuple(map(_only_plain, value))
    return value if value is None or isinstance(value, (str, int, float)) else _WITHHELD


class _Plain(TCP):
    """Part of a connection: reads as Dask's do, but leaves unpacking to `plain`."""

    async def read(self, deserializers=None):
        """Return the next message."""
        if (stream := self.stream) is None:
            raise CommClosedError
        try:
            # Before a first answer there is nobody whom Dask would miss, ever.
            frames = await asyncio.wait_for(_frames(stream), None if self.remote_info else TIMEOUT)
            return plain(frames)
        except (StreamClosedError, SSLError) as error:
            self.stream, self._closed = None, True
            convert_stream_closed_error(self, error)
        except OSError:  # a time-out, too
            self.abort()
            raise
        except Exception as error:
            self.abort()
            raise CommClosedError(f"no message of Dask's ({type(error).__name__})") from None
        except BaseException:
            self.abort()
            raise


async def _frames(stream: IOStream) -> list[memoryview]:
    (size,) = _SIZE.unpack(await stream.read_bytes(_SIZE.size))
    frames, sizes = unpack_frames(await _bytes(stream, size), partial=True)
    return frames + [await _bytes(stream, size) for size in sizes]


async def _bytes(stream: IOStream, size: int) -> memoryview:
    if size > _LARGEST:
        raise ValueError(f"{size} bytes")
    return await read_bytes_rw(stream, size)


class _Careful(BaseTCPConnector):
    """Part of what connects: whatever fails, fails as Dask's client expects it to."""

    async def connect(self, address, deserialize=True, **how):
        """Return a connection."""
        try:
            return await super().connect(address, deserialize, **how)
        except OSError:
            raise
        except Exception as error:
            raise FatalCommClosedError(str(error)) from None


def _backend(communication, connector, backend):
    """Return one of Dask's ways to reach an address, less its unpickling."""
    plainly = type(communication.__name__, (_Plain, communication), {})
    connecting = type(connector.__name__, (_Careful, connector), {"comm_class": plainly})
    return type(backend.__name__, (backend,), {"_connector_class": connecting})()


# By their names in an address: `plain-tcp://HOST:PORT`.
backends["plain-tcp"] = _backend(TCP, TCPConnector, TCPBackend)
backends["plain-tls"] = _backend(TLS, TLSConnector, TLSBackend)
