"""The networks of the benchmarks in PyTorch, which give logits, and Keras's weights in them."""

import numpy as np
import torch
from cases import CASES, as_written
from ordinary_torch import NETWORKS
from torch import nn

from keras_mnist.networks import layers as plain

_ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "linear": nn.Identity}
_POOLS = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}


def network_of(name: str) -> nn.Module:
    """Return the network of a case."""
    case = CASES[name]
    return NETWORKS[name]() if case.ordinary else of_layers(case.experiment)


def of_layers(experiment) -> nn.Sequential:
    """Return the network of an experiment of the package."""
    parts, shape = [], experiment.shape
    for layer in as_written(experiment.layers):
        parts += _made(layer, shape)
        shape = layer.outputs(shape)
    return nn.Sequential(*parts)


def _made(layer: plain.Plain, shape: tuple[int, ...]) -> list[nn.Module]:
    match layer:
        case plain.Channels():
            return []
        case plain.Flatten():
            return [nn.Flatten()]
        case plain.Dense():
            after = [] if layer.activation in ("linear", "softmax") else [layer.activation]
            return [nn.Linear(shape[-1], layer.units), *(_ACTIVATIONS[a]() for a in after)]
        case plain.Conv():
            margin = layer.kernel // 2 if layer.padding == "same" else 0
            return [nn.Conv2d(shape[-1], layer.filters, layer.kernel, padding=margin)]
        case plain.BatchNorm():
            return [(nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d)(shape[-1])]
        case plain.Pool():
            return [_POOLS[layer.kind](2)]
        case plain.Activation():
            return [_ACTIVATIONS[layer.kind]()]
        case plain.Dropout():
            return [nn.Dropout(layer.rate)]
    raise TypeError(f"{layer} is not known here")


def optimizer_of(experiment, network: nn.Module):
    """Return the experiment's optimizer for a network.

    PyTorch's RMSprop adds epsilon to the root where Keras adds it under the root, which costs the
    same. Fused is the quickest of PyTorch's three kinds; RMSprop has no such kernel.
    """
    rate, parameters = experiment.fit.rate, network.parameters()
    match experiment.value("optimizer"):
        case "rmsprop":
            return torch.optim.RMSprop(parameters, rate, alpha=0.9, eps=1e-7)
        case "sgd":
            momentum = experiment.value("momentum")
            return torch.optim.SGD(parameters, rate, momentum=momentum, fused=True)
        case "adam":
            return torch.optim.Adam(parameters, rate, eps=1e-7, fused=True)
    raise ValueError(f"{experiment.value('optimizer')} is not known here")


def tensor_of(case, pixels: np.ndarray) -> torch.Tensor:
    """Return a case's float images as PyTorch takes them: channels, if any, come first."""
    tensor = torch.from_numpy(pixels)
    if not case.convolves:
        return tensor
    return tensor.movedim(-1, 1) if tensor.ndim == 4 else tensor[:, None]


class Layout:
    """How the weights of a network lie in Keras, layer by layer in the same order.

    Args:
        network: whose layers have been made in the order of Keras's.
    """

    def __init__(self, network: nn.Module):
        self._layers, self._dropouts, channels, flat = [], [], 0, False
        for module in network.modules():
            if isinstance(module, nn.Conv2d):
                channels = module.out_channels
            flat = flat or isinstance(module, nn.Flatten)
            if isinstance(module, nn.Dropout):
                self._dropouts.append(channels if flat else 0)
            parameters = list(module.parameters(recurse=False))
            if parameters:
                # Keras flattens maps by pixel, PyTorch by channel.
                mixed = channels if flat and isinstance(module, nn.Linear) else 0
                flat = flat and not mixed
                self._layers.append((module, parameters, mixed))

    def fill(self, weights: list[np.ndarray]) -> None:
        """Give the network these weights, as Keras orders and lays them out."""
        rest = iter(weights)
        with torch.no_grad():
            for module, parameters, channels in self._layers:
                if isinstance(module, nn.GRU):
                    values = [_gates(next(rest)) for _ in range(3)]
                    values = [values[0].T, values[1].T, *values[2]]
                else:
                    values = [_to_torch(next(rest), p.shape, channels) for p in parameters]
                for parameter, value in zip(parameters, values, strict=True):
                    parameter.copy_(torch.from_numpy(np.ascontiguousarray(value)))
        if list(rest):
            raise ValueError("the network must have as many weights as Keras's")

    def masks(self, masks: list[np.ndarray]) -> list[torch.Tensor]:
        """Return what its dropouts multiply by, given what Keras's do."""
        pairs = zip(masks, self._dropouts, strict=True)
        found = [_to_torch(mask.T, mask.shape, channels) for mask, channels in pairs]
        return [torch.from_numpy(np.ascontiguousarray(mask)) for mask in found]

    def gradients(self) -> list[np.ndarray]:
        """Return the gradients as Keras orders and lays them out, attention's by heads joined."""
        found = []
        for module, parameters, channels in self._layers:
            slopes = [parameter.grad.numpy() for parameter in parameters]
            if isinstance(module, nn.GRU):
                slopes = [slopes[0].T, slopes[1].T, np.stack(slopes[2:])]
                found += [_gates(slope) for slope in slopes]
            else:
                found += [_to_keras(slope, channels) for slope in slopes]
        return found


def _gates(array: np.ndarray) -> np.ndarray:
    """Exchange the first two gates of a GRU: Keras has update, reset; PyTorch reset, update."""
    update, reset, new = np.split(array, 3, axis=-1)
    return np.concatenate((reset, update, new), axis=-1)


def _to_torch(array: np.ndarray, shape, channels: int) -> np.ndarray:
    if len(shape) == 4:
        return array.transpose(3, 2, 0, 1)
    array = array.reshape(tuple(shape)[::-1])
    if channels and array.ndim == 2:
        array = array.reshape(-1, channels, array.shape[-1]).swapaxes(0, 1)
        array = array.reshape(-1, array.shape[-1])
    return array.T


def _to_keras(array: np.ndarray, channels: int) -> np.ndarray:
    if array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    array = array.T
    if channels and array.ndim == 2:
        array = array.reshape(channels, -1, array.shape[-1]).swapaxes(0, 1)
        array = array.reshape(-1, array.shape[-1])
    return array
