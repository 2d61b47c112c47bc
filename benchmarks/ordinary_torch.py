"""The networks of ordinary_keras.py as people write them in PyTorch; they give logits."""

from torch import nn
from torch.nn import functional


def convnet():
    """Return two convolutions, dropout, and a dense layer."""
    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10)),
    )


def _convolved(channels: int, filters: int) -> nn.Sequential:
    convolution = nn.Conv2d(channels, filters, 3, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(filters))


class _Block(nn.Module):
    def __init__(self, channels: int, filters: int):
        super().__init__()
        self.first = _convolved(channels, filters)
        self.second = _convolved(filters, filters)
        alike = channels == filters
        self.around = nn.Identity() if alike else nn.Conv2d(channels, filters, 1, bias=False)

    def forward(self, x):
        return functional.relu(self.second(functional.relu(self.first(x))) + self.around(x))


class _Mean(nn.Module):
    def __init__(self, *axes: int):
        super().__init__()
        self.axes = axes

    def forward(self, x):
        return x.mean(self.axes)


def residual():
    """Return three blocks of 16, 32 and 64 channels, pooling between them."""
    return nn.Sequential(
        *(_convolved(3, 16), nn.ReLU()),
        *(_Block(16, 16), nn.MaxPool2d(2), _Block(16, 32), nn.MaxPool2d(2), _Block(32, 64)),
        *(_Mean(2, 3), nn.Linear(64, 10)),
    )


def tabular():
    """Return an MLP of twice 64 units on thirty columns."""
    hidden = (nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU())
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(64, 10))


class _Attention(nn.Module):
    """Four heads of 16 by PyTorch's fused kernel, then two dense layers, each added."""

    def __init__(self, width: int = 64, heads: int = 4):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.norm = nn.LayerNorm(width, eps=1e-3)  # Keras's
        self.wide, self.narrow = nn.Linear(width, 128), nn.Linear(128, width)
        self.last_norm = nn.LayerNorm(width, eps=1e-3)

    def forward(self, x):
        parts = [
            part(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        ]
        seen = functional.scaled_dot_product_attention(*parts).transpose(1, 2).flatten(2)
        x = self.norm(x + self.out(seen))
        return self.last_norm(x + self.narrow(functional.relu(self.wide(x))))


def attention():
    """Return two layers of attention between the rows of an image."""
    return nn.Sequential(nn.Linear(28, 64), _Attention(), _Attention(), _Mean(1), nn.Linear(64, 10))


class _Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows, self.digit = nn.GRU(28, 64, batch_first=True), nn.Linear(64, 10)

    def forward(self, x):
        return self.digit(self.rows(x)[1][0])


NETWORKS = {
    "convnet": convnet,
    "residual": residual,
    "tabular": tabular,
    "attention": attention,
    "gru": _Gru,
}
