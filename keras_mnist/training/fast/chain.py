"""What the walk may take together: a convolution with the layers that follow it, in a chain."""

from dataclasses import dataclass

from keras_mnist.base.backend import keras, tf

_ACTIVATIONS = ("relu", "tanh", "linear")
_SPATIAL = (
    keras.layers.SpatialDropout1D,
    keras.layers.SpatialDropout2D,
    keras.layers.SpatialDropout3D,
)


def now(variable) -> tf.Tensor:
    """Return a Keras variable's present value, which compiled functions take."""
    return tf.convert_to_tensor(variable.value)


def is_keras_s(network: keras.Model) -> bool:
    """Return whether a network is of Keras's own class: another may call layers as it likes."""
    return type(network).__module__.startswith("keras.")


def inputs_of(network: keras.Model) -> list:
    """Return a network's declared inputs; a class of somebody's own may have none."""
    return list(getattr(network, "inputs", None) or ())


def chain_of(network: keras.Model) -> list[keras.layers.Layer] | None:
    """Return a network's layers, each on the one before it; `None` where it is no such chain."""
    if not is_keras_s(network):
        return None
    layers = [x for x in network.layers if not isinstance(x, keras.layers.InputLayer)]
    try:
        ends = [(layer.input, layer.output) for layer in layers]
    except (AttributeError, ValueError):  # a layer that is called twice, or never
        return None
    if len(network.inputs) != 1 or len(network.outputs) != 1 or not layers:
        return None
    joined = [network.inputs[0], *(output for _, output in ends)]
    chained = all(taken is given for (taken, _), given in zip(ends, joined, strict=False))
    return layers if chained and joined[-1] is network.outputs[0] else None


@dataclass(frozen=True)
class Convolution:
    """A convolution and what of the layers after it is computed in one go.

    Attributes:
        layer: the convolution, without strides or dilation.
        norm: the batch normalization that follows, if one does.
        activation: then; `linear` is none.
        pool: `max` or `average`, by 2; empty: none.
        length: how many layers these are.
    """

    layer: keras.layers.Conv2D
    norm: keras.layers.BatchNormalization | None
    activation: str
    pool: str
    length: int

    @property
    def kernel(self) -> tf.Tensor:
        """Its present weights, (side, side, channels, filters)."""
        return now(self.layer.kernel)

    @property
    def bias(self) -> tf.Tensor:
        """Its present biases, (filters,)."""
        return now(self.layer.bias)

    @property
    def side(self) -> int:
        """Of its kernels."""
        return self.layer.kernel_size[0]

    @property
    def filters(self) -> int:
        """How many it has."""
        return self.layer.filters

    @property
    def margin(self) -> int:
        """The zeros that it asks for around its inputs."""
        return self.side // 2 if self.layer.padding == "same" else 0

    def fits(self, side: int, block: int) -> bool:
        """Return whether maps of that side, margin included, can be cut into blocks of `block`."""
        return side % block == 0 and (self.side - 1) % block == 0 and side >= self.side


def next_convolution(layers: list[keras.layers.Layer]) -> Convolution | None:
    """Return the convolution that `layers` begin with, if it is of the kind that is known."""
    conv, place = layers[0], 1
    if not _plain(conv):
        return None
    norm, activation, pool = None, conv.activation.__name__, ""
    if activation == "linear" and _normalizes(_at(layers, place)):
        norm, place = layers[place], place + 1
    if activation == "linear" and (word := _activation(_at(layers, place))):
        activation, place = word, place + 1
    if pool := _pool(_at(layers, place)):
        place += 1
    # The greatest activation is that of the greatest; of means, that is not so.
    if pool == "max" and activation == "linear" and (word := _activation(_at(layers, place))):
        activation, place = word, place + 1
    return Convolution(conv, norm, activation, pool, place)


def _at(layers: list, place: int):
    return layers[place] if place < len(layers) else None


def _plain(layer) -> bool:
    return (
        type(layer) is keras.layers.Conv2D
        and layer.kernel_size[0] == layer.kernel_size[1]
        and layer.kernel_size[0] % 2 == 1
        and layer.strides == layer.dilation_rate == (1, 1)
        and layer.groups == 1
        and layer.use_bias
        and layer.data_format == "channels_last"
        and layer.compute_dtype == layer.variable_dtype
        and layer.activation.__name__ in _ACTIVATIONS
        and layer.activity_regularizer is None
        and getattr(layer, "lora_rank", None) is None
    )


def _normalizes(layer) -> bool:
    return (
        type(layer) is keras.layers.BatchNormalization
        and layer.center
        and layer.scale
        and layer.axis in (-1, 3)
        and not layer.synchronized
    )


def _activation(layer) -> str:
    """Return the word of an activation that is known, else nothing."""
    if type(layer) is keras.layers.Activation and layer.activation.__name__ in _ACTIVATIONS:
        return layer.activation.__name__
    return ""


def _pool(layer) -> str:
    kinds = {keras.layers.MaxPooling2D: "max", keras.layers.AveragePooling2D: "average"}
    if type(layer) not in kinds:
        return ""
    halved = layer.pool_size == layer.strides == (2, 2) and layer.padding == "valid"
    return kinds[type(layer)] if halved and layer.data_format == "channels_last" else ""


def drops_singly(layer) -> bool:
    """Return whether a layer is dropout that treats every number by itself."""
    dropout = isinstance(layer, keras.layers.Dropout) and not isinstance(layer, _SPATIAL)
    return dropout and layer.noise_shape is None
