"""One seed a layer, drawn from the run's seed and the layer's name.

A variant that adds or drops a layer must leave the others' first weights as they were, or the
pairing by seed would pair nothing; so no layer draws from a stream shared with its neighbours.
"""

import hashlib


def layer_seed(seed: int, layer: str) -> int:
    """Return a seed in [0, 2^31) for the layer of this name."""
    digest = hashlib.sha256(f"{seed}/{layer}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
