"""What the workers of `throughput.py` do in PyTorch: the fastest plain loop, all in memory.

No `DataLoader`: all images are one tensor, indexed by a permutation. Sums stay tensors until
the end of an epoch. The optimizers are those of the experiments, but that PyTorch's RMSprop adds
epsilon to the root where Keras adds it under the root, which costs the same.
"""

from contestants import EXPERIMENTS, TEST_BATCH
from plain_models import DEVIATION, MEAN, scaled

BLACK = -MEAN / DEVIATION


def pytorch(threads: int) -> dict:
    """Keep PyTorch to `threads` threads; return its version."""
    import torch

    torch.set_num_threads(threads)
    return {"torch": torch.__version__}


def mlp(activation: str = "relu"):
    """Return the MLP of file 001, which gives logits, and its optimizer."""
    from torch import nn, optim

    activate = {"relu": nn.ReLU, "linear": nn.Identity}[activation]
    network = nn.Sequential(
        nn.Flatten(),
        *(nn.Linear(784, 512), activate(), nn.Dropout(0.2)),
        *(nn.Linear(512, 512), activate(), nn.Dropout(0.2)),
        nn.Linear(512, 10),
    )
    return network, optim.RMSprop(network.parameters(), 0.001, alpha=0.9, eps=1e-7)


def lenet5():
    """Return the LeNet-5 of file 004, which gives logits, and its optimizer."""
    from torch import nn, optim

    network = nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.ReLU()),
        *(nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )
    # Fused is the quickest of PyTorch's three; RMSprop has no such kernel.
    return network, optim.SGD(network.parameters(), 0.01, momentum=0.9, fused=True)


def lenet5_reg():
    """Return the LeNet5_Reg of file 000, which gives logits, and its optimizer."""
    from torch import nn, optim

    network = nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.BatchNorm1d(120)),
        *(nn.Linear(120, 84), nn.BatchNorm1d(84), nn.ReLU(), nn.Dropout(0.3), nn.Linear(84, 10)),
    )
    return network, optim.SGD(network.parameters(), 0.01, momentum=0.9, fused=True)


NETWORKS = {"mlp": mlp, "lenet5": lenet5, "lenet5_reg": lenet5_reg}


def augmented(images, augmentation):
    """Return normalized images (n, 1, side, side) turned, then shifted, each its own way."""
    import torch
    from torch.nn.functional import affine_grid, grid_sample

    angle, right, down = torch.rand(3, len(images)) * 2 - 1
    angle = torch.deg2rad(angle * augmentation.rotation)
    cos, sin, reach = angle.cos(), angle.sin(), 2 * augmentation.shift  # a side is 2 wide
    rows = (torch.stack((cos, -sin, reach * right), 1), torch.stack((sin, cos, reach * down), 1))
    grid = affine_grid(torch.stack(rows, 1), images.shape, align_corners=False)
    # Outside is 0, so that black is taken for 0 meanwhile.
    return grid_sample(images - BLACK, grid, mode="nearest", align_corners=False) + BLACK


def loop(model: str, dataset, epochs: int, channels_last: bool):
    """Return a turn of a PyTorch loop; its value is the training accuracy."""
    import torch
    from torch.nn.functional import cross_entropy

    experiment = EXPERIMENTS[model]
    batch_size = experiment.fit.batch_size
    layout = torch.channels_last if channels_last else torch.contiguous_format

    preprocessing, augmentation = experiment.pixels, experiment.augmentation

    def tensors(images, labels):
        pixels = torch.from_numpy(scaled(images, preprocessing.normalize, preprocessing.side))
        return pixels[:, None].to(memory_format=layout), torch.from_numpy(labels.astype("int64"))

    images, labels = tensors(dataset.x_train, dataset.y_train)
    test = tensors(dataset.x_test, dataset.y_test)

    def measure(network, images, truth):
        logits = network(images)
        loss = cross_entropy(logits, truth)
        correct = (logits.detach().argmax(1) == truth).sum()
        return loss, torch.stack((loss.detach() * len(truth), correct))

    def train(network, optimizer) -> list:
        network.train()
        sums = torch.zeros(2, dtype=torch.float64)
        for batch in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad(set_to_none=True)
            pixels = images[batch]
            if augmentation.shift:
                pixels = augmented(pixels, augmentation)
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
        network, optimizer = NETWORKS[model]()
        network.to(memory_format=layout)
        for epoch in range(1, epochs + 1):
            _, correct = train(network, optimizer)
            evaluate(network)
            gate(epoch)
        return correct / len(images)

    return turn
