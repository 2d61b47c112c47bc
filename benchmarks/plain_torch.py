"""The ablation of the activation as a plain PyTorch script: eight runs, one thread each.

What `cold_start.py` holds against `python -m keras_mnist.ablate --no-relu`, beside `plain_fit.py`:
a process for each core, all images in memory, nothing read back before the end of an epoch.
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from cases import EXPERIMENTS
from plain_models import scaled
from plain_script import asked, leave

from keras_mnist.runs.executors.local import usable_cores

ACTIVATIONS = ("relu", "linear")


def train(activation: str, seed: int, epochs: int, data: tuple) -> float:
    """Return the test accuracy of one run; the last fifth of the training images is held out."""
    import torch
    from torch.nn.functional import cross_entropy
    from torch_networks import of_layers, optimizer_of

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    x_train, y_train, *test = map(torch.from_numpy, data)
    experiment = EXPERIMENTS["mlp"].change(activation=activation)
    network = of_layers(experiment)
    optimizer = optimizer_of(experiment, network)
    count = len(x_train) * 4 // 5
    held_out = x_train[count:], y_train[count:]

    def measure(images, labels) -> tuple[float, float]:
        network.eval()
        with torch.no_grad():
            logits = network(images)
        return cross_entropy(logits, labels).item(), (logits.argmax(1) == labels).float().mean()

    for _ in range(epochs):
        network.train()
        sums = torch.zeros(2)
        for batch in torch.randperm(count).split(128):
            optimizer.zero_grad(set_to_none=True)
            logits, truth = network(x_train[batch]), y_train[batch]
            loss = cross_entropy(logits, truth)
            loss.backward()
            optimizer.step()
            correct = (logits.argmax(1) == truth).sum()
            sums += torch.stack((loss.detach() * len(truth), correct))
        measure(*held_out)
    return float(measure(*test)[1])


def main() -> None:
    """Train, print the test accuracies and write them."""
    options = asked(__doc__)

    from keras_mnist.data import find_data

    found = find_data("mnist")
    data = (
        *(scaled(found.x_train), found.y_train.astype("int64")),
        *(scaled(found.x_test), found.y_test.astype("int64")),
    )
    with ProcessPoolExecutor(usable_cores(), get_context("spawn")) as pool:
        runs = {
            (activation, seed): pool.submit(train, activation, seed, options.epochs, data)
            for activation in ACTIVATIONS
            for seed in range(options.seeds)
        }
        accuracies = {
            activation: [runs[activation, seed].result() for seed in range(options.seeds)]
            for activation in ACTIVATIONS
        }
    leave(accuracies, options.json)


if __name__ == "__main__":
    main()
