"""What a reader of a study on a person's own network must know: pairing, and how it ends."""

import math

from keras_mnist.experiment import Experiment, Study
from keras_mnist.networks.built import Built
from keras_mnist.networks.own import Own


def own_notes(study: Study) -> list[str]:
    """Return the lines on a person's own network; none on a built-in one."""
    base = study.baseline
    lines = network_notes(base)
    shares = [(v.name, paired_share(base, v.experiment)) for v in study.variants[1:]]
    told = ", ".join(f"{name} {share}" for name, share in shares if share)
    if told:
        lines.append(
            "First weights: of each variant's parameters this share starts as the baseline's do "
            f"for the same seed, being of one name and shape: {told}."
        )
    return lines


def network_notes(experiment: Experiment) -> list[str]:
    """Return the lines on a person's own network that hold of it alone; none on a built-in one."""
    network, built = experiment.network, _built(experiment)
    if not isinstance(network, Own) or built is None:
        return []
    lines = [_ending(network.origin.name, built)]
    if getattr(network, "keep_weights", False):
        lines.append(
            f"Every run begins with the weights that {network.origin.name} was saved with."
        )
    return lines


def paired_share(base: Experiment, other: Experiment) -> str:
    """Return how many of another's parameters start alike; nothing where that is not known."""
    ours, theirs = _built(base), _built(other)
    return _percent(*_paired(ours, theirs)) if ours and theirs else ""


def _built(experiment: Experiment) -> Built | None:
    network = experiment.network
    if not isinstance(network, Own):
        return None
    return network.known(experiment.shape, experiment.data.classes)


def _ending(name: str, built: Built) -> str:
    if built.outputs == "logits":
        return (
            f"{name} ends in logits, as its answers on random examples show: it is trained on "
            "their cross-entropy, and probabilities are their softmax."
        )
    return f"{name} ends in probabilities, as its answers on random examples show."


def _paired(base: Built, other: Built) -> tuple[int, int]:
    """Return how many of another's parameters start alike, and how many there are."""
    alike = set(base.weights)
    same = sum(math.prod(shape) for name, shape in other.weights if (name, shape) in alike)
    return same, sum(math.prod(shape) for _, shape in other.weights)


def _percent(same: int, total: int) -> str:
    if same == total:
        return "100 %"
    return f"{min(99.9, 100 * same / total):.1f} %" if same else "0 %"
