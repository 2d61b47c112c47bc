"""The pass over blocks of pixels, where convolutions are faster than Keras's own."""
