"""Whether what was written is still what is read: checksums of content and of files.

They tell accidents and careless hands, not intent: whoever means to can write one anew.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from keras_mnist.base.errors import StoreError
from keras_mnist.base.reading import regular

_NAME = "checksum"


def checksum(content: dict) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of plain content, in one form only."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def with_checksum(content: dict) -> dict[str, Any]:
    """Return content as JSON will have it, and its checksum in it."""
    plain = json.loads(json.dumps(content, allow_nan=False))  # where names are texts
    return {**plain, _NAME: checksum(plain)}


def without_checksum(content: dict, called: str) -> dict[str, Any]:
    """Return content that was read without its checksum, which it need not have.

    Args:
        content: from JSON.
        called: what messages call it: `a run record`.

    Raises:
        StoreError: it has another than it should.
    """
    rest = {name: value for name, value in content.items() if name != _NAME}
    if (told := content.get(_NAME)) is not None and told != checksum(rest):
        raise StoreError(f"{called} must be as it was written", "another checksum")
    return rest


def sha256_of(path: Path) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of a file, which must be a regular one."""
    with open(regular(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
