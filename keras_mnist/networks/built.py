"""What a person's network was when it was built: all that is to be known of it without Keras."""

import dataclasses
from dataclasses import dataclass

from keras_mnist.networks.layers import Shape, Size

OUTPUTS = ("probabilities", "logits")


@dataclass(frozen=True)
class Built:
    """What a network was when it was built.

    Attributes:
        digest: SHA-256 of its configuration and, for what no configuration shows, of its source
            and of weights that are not drawn: what decides a run besides seed and data.
        sizes: what its layers that have weights weigh.
        outputs: whether it ends in probabilities or in logits.
        weights: the names and shapes of what it trains.
        own_code: whether there is more in it than Keras's own layers.
        compiled: the choices of how to fit that it was compiled with, by name.
    """

    digest: str
    sizes: tuple[Size, ...]
    outputs: str
    weights: tuple[tuple[str, Shape], ...]
    own_code: bool
    compiled: tuple[tuple[str, str | float | bool], ...] = ()

    def to_dict(self) -> dict:
        """Return plain data, as JSON has them."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, content: dict) -> "Built":
        """Read it back; `KeyError`, `TypeError` or `ValueError` where it is something else."""
        sizes = tuple(Size(**{**one, "outputs": tuple(one["outputs"])}) for one in content["sizes"])
        weights = tuple((str(name), tuple(shape)) for name, shape in content["weights"])
        numbers = [n for one in sizes for n in (*one.outputs, one.weights, one.offsets)]
        numbers += [n for _, shape in weights for n in shape]
        if not all(type(n) is int and 0 <= n < 2**53 for n in numbers):
            raise ValueError("sizes that are no whole numbers")
        if content["outputs"] not in OUTPUTS or not isinstance(content["digest"], str):
            raise ValueError("a network's outputs and digest")
        compiled = tuple((str(name), value) for name, value in content.get("compiled", ()))
        if not all(isinstance(value, (str, float, int)) for _, value in compiled):
            raise ValueError("what a network was compiled with")
        own_code = content["own_code"] is True
        return cls(content["digest"], sizes, content["outputs"], weights, own_code, compiled)
