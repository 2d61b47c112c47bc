"""The GPU that a process trains on, where there is any."""

from keras_mnist.base.backend import tf


def use_device(place: int) -> None:
    """Keep TensorFlow to one of its GPUs and to the memory that it needs there.

    To be called before TensorFlow's first operation. Without GPUs it does nothing.

    Args:
        place: which; counted on from the first again where there are fewer.
    """
    found = tf.config.list_physical_devices("GPU")
    if found:
        chosen = found[place % len(found)]
        tf.config.set_visible_devices([chosen], "GPU")
        tf.config.experimental.set_memory_growth(chosen, True)


def device_name() -> str:
    """Return what this process trains on: `CPU`, or the GPU's name."""
    visible = tf.config.get_visible_devices("GPU")
    if not visible:
        return "CPU"
    details = tf.config.experimental.get_device_details(visible[0])
    return f"GPU {details.get('device_name', '')}".strip()


if __name__ == "__main__":  # asked by a process that loads no TensorFlow
    print(device_name())
