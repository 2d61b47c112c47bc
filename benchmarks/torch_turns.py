"""What the workers of `throughput.py` do in PyTorch: the fastest plain loop, all in memory.

No `DataLoader`: all images are one tensor, indexed by a permutation. Sums stay tensors until
the end of an epoch.
"""

from cases import CASES, TEST_BATCH
from plain_models import DEVIATION, MEAN, inputs_of

BLACK = -MEAN / DEVIATION


def pytorch(threads: int) -> dict:
    """Keep PyTorch to `threads` threads; return versions."""
    import numpy
    import torch

    torch.set_num_threads(threads)
    # Of PyTorch's own class for it, the driver would load PyTorch to read it.
    return {"torch": str(torch.__version__), "numpy": numpy.__version__}


def mean_loss(experiment, logits, truth):
    """Return the mean of the loss that the experiment asks for."""
    from torch.nn.functional import cross_entropy

    twice = experiment.value("loss") == "softmax_twice"
    return cross_entropy(logits.softmax(-1) if twice else logits, truth)


def augmented(images, shift: float, rotation: float):
    """Return normalized images (n, 1, side, side) turned, then shifted, each its own way.

    Args:
        images: what comes in from outside is black.
        shift: greatest, as a share of the side.
        rotation: greatest, in degrees.
    """
    import torch
    from torch.nn.functional import affine_grid, grid_sample

    angle, right, down = torch.rand(3, len(images)) * 2 - 1
    angle = torch.deg2rad(angle * rotation)
    cos, sin, reach = angle.cos(), angle.sin(), 2 * shift  # a side is 2 wide
    rows = (torch.stack((cos, -sin, reach * right), 1), torch.stack((sin, cos, reach * down), 1))
    grid = affine_grid(torch.stack(rows, 1), images.shape, align_corners=False)
    # Outside is 0, so that black is taken for 0 meanwhile.
    return grid_sample(images - BLACK, grid, mode="nearest", align_corners=False) + BLACK


def loop(name: str, dataset, epochs: int, channels_last: bool):
    """Return a turn of a PyTorch loop; its value is the training accuracy."""
    import torch
    from torch_networks import network_of, optimizer_of, tensor_of

    case, experiment = CASES[name], CASES[name].experiment
    batch_size, *moves = map(experiment.value, ("batch_size", "shift", "rotation"))
    layout = {"memory_format": torch.channels_last} if channels_last else {}

    def tensors(images, labels):
        pixels = tensor_of(case, inputs_of(experiment, images)).contiguous().to(**layout)
        return pixels, torch.from_numpy(labels.astype("int64"))

    images, labels = tensors(dataset.x_train, dataset.y_train)
    test = tensors(dataset.x_test, dataset.y_test)

    def measure(network, images, truth):
        logits = network(images)
        loss = mean_loss(experiment, logits, truth)
        correct = (logits.detach().argmax(1) == truth).sum()
        return loss, torch.stack((loss.detach() * len(truth), correct))

    def train(network, optimizer) -> list:
        network.train()
        sums = torch.zeros(2, dtype=torch.float64)
        for batch in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad(set_to_none=True)
            pixels = images[batch]
            if any(moves):
                pixels = augmented(pixels, *moves)
            loss, added = measure(network, pixels, labels[batch])
            loss.backward()
            optimizer.step()
            sums += added
        return sums.tolist()

    def evaluate(network) -> list:
        network.eval()
        sums = torch.zeros(2, dtype=torch.float64)
        with torch.no_grad():
            for part in zip(*(values.split(TEST_BATCH) for values in test), strict=True):
                sums += measure(network, *part)[1]
        return sums.tolist()

    def turn(seed, gate):
        torch.manual_seed(seed)
        network = network_of(name).to(**layout)
        optimizer = optimizer_of(experiment, network)
        for epoch in range(1, epochs + 1):
            _, correct = train(network, optimizer)
            evaluate(network)
            gate(epoch)
        return correct / len(images)

    return turn
