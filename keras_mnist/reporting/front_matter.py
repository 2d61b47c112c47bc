"""What model hubs read of an export's card: YAML before its text, with `model-index`.

Source: https://huggingface.co/docs/hub/model-cards#model-card-metadata
"""

import json
import re

from keras_mnist.analysis.intervals import summarize
from keras_mnist.base.errors import shown
from keras_mnist.serving.card import Card

MNIST = "ylecun/mnist"  # what the hub calls it
_TASKS = {"images": "image-classification", "rows": "tabular-classification"}
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_OTHERWISE = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}  # YAML takes them so


def front_matter(name: str, card: Card) -> str:
    """Return the lines that come before everything else in a card.

    Args:
        name: of the network.
        card: of the version.
    """
    record, task = card.record, _TASKS.get(card.things)
    data = record.data
    formats = [parity.format for parity in card.parities]
    content = {
        **({"license": card.license} if card.license else {}),
        "library_name": "keras",
        **({"pipeline_tag": task} if task else {}),
        "tags": ["keras_mnist", record.experiment.kind, *formats],
        **({"datasets": [MNIST]} if data["canonical"] else {}),
        "metrics": ["accuracy"],
        "model-index": [
            {
                "name": name,
                "results": [
                    {
                        "task": {"type": task or "other"},
                        "dataset": {
                            "name": data["name"],
                            "type": MNIST if data["canonical"] else data["name"],
                            "split": "test",
                            "args": {"digest": data["digest"]},
                        },
                        "metrics": _metrics(card),
                    }
                ],
            }
        ],
    }
    return "\n".join(["---", *_lines(content), "---"])


def _metrics(card: Card) -> list[dict]:
    """Return the accuracy of these weights and, where more seeds are known, that of all."""
    seed = card.record.seed
    name = f"Accuracy of these weights, seed {seed}"
    found: list[dict] = [{"type": "accuracy", "name": name, "value": card.accuracy}]
    known = summarize(list((card.seeds | {seed: card.accuracy}).values()))
    if known.n > 1:
        about = {"sd": known.sd, "n": known.n}
        what = f"Accuracy, mean over {known.n} seeds"
        found.append({"type": "accuracy", "name": what, "value": known.mean, "args": about})
    return found


def _lines(value) -> list[str]:
    """Return data as lines of YAML; of a list, each item begins with a dash."""
    if isinstance(value, dict):
        found = []
        for name, inner in value.items():
            several = isinstance(inner, (dict, list))
            found.append(f"{name}:" if several else f"{name}: {_scalar(inner)}")
            found += [f"  {line}" for line in _lines(inner)] if several else []
        return found
    if isinstance(value, list):
        items = [_lines(item) for item in value]
        return [f"{'  ' if n else '- '}{line}" for item in items for n, line in enumerate(item)]
    return [_scalar(value)]


def _scalar(value) -> str:
    if isinstance(value, float):
        return f"{value:.6f}"  # 1e-05 would be a text to some readers
    if isinstance(value, str) and not (_BARE.fullmatch(value) and value.lower() not in _OTHERWISE):
        return json.dumps(shown(value), ensure_ascii=False)
    return str(value)
