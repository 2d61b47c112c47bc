"""What a compiled model brings of its own, its optimizer and its loss, as choices."""

from typing import Any

from keras_mnist.base.backend import keras
from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment.optimizers import OPTIMIZERS
from keras_mnist.networks.code import Code

# What Keras's optimizers can do besides, and the package's steps do not.
_BEYOND = ("use_ema", "clipnorm", "loss_scale_factor", "gradient_accumulation_steps")
# Cross-entropy as Keras calls it: functions and classes.
_LOSSES = (
    *("sparse_categorical_crossentropy", "categorical_crossentropy"),
    *("SparseCategoricalCrossentropy", "CategoricalCrossentropy"),
)


def compiled_choices(model: keras.Model, code: Code, outputs: str) -> dict:
    """Return the choices that a model was compiled with; none of one that was not.

    Args:
        model: that a person's function returned.
        code: of that function.
        outputs: whether the model ends in `probabilities` or in `logits`.

    Raises:
        ExperimentError: it was compiled with what no choice stands for.
    """
    optimizer: Any = getattr(model, "optimizer", None)
    if not getattr(model, "compiled", False) or optimizer is None:
        return {}
    return {**_steps(optimizer, code), **_loss(model, code, outputs)}


def _steps(optimizer: Any, code: Code) -> dict:
    made_by = f"keras.optimizers.{type(optimizer).__name__}"
    name = next((n for n, known in OPTIMIZERS.items() if known.made_by == made_by), None)
    if name is None or not type(optimizer).__module__.startswith("keras."):
        raise _beyond(code, f"the optimizer {type(optimizer).__name__}")
    config = optimizer.get_config()
    rate = config["learning_rate"]
    if not isinstance(rate, (int, float)):
        raise _beyond(code, "a learning rate of its own schedule")
    for what in _BEYOND:
        if config.get(what) not in (None, False):
            raise _beyond(code, f"{what}={config[what]}")
    found = {"optimizer": name, "learning_rate": float(f"{rate:.7g}")}
    for taken, default in OPTIMIZERS[name].takes.items():
        value = config.get(taken)
        found[taken] = _like(default, value)
    for theirs, ours in (("clipvalue", "clip_value"), ("global_clipnorm", "clip_norm")):
        if config.get(theirs) is not None:
            found[ours] = float(config[theirs])
    return found


def _like(default: object, value):
    """Return a value of an optimizer's as the choice has it; one without stands for none of it."""
    if isinstance(default, bool):
        return bool(value)
    return float(value or 0)


def _loss(model: Any, code: Code, outputs: str) -> dict:
    loss = model.loss
    if isinstance(loss, str):
        loss = keras.losses.get(loss)
    config = loss.get_config() if isinstance(loss, keras.losses.Loss) else {}
    kind = getattr(loss, "__name__", type(loss).__name__)
    if kind not in _LOSSES:
        raise _beyond(code, f"the loss {kind}")
    if bool(config.get("from_logits", False)) != (outputs == "logits"):
        raise ExperimentError(
            f"{code.name} must be compiled with a loss that takes what it ends in, {outputs}",
            f"from_logits={bool(config.get('from_logits', False))}",
            "End it in a softmax, or compile with from_logits=True",
        )
    smoothing = config.get("label_smoothing")
    return {"label_smoothing": float(smoothing)} if smoothing else {}


def _beyond(code: Code, received: str) -> ExperimentError:
    return ExperimentError(
        f"{code.name} must be compiled with what the package's flags can say, or not at all",
        received,
        "Leave `compile` out and ask for it with flags: --optimizer, --schedule, --clip-norm",
    )
