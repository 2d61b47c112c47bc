"""The data sets that have a name, known before anything of them is imported."""

# By name, the function that returns the `Dataset`, as module and name.
SETS = {
    "auto": "keras_mnist.data.mnist.auto",
    "mnist": "keras_mnist.data.mnist.mnist",
    "digits": "keras_mnist.data.digits.digits",
    "fashion_mnist": "keras_mnist.data.mnist.fashion_mnist",
    "kmnist": "keras_mnist.data.mnist.kmnist",
    "cifar10": "keras_mnist.data.cifar.cifar10",
    "cifar100": "keras_mnist.data.cifar.cifar100",
    "wine": "keras_mnist.data.small_tables.wine",
    "breast_cancer": "keras_mnist.data.small_tables.breast_cancer",
    "iris": "keras_mnist.data.small_tables.iris",
}
