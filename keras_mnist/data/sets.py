"""The data sets that have a name, known before anything of them is imported."""

# By name, the function that returns the `Dataset`, as module and name.
SETS = {
    "auto": "keras_mnist.data.mnist.auto",
    "mnist": "keras_mnist.data.mnist.mnist",
    "digits": "keras_mnist.data.digits.digits",
    "fashion_mnist": "keras_mnist.data.mnist.fashion_mnist",
}
