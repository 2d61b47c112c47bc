"""`python -m keras_mnist COMMAND`: the same as `keras-mnist COMMAND`."""

import sys

from keras_mnist.cli import main

if __name__ == "__main__":
    sys.exit(main())
